"""Filters on who took part: agents, groups, skills and the consumer."""

from dataclasses import dataclass
from typing import Any

from interactions.search.conditions import Condition

from . import reading
from .table import Choice, Filter, Names, Parameter, choices, ids

FAMILY = "People"
LARGEST_KEY = 2**63 - 1


# Rule of credit: the column that names whom it credits, and the words behind the name.
CREDIT = {
    "last": ("credited_agent", ""),
    "most": ("most_agent", ", who wrote most"),
    "all": ("all_agents", ", as to everyone who took part"),
}
_RULES = {
    "last": "the last before the survey",
    "most": "whoever wrote most",
    "all": "everyone who took part",
}
_HANDLED = {"human": "people alone", "bot": "bots alone", "both": "people and bots"}


@dataclass(frozen=True)
class _Credited(Filter):
    def is_set(self, query: Any) -> bool:
        return bool(query.credited)  # a rule alone asks for nothing


def _credited() -> Filter:
    """`credited` with `credit`, which says by which rule."""
    plain = ids("credited", FAMILY, "Credited agent", prefix="survey credited to", names="agent")
    rule = Parameter(
        "credit",
        "Credited by rule",
        "choices",
        reading.one_of(tuple(CREDIT)),
        choices=tuple([Choice(value, word) for value, word in _RULES.items()]),
        default="last",
    )

    def conditions(query: Any) -> tuple[Condition, ...]:
        return (Condition(CREDIT[query.credit][0], "in", query.credited),)

    def words(query: Any, names: Names) -> str:
        return plain.words(query, names) + CREDIT[query.credit][1]

    return _Credited("credited", FAMILY, plain.label, (*plain.parameters, rule), conditions, words, "agent")


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
    choices("handled_by", FAMILY, "Handled by", _HANDLED, prefix="handled by"),
    ids("group", FAMILY, "Group", prefix="group", names="group"),
    ids("skill", FAMILY, "Skill", prefix="skill", names="skill"),
    _consumer(),
)
