"""Says in words which conversations a query asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from interactions.models import Skill

from .filters import FILTERS, Filter, NameKind
from .isolation import isolated
from .names import agents_known_to, groups_known_to

if TYPE_CHECKING:
    from .names import Reader
    from .query import ConversationQuery

_KNOWN: dict[NameKind, Callable[[Reader], QuerySet[Any]]] = {
    "agent": agents_known_to,
    "group": groups_known_to,
    # What conversations are about is no secret: the filter offers every skill to everyone.
    "skill": lambda user: Skill.objects.all(),
}


@dataclass(frozen=True)
class Part:
    """One filter of the sentence, the parameters that it covers, and the query without it.

    `short` counts what `text` lists, where there is no room for it: "4 skills".
    """

    text: str
    names: tuple[str, ...]
    without: ConversationQuery
    short: str


class KnownNames:
    """Names of the ids that queries mention, by one query for each kind; what `user` may not know stays an id."""

    def __init__(self, queries: Iterable[ConversationQuery], user: Reader) -> None:
        wanted: dict[NameKind, set[str]] = {}
        for query in queries:
            for entry in _active(query):
                if entry.names:
                    wanted.setdefault(entry.names, set()).update(getattr(query, entry.key))
        self._names = {
            (kind, row.liveperson_id): isolated(str(row))
            for kind, ids in wanted.items()
            for row in _KNOWN[kind](user).filter(liveperson_id__in=ids)
        }

    def of(self, kind: NameKind, liveperson_id: str) -> str:
        return self._names.get((kind, liveperson_id), liveperson_id)


def _active(query: ConversationQuery) -> list[Filter]:
    return [entry for entry in FILTERS.values() if entry.is_set(query)]


def parts_of(query: ConversationQuery, user: Reader) -> list[Part]:
    names = KnownNames([query], user)
    return [_part(query, entry, names) for entry in _active(query)]


def sentences_of(queries: Sequence[ConversationQuery], user: Reader) -> list[str]:
    """A sentence without a count for each; however many there are, the names take one query for each kind."""
    names = KnownNames(queries, user)
    return [
        sentence_of([_part(query, entry, names) for entry in _active(query)], None, query.order_words())
        for query in queries
    ]


def _part(query: ConversationQuery, entry: Filter, names: KnownNames) -> Part:
    cleared = entry.cleared()
    text = entry.words(query, names)
    return Part(text, tuple(cleared), query.replace(**cleared), _short(query, entry) or text)


def _short(query: ConversationQuery, entry: Filter) -> str:
    """Of a list of people, things or codes how many there are; "" for everything else."""
    number = next((len(getattr(query, each.name)) for each in entry.parameters if each.kind in ("id", "code")), 0)
    label = entry.label.partition(" (")[0]
    return f"{number} {label[0].lower()}{label[1:]}s" if number > 1 else ""


def counted(count: int | None) -> str:
    """ "1 conversation", "4,812 conversations", "No conversations"; without a count, "Conversations"."""
    if count is None:
        return "Conversations"
    if count == 0:
        return "No conversations"
    return "1 conversation" if count == 1 else f"{count:,} conversations"


def sentence_of(parts: list[Part], count: int | None, order: str) -> str:
    texts = [part.text for part in parts]
    if not texts:
        return f"{counted(count)}, {order}"
    listed = texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}"
    return f"{counted(count)} with {listed}, {order}"
