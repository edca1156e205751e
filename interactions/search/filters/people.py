"""Filters on who took part: agents, groups, skills and the consumer."""

from dataclasses import replace
from typing import Any

from interactions.search.conditions import Condition

from . import reading
from .table import Filter, Names, Parameter, ids

FAMILY = "People"
LARGEST_KEY = 2**63 - 1


def _credited() -> Filter:
    """`credited` with `credit`, which says by which rule; `last` is the rule there is so far."""
    plain = ids(
        "credited", FAMILY, "Credited agent", prefix="survey credited to", names="agent", column="credited_agent"
    )
    rule = Parameter("credit", "Credited by", "choices", reading.one_of(("last",)), default="last")
    return replace(plain, parameters=(*plain.parameters, rule))


def _consumer() -> Filter:
    parameter = Parameter("consumer", "Consumer", "id", reading.whole_number(1, LARGEST_KEY), is_many=True)

    def conditions(query: Any) -> tuple[Condition, ...]:
        return (Condition("consumer", "in", query.consumer),)

    def words(query: Any, names: Names) -> str:
        # A sentence becomes a page title and a file name: no name of a consumer stands in it.
        return "one consumer" if len(query.consumer) == 1 else f"any of {len(query.consumer)} consumers"

    return Filter("consumer", FAMILY, "Consumer", (parameter,), conditions, words)


FILTERS = (
    ids("agent", FAMILY, "Agent (any part)", prefix="agent", names="agent", column="any_agent"),
    ids("last_agent", FAMILY, "Last agent", prefix="last agent", names="agent"),
    _credited(),
    ids("group", FAMILY, "Group", prefix="group", names="group"),
    ids("skill", FAMILY, "Skill", prefix="skill", names="skill"),
    _consumer(),
)
