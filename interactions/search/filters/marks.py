"""Filters on what people left on conversations: reviewed, flag, tags, notes."""

from __future__ import annotations

from typing import Any

from interactions.models import LONGEST_TAG, LONGEST_TAG_KEY, NO_TAG, tag_key
from interactions.search.conditions import Condition
from interactions.search.isolation import isolated

from . import reading
from .table import Filter, Names, Parameter, choices, joined

FAMILY = "Marks"
# Said after "conversations with".
REVIEWED = {"me": "my review", "any": "a review", "no": "no review"}
_FLAG = {"1": "a flag", "0": "no flag"}
_NOTE = {"1": "a review note", "0": "no review note"}


def _read_tag(value: str) -> str:
    """The key of a tag, also of one that there is not: that gives an empty list, not an error."""
    key = tag_key(reading.liveperson_id(value))
    if not key or len(key) > LONGEST_TAG_KEY:
        raise reading.BadValue(f"must be a tag of at most {LONGEST_TAG} characters")
    return key


def _tag() -> Filter:
    parameter = Parameter("tag", "Tag", "code", _read_tag, is_many=True)

    def conditions(query: Any) -> tuple[Condition, ...]:
        return (Condition("tag", "marked", query.tag),)

    def words(query: Any, names: Names) -> str:
        named = [f"“{isolated(key)}”" for key in query.tag if key != NO_TAG]
        parts = [f"tag {joined(named)}"] if named else []
        return joined([*parts, *(["no tag"] if NO_TAG in query.tag else [])])

    return Filter("tag", FAMILY, "Tag", (parameter,), conditions, words)


def _marks(key: str, label: str, options: dict[str, str]) -> Filter:
    plain = choices(key, FAMILY, label, options)

    def conditions(query: Any) -> tuple[Condition, ...]:
        return (Condition(key, "marked", getattr(query, key)),)

    return Filter(key, FAMILY, label, plain.parameters, conditions, plain.words)


FILTERS = (
    _marks("reviewed", "Reviewed", REVIEWED),
    _marks("flag", "Flag", _FLAG),
    _tag(),
    _marks("note", "Review notes", _NOTE),
)
