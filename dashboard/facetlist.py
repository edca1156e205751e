"""The facets as a page of links: each value with what the list would hold, and the address that toggles it."""

from collections.abc import Iterable
from dataclasses import dataclass

from dashboard.filterbar import Choices, FilterBar
from dashboard.links import link
from interactions.search import ConversationQuery, can_hold
from interactions.search.facets import BIN, LAST_BIN, Counts, mcs_bin

# Beyond these a list of people or skills is folded.
SHOWN = 12


@dataclass(frozen=True)
class Value:
    """`url` is "" where no address can hold the value."""

    label: str
    count: int
    url: str
    is_chosen: bool


@dataclass(frozen=True)
class Facet:
    name: str
    label: str
    values: list[Value]
    more: list[Value]


def facets(query: ConversationQuery, bar: FilterBar, counts: Counts) -> list[Facet]:
    found = [_of_choices(query, control, counts) for control in bar.counted]
    # The bars and the ones without MCS are one distribution.
    bars = Facet("mcs_min", "MCS", [*_bars(query, counts), *found.pop(2).values], [])
    return [facet for facet in [*found[:2], bars, *found[2:]] if len(facet.values) > 1]


def _of_choices(query: ConversationQuery, control: Choices, counts: Counts) -> Facet:
    found = counts[control.name]
    values = [
        Value(
            f"no {control.label}" if option.value == "none" else option.label,
            found[option.value],
            link(query.toggled(control.name, option.value)) if can_hold(control.name, option.value) else "",
            option.is_chosen,
        )
        for option in control.options
    ]
    # Days and hours keep their order, as in the form.
    if not control.is_long or control.as_toggles:
        return Facet(control.name, control.label, values, [])
    values.sort(key=lambda value: (not value.is_chosen, -value.count))
    return Facet(control.name, control.label, *_folded([each for each in values if each.count or each.is_chosen]))


def _folded(values: list[Value]) -> tuple[list[Value], list[Value]]:
    shown = max(SHOWN, sum(value.is_chosen for value in values))
    return values[:shown], values[shown:]


def _bars(query: ConversationQuery, counts: Counts) -> Iterable[Value]:
    for low in range(0, LAST_BIN + 1, BIN):
        chosen = mcs_bin(low)
        is_chosen = (query.mcs_min, query.mcs_max) == (chosen["mcs_min"], chosen["mcs_max"])
        without = {"mcs_min": None, "mcs_max": None}
        url = link(query.replace(**(without if is_chosen else chosen)))
        yield Value(f"{low} to {chosen['mcs_max']}", counts["mcs_min"][str(low)], url, is_chosen)
