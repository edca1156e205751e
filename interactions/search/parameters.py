"""Every name that an address may hold: those of the filters, and those of order and place."""

from __future__ import annotations

import re
from typing import Any

from .filters import FILTERS, BadValue, Choice, Parameter
from .filters.reading import whole_number, zone_name
from .sorts import DEFAULT_SORT, LARGEST_SEED, SORTS

_DIRECTED = {f"{sign}{sort.name}": sort.down if sign else sort.up for sort in SORTS.values() for sign in ("", "-")}


def _sort(value: str) -> str:
    if value not in _DIRECTED:
        raise BadValue(f"must be one of {', '.join(SORTS)}, with - in front for the other way round")
    return value


# What the page shows beside the rows: which saved view was opened, and in which columns. Neither filters, and who
# draws the page says which views and columns there are.
_VIEW = re.compile(r"[a-z0-9-]{1,40}")
_COLUMNS = re.compile(r"[a-z_]{1,40}([.][a-z_]{1,40}){0,60}")


def _view(value: str) -> str:
    if not _VIEW.fullmatch(value):
        raise BadValue("must be the number of a saved view")
    return value


def _columns(value: str) -> str:
    if not _COLUMNS.fullmatch(value):
        raise BadValue("must be names of columns with dots between them")
    return value


PARAMETERS: dict[str, Parameter] = {
    parameter.name: parameter
    for parameter in (
        *(parameter for entry in FILTERS.values() for parameter in entry.parameters),
        Parameter(
            "sort",
            "Order",
            "choices",
            _sort,
            choices=tuple(Choice(value, word) for value, word in _DIRECTED.items()),
            default=DEFAULT_SORT,
        ),
        Parameter("seed", "Seed of the shuffle", "number", whole_number(0, LARGEST_SEED), low=0, high=LARGEST_SEED),
        Parameter("zone", "Time zone", "zone", zone_name),
        Parameter("view", "Saved view", "code", _view),
        Parameter("columns", "Columns", "code", _columns),
        Parameter("page", "Place in the list", "code", str),
    )
}


def can_hold(name: str, value: str) -> bool:
    """Whether an address can ask for `value`; ids that were stored with control characters are in none."""
    try:
        PARAMETERS[name].read(value)
    except BadValue:
        return False
    return True


def in_order(name: str, values: tuple[str, ...]) -> tuple[Any, ...]:
    """Each value once: known choices in the order of their table, ids and codes in their own.

    The order in which values came means nothing; so equal questions have equal addresses.
    """
    parameter = PARAMETERS[name]
    once = tuple(dict.fromkeys(parameter.read(value) for value in values))
    if parameter.kind != "choices":
        return tuple(sorted(once))
    return tuple(choice.value for choice in parameter.choices if choice.value in once)
