"""The lines of transcripts in which the searched words stand, as somebody wrote them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from interactions.models import Conversation, ConversationDetail, Message, message_anchor, namesakes

from .fulltext import COLUMNS, Words
from .marking import Span, contains, spans
from .text import normalise, searchable
from .words import Term

COMMENT = "comment"
_STORED = ("id", "conversation_id", "dialog", "seq", "speaker", "type", "text")
# Characters before the first match, and of the whole line.
_BEFORE, _LENGTH = 40, 160


@dataclass(frozen=True)
class Piece:
    text: str
    is_match: bool


@dataclass(frozen=True)
class Snippet:
    """The line that holds most of the words, how many lines hold some, and the classes of all who said one of those.

    `said_by` is the class of the line's speaker, or COMMENT; `anchor` its place in the reader, "" for a comment.
    """

    said_by: str
    anchor: str
    pieces: tuple[Piece, ...]
    count: int
    all_said_by: tuple[str, ...]


@dataclass(frozen=True)
class _Line:
    said_by: str
    anchor: str
    text: str
    held: int


def snippets(words: Words, conversations: Sequence[Conversation]) -> dict[int, Snippet]:
    """By primary key, for those in which the words stand; two queries however many there are."""
    wanted = words.wanted
    if not wanted or not conversations:
        return {}
    found: dict[int, list[_Line]] = defaultdict(list)
    pks = [conversation.pk for conversation in conversations]
    for pk, line in _lines(pks, words.columns, wanted):
        found[pk].append(line)
    return {pk: _snippet(lines, wanted) for pk, lines in found.items()}


def _lines(pks: Sequence[int], columns: Sequence[str], wanted: Sequence[Term]) -> Iterable[tuple[int, _Line]]:
    # As plain values: a page's fifty conversations have a thousand messages, of which few are shown.
    messages = sorted(Message.objects.values_of_several(pks, _STORED))
    numbers = namesakes((pk, dialog, seq) for _, pk, dialog, seq, *_ in messages)
    for (key, pk, dialog, seq, speaker, type_, written), number in zip(messages, numbers, strict=True):
        if written and speaker in columns:
            text = searchable(written, type_)
            if held := _held(text, wanted):
                yield pk, _Line(speaker, message_anchor(key, dialog, seq, number), text, held)
    if COMMENT in columns:
        details = ConversationDetail.objects.filter(pk__in=pks).exclude(comment="")
        for pk, comment in details.values_list("pk", "comment"):
            if held := _held(comment, wanted):
                yield pk, _Line(COMMENT, "", comment, held)


def _held(text: str, wanted: Sequence[Term]) -> int:
    normal = normalise(text)
    return sum(contains(normal, term) for term in wanted)


def _snippet(lines: Sequence[_Line], wanted: Sequence[Term]) -> Snippet:
    best = max(lines, key=lambda line: line.held)  # of equals the first
    speakers = {line.said_by for line in lines}
    everyone = tuple([column for column in COLUMNS if column in speakers])
    return Snippet(best.said_by, best.anchor, pieces(best.text, wanted), len(lines), everyone)


def pieces(text: str, wanted: Sequence[Term], length: int = _LENGTH) -> tuple[Piece, ...]:
    """The text around the first match, cut to about `length` characters, in pieces that are a match or not."""
    places = spans(text, wanted)
    start = max(0, places[0][0] - _BEFORE) if places else 0
    if start:  # not in the middle of a word, where there is room
        start = text.find(" ", start, places[0][0]) + 1 or start
    end = start + length
    if end < len(text):
        end = max(text.rfind(" ", start + length // 2, end), places[0][1] if places else 0, start + length // 2)
    made = [Piece("…", False)] if start else []
    made += _cut(text, [place for place in places if place[0] < end], start, end)
    if end < len(text):
        made.append(Piece("…", False))
    return tuple(made)


def marked(text: str, wanted: Sequence[Term]) -> tuple[Piece, ...]:
    """The whole text, lines as they are, in pieces that are a match or not."""
    return tuple(_pieces(text, spans(text, wanted), 0, len(text)))


def marked_each(texts: Sequence[str], wanted: Sequence[Term]) -> list[tuple[Piece, ...]]:
    """Texts that stand side by side, each in its pieces: a phrase may reach from one into the next."""
    pieces = list(marked(" ".join(texts), wanted))[::-1]
    made = []
    for text in texts:
        made.append(tuple(_taken(pieces, len(text))))
        list(_taken(pieces, 1))  # the blank behind it
    return made


def _taken(pieces: list[Piece], length: int) -> Iterator[Piece]:
    """The first `length` characters of the pieces, which are those from the end of the list, and off they are."""
    while length > 0 and pieces:
        piece = pieces.pop()
        if len(piece.text) > length:
            pieces.append(Piece(piece.text[length:], piece.is_match))
        yield Piece(piece.text[:length], piece.is_match)
        length -= len(piece.text)


def holds(text: str, wanted: Sequence[Term]) -> bool:
    """Whether the line counts as a match: some of the words stand in it."""
    return bool(_held(text, wanted))


def _cut(text: str, places: Sequence[Span], start: int, end: int) -> list[Piece]:
    return [Piece(" ".join(piece.text.split("\n")), piece.is_match) for piece in _pieces(text, places, start, end)]


def _pieces(text: str, places: Sequence[Span], start: int, end: int) -> list[Piece]:
    made, at = [], start
    for first, last in places:
        made += [Piece(text[at:first], False), Piece(text[first : min(last, end)], True)]
        at = min(last, end)
    made.append(Piece(text[at:end], False))
    return [piece for piece in made if piece.text]
