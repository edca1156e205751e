"""How many conversations each value of a filter would leave, the other filters kept.

Facets whose own filter is not set count the same conversations, hence together; each of the others counts without its
filter.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from interactions.models import Agent, AgentGroup, Skill

from . import clock, marks
from .filters import FILTERS
from .filters.people import CREDIT
from .filters.time import last_year
from .tallies import Tally

if TYPE_CHECKING:
    from .clock import Numbers
    from .names import Reader
    from .query import ConversationQuery

# For each facet the number of conversations by value, written as in the address; what is missing is 0.
Counts = dict[str, Counter[str]]
BIN = 10
LAST_BIN = 90


@dataclass(frozen=True)
class Facet:
    """`name` is the parameter that values stand under; `filter` the entry of FILTERS that they stand in for.

    `value` writes what `column` holds ("" is nothing) as in the address; what comes out empty counts for no value.
    """

    name: str
    filter: str
    column: str
    value: Callable[[str], str] = str
    # Of a column with tens of thousands of values: theirs at once.
    numbers: Callable[[Numbers, str, int], Numbers] | None = None


def mcs_bin(low: int) -> dict[str, int]:
    """The parameters that choose one bar of the distribution; 100 stands in the last."""
    return {"mcs_min": low, "mcs_max": 100 if low == LAST_BIN else low + BIN - 1}


def _bin_of(mcs: str) -> str:
    return str(min(int(mcs) // BIN * BIN, LAST_BIN)) if mcs else ""


def _of(name: str) -> Facet:
    return Facet(name, name, name)


_FACETS = {
    facet.name: facet
    for facet in (
        Facet("csat", "csat", "csat", lambda csat: csat or "none"),
        _of("mcs_band"),
        Facet("mcs_min", "mcs_range", "mcs", _bin_of),
        Facet("mcs", "mcs", "mcs", lambda mcs: "" if mcs else "none"),
        *map(_of, ("survey", "fcr", "status", "first_contact", "channel", "device", "language", "close_reason")),
        *map(_of, ("queue", "last_agent", "group", "skill")),
        Facet("weekday", "weekday", "started_slot", numbers=clock.weekdays),
        Facet("hour", "hour", "started_slot", numbers=clock.hours),
    )
}
_KEYS: dict[str, type[Agent] | type[AgentGroup] | type[Skill]] = {
    "agent": Agent,
    "last_agent": Agent,
    "credited": Agent,
    "group": AgentGroup,
    "skill": Skill,
}
# Which no column of its own tells.
_OTHERS = ("agent", "credited", "handled_by", "comment")
NAMES = (*_FACETS, *_OTHERS, *marks.NAMES)
# Which are quickest counted together, in the order in which a person meets them.
TOGETHER = (
    ("csat", "mcs_band"),
    ("mcs_min", "mcs"),
    ("status", "channel"),
    ("agent",),
    ("skill",),
    ("group",),
    ("reviewed",),
    ("flag", "tag", "note"),
    ("survey", "first_contact"),
    ("comment",),
    ("fcr",),
    ("last_agent",),
    ("credited",),
    ("handled_by",),
    ("device", "language"),
    ("close_reason", "queue"),
    ("weekday", "hour"),
)


def counts_of(query: ConversationQuery, user: Reader, names: Collection[str] = NAMES) -> Counts:
    """The facets of `names`, in a number of statements that depends on which filters are set, never on the rows."""
    found: Counts = {}
    for tally, free in _apart(query, user, names):
        columns = dict.fromkeys(_FACETS[name].column for name in free if name in _FACETS)
        tallies = tally.of(list(columns)) if columns else {}
        for name in free:
            if name in _FACETS:
                found[name] = _valued(_FACETS[name], tallies[_FACETS[name].column], query)
            elif name in marks.NAMES:
                found[name] = tally.marked(name)
            else:
                found[name] = _other(name, tally, query)
    return _with_ids(found)


def _other(name: str, tally: Tally, query: ConversationQuery) -> Counter[str]:
    if name == "handled_by":
        return tally.handled_by()
    if name == "comment":
        return tally.commented()
    # The rule of credit is none of the values: it stays while they are chosen.
    column = CREDIT[query.credit][0] if name == "credited" else "any_agent"
    if column not in ("any_agent", "all_agents"):
        credited = tally.of([column])[column]
        return Counter({agent: count for agent, count in credited.items() if agent})
    parts = tally.took_part(is_counted=column == "all_agents")
    return Counter({str(agent): count for agent, count in parts.items()})


def _apart(query: ConversationQuery, user: Reader, names: Collection[str]) -> Iterable[tuple[Tally, list[str]]]:
    """Facets with what they count."""
    filters = {name: _FACETS[name].filter if name in _FACETS else name for name in names}
    free = [name for name, key in filters.items() if not FILTERS[key].is_set(query)]
    if free:
        yield Tally(query, user), free
    for name, key in filters.items():
        if name not in free:
            yield Tally(query.replace(**FILTERS[key].cleared()), user), [name]


def _valued(facet: Facet, tally: Counter[str], query: ConversationQuery) -> Counter[str]:
    if facet.numbers is not None:
        stored = np.array([int(number) for number in tally], dtype=np.int64)
        counted = np.bincount(facet.numbers(stored, query.zone, last_year(query)), list(tally.values()))
        return Counter({str(number): int(counted[number]) for number in counted.nonzero()[0]})
    found: Counter[str] = Counter()
    for each, count in tally.items():
        if value := facet.value(each):
            found[value] += count
    return found


def _with_ids(found: Counts) -> Counts:
    """Our own keys replaced by LivePerson's ids."""
    ids = {model: _ids_of(model) for model in dict.fromkeys(_KEYS[name] for name in found if name in _KEYS)}
    return {
        name: Counter({ids[_KEYS[name]][key]: count for key, count in tally.items()}) if name in _KEYS else tally
        for name, tally in found.items()
    }


def _ids_of(model: type[Agent] | type[AgentGroup] | type[Skill]) -> dict[str, str]:
    rows: Iterable[tuple[int, str]] = model._default_manager.values_list("pk", "liveperson_id")
    return {str(pk): liveperson_id for pk, liveperson_id in rows}
