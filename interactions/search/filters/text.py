"""Words of the transcript, by whom they were said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from interactions.search import words
from interactions.search.conditions import Condition
from interactions.search.fulltext import COLUMNS, Words
from interactions.search.isolation import isolated

from .reading import BadValue, one_of
from .table import Choice, Filter, Names, Parameter, joined

FAMILY = "text"
LONGEST = 500
# Past so many words PostgreSQL plans for longer than it looks, some seconds of each list, count and facet.
MOST_TERMS = 32
# FTS5 keeps a hundred open signs in mind, and needs up to three for each of these.
DEEPEST = 12
SAID_BY = {"consumer": "consumers", "agent": "agents", "bot": "bots", "note": "private notes", "comment": "comments"}
_PEOPLE = ("consumer", "agent", "bot")
_PLACES = {"note": "in private notes", "comment": "in survey comments"}


def searched(query: Any) -> Words:
    """What is searched for and where; of a query without `q`, nothing."""
    columns = tuple([column for column in COLUMNS if column in query.said_by])
    return Words(words.parse(query.q or ""), columns or COLUMNS)


def _read(value: str) -> str | None:
    """None for blanks alone: no search, as without them."""
    if len(value) > LONGEST:
        raise BadValue(f"must be at most {LONGEST} characters long")
    text = " ".join(value.split())
    tree = words.parse(text)
    count = words.count_of_terms(tree)
    if count > MOST_TERMS:
        raise BadValue(f"holds {count} words, and {MOST_TERMS} are the most; put a passage in quotation marks")
    if words.depth(tree) > DEEPEST:
        raise BadValue("holds brackets within brackets, more than can be searched for")
    return text or None


@dataclass(frozen=True)
class _TextFilter(Filter):
    def is_set(self, query: Any) -> bool:
        return query.q is not None  # `said_by` alone asks for nothing


def _conditions(query: Any) -> tuple[Condition, ...]:
    return (Condition("words", "hold", searched(query)),)


def _words(query: Any, names: Names) -> str:
    people = [SAID_BY[who] for who in _PEOPLE if who in query.said_by]
    places = [place for who, place in _PLACES.items() if who in query.said_by]
    where = joined([*([f"said by {joined(people)}"] if people else []), *places]) if query.said_by else ""
    # Quotation marks of one's own tell already where the words begin and end.
    said = isolated(query.q) if '"' in query.q else f"“{isolated(query.q)}”"
    return f"{said} {where}".strip()


FILTERS = (
    _TextFilter(
        "q",
        FAMILY,
        "Search",
        (
            Parameter("q", "Search transcripts", "text", _read),
            Parameter(
                "said_by",
                "Said by",
                "choices",
                one_of(tuple(SAID_BY)),
                is_many=True,
                choices=tuple([Choice(value, word) for value, word in SAID_BY.items()]),
            ),
        ),
        _conditions,
        _words,
    ),
)
