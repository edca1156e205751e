"""The figures agent by agent, for those whom a person may compare."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from interactions.models import Agent, scope_of
from interactions.search.names import counted_in
from interactions.search.text import normalise

from .measure import Figures

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

# The rule that gives a conversation to one agent, and the parameter that selects the same conversations.
RULE = "Each conversation counts for its credited agent: the last person assigned before the survey or the end."
COLUMN, PARAMETER = "credited_agent", "credited"


@dataclass(frozen=True)
class AgentFigures:
    agent: Agent
    figures: Figures


def agent_figures(found: Mapping[Hashable, Figures], user: AbstractBaseUser | AnonymousUser) -> list[AgentFigures]:
    """`found`, figures by key of the credited agent, with the agents by name, never by rank.

    A supervisor's list holds agents of own groups only.
    """
    agents = _comparable(user, Agent.objects.filter(pk__in=[key for key in found if isinstance(key, int)]))
    listed = [AgentFigures(agent, found[agent.pk]) for agent in agents]
    return sorted(listed, key=lambda row: (normalise(row.agent.name), row.agent.pk))


def _comparable(user: AbstractBaseUser | AnonymousUser, agents: QuerySet[Agent]) -> QuerySet[Agent]:
    if getattr(user, "is_superuser", False):
        return agents
    scope = scope_of(user)
    if scope is None:
        return agents.none()
    if scope.all_groups:
        return agents
    own = Q(group__in=scope.group_ids)
    # An agent whom LivePerson no longer lists has no group any more; what the conversations recorded then counts.
    if agents.filter(group=None).exists():
        own |= Q(group=None) & counted_in(scope.group_ids)
    return agents.filter(own)
