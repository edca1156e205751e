"""The table of agents: each number with the address of its conversations, in the order of their names."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

from dashboard import formats
from dashboard.links import narrowed
from dashboard.overview.cards import Number, n_of, value_of
from interactions.metrics import PARAMETER, Figures, agent_figures
from interactions.search import ConversationQuery

Reader = AbstractBaseUser | AnonymousUser
# A longer table is no longer read; a group or skill narrows it.
MOST = 200


@dataclass(frozen=True)
class Row:
    name: str
    note: str
    conversations: Number
    ratings: Number
    csat: Number
    scored: Number
    mcs: Number
    first_response: Number


@dataclass(frozen=True)
class AgentTable:
    rows: list[Row]
    total: int

    @property
    def is_cut(self) -> bool:
        return self.total > len(self.rows)


def agent_table(query: ConversationQuery, user: Reader, by_agent: Mapping[Hashable, Figures]) -> AgentTable:
    found = agent_figures(by_agent, user)
    rows = []
    for line in found[:MOST]:
        own = narrowed(query, {PARAMETER: (line.agent.liveperson_id,)})
        if own:
            rows.append(row(line.agent.name, own, line.figures, "no longer in LivePerson" * line.agent.is_deleted))
    return AgentTable(rows, len(found))


def row(name: str, query: ConversationQuery, figures: Figures, note: str = "") -> Row:
    """A line of the table: the figures of `query`'s conversations, under `name`."""
    csat, mcs = figures["csat"], figures["mcs"]
    return Row(
        name,
        note,
        value_of(query, figures["conversations"]),
        n_of(query, csat, formats.count(csat.n)),
        value_of(query, csat),
        n_of(query, mcs, formats.count(mcs.n)),
        value_of(query, mcs),
        value_of(query, figures["first_response"]),
    )
