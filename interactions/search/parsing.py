"""From the address to a query: every name known, every value read, or a sentence that says what is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from . import position
from .filters import BadValue, Parameter, quoted
from .parameters import PARAMETERS, in_order
from .query import ConversationQuery

_RANGES = tuple((name, f"{name[:-4]}_max") for name in PARAMETERS if name.endswith("_min"))
_DATES = (("started_from", "started_to"), ("ended_from", "ended_to"))


@dataclass(frozen=True)
class Parsed:
    """`query` holds what could be read; `errors` says for each bad name, in a sentence, what is wrong.

    `invalid` also names the second of two parameters that contradict each other, and unknown names as they came,
    which `errors` repeats only as far as they print.
    """

    query: ConversationQuery
    errors: dict[str, str] = field(default_factory=dict)
    invalid: frozenset[str] = frozenset()
    needs_seed: bool = False

    @property
    def is_valid(self) -> bool:
        return not self.errors


def parse(params: Mapping[str, Sequence[str]], *, zone: str, now: datetime | None = None) -> Parsed:
    """Reads a QueryDict or a mapping of lists; `zone` is the reader's, `now` the instant that "today" means."""
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for name, given in _lists(params).items():
        filled = [value for value in given if value != ""]
        if name not in PARAMETERS:
            errors[quoted(name)] = f"`{quoted(name)}` is not a name that Readback filters by."
        elif filled:
            try:
                values[name] = _read(PARAMETERS[name], filled)
            except BadValue as reason:
                errors[name] = f"`{name}` {reason}."
    clashes = _clashes(values)
    for name, (sentence, names) in clashes.items():
        errors.setdefault(name, sentence)
        for each in names:
            values.pop(each, None)
    query = ConversationQuery(**{"zone": zone, "has_own_zone": "zone" in values, "now": now, **values})
    query = _placed(query, errors)
    unknown = set(_lists(params)) - set(PARAMETERS)
    involved = {each for _, names in clashes.values() for each in names}
    return Parsed(query, errors, frozenset(errors) | involved | unknown, _needs_seed(query, errors))


def _lists(params: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    getlist = getattr(params, "getlist", None)
    return {name: list(getlist(name) if getlist else params[name]) for name in params}


def _read(parameter: Parameter, given: list[str]) -> Any:
    if not parameter.is_many and len(given) > 1:
        raise BadValue(f"is given {len(given)} times: it takes one value")
    for value in given:
        try:
            parameter.read(value)
        except BadValue as reason:
            raise BadValue(f"is '{quoted(value)}': it {reason}") from None
    return in_order(parameter.name, tuple(given)) if parameter.is_many else parameter.read(given[0])


def _clashes(values: dict[str, Any]) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Parameters that cannot both be meant: the first one's name, the sentence, and all names involved."""
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    for pairs, wrong in ((_RANGES, "larger"), (_DATES, "later")):
        for low, high in pairs:
            if low in values and high in values and values[low] > values[high]:
                text = f"`{low}` is {values[low]} and `{high}` is {values[high]}: the first must not be {wrong}."
                found[low] = (text, (low, high))
    dates = tuple(name for name in ("started_from", "started_to") if name in values)
    if "period" in values and dates:
        text = f"`period` is {values['period']} and `{dates[0]}` is {values[dates[0]]}: give one or the other."
        found["period"] = (text, ("period", *dates))
    return found


def _placed(query: ConversationQuery, errors: dict[str, str]) -> ConversationQuery:
    """`query` without its page if that is no place in this list."""
    if query.page is None or "sort" in errors:
        return query.replace()
    try:
        position.read(query.page, query.order)
    except position.BadPosition as reason:
        errors["page"] = f"`page` {reason}: start again from the first page."
        return query.replace()
    return query


def _needs_seed(query: ConversationQuery, errors: dict[str, str]) -> bool:
    return query.order.sort.name == "shuffle" and query.seed is None and "seed" not in errors
