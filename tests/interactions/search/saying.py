"""Words said in conversations, as the import stores them, and plain Python's answer to who said what."""

from collections.abc import Mapping, Sequence

from interactions.models import Conversation, TranscriptText
from interactions.models.text import text_pk
from interactions.search.fulltext import COLUMNS
from interactions.search.text import BOUNDARY, normalise, parts
from interactions.search.words import All, Any, Not, Term, Tree

Said = Mapping[str, Sequence[str]]


def store(made: Conversation, messages: Said) -> None:
    """Index the messages of a conversation by column."""
    columns = {column: f" {BOUNDARY} ".join(map(normalise, messages.get(column, ()))) for column in COLUMNS}
    for number, part in enumerate(parts(columns)):
        TranscriptText.objects.create(pk=text_pk(made.pk, number), conversation=made, part=number, **part)


def matches(tree: Tree | None, messages: Said, columns: Sequence[str]) -> bool:
    """Whether the tree holds, message by message."""
    if tree is None:
        return False
    if isinstance(tree, Not):
        return not matches(tree.of, messages, columns)
    if isinstance(tree, All):
        return all(matches(part, messages, columns) for part in tree.of)
    if isinstance(tree, Any):
        return any(matches(part, messages, columns) for part in tree.of)
    return any(_holds(tree, normalise(text).split()) for column in columns for text in messages.get(column, ()))


def _holds(term: Term, tokens: Sequence[str]) -> bool:
    size = len(term.tokens)
    for start in range(len(tokens) - size + 1):
        *before, last = tokens[start : start + size]
        is_last = last.startswith(term.tokens[-1]) if term.is_prefix else last == term.tokens[-1]
        if tuple(before) == term.tokens[:-1] and is_last:
            return True
    return False
