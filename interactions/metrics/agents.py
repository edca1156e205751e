"""The figures agent by agent, for those whom a person may compare."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from interactions.models import Agent, Participation, scope_of
from interactions.search.text import normalise

from .measure import Figures

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

# The rule that gives a conversation to one agent, and the parameter that selects the same conversations.
RULE = "Each conversation counts for its credited agent: the last person assigned before the survey or the end."
COLUMN, PARAMETER = "credited_agent_id", "credited"


@dataclass(frozen=True)
class AgentFigures:
    agent: Agent
    figures: Figures


def agent_figures(found: Mapping[Hashable, Figures], user: AbstractBaseUser | AnonymousUser) -> list[AgentFigures]:
    """`found`, figures by key of the credited agent, with the agents by name, never by rank.

    A supervisor's list holds agents of own groups only.
    """
    agents = _comparable(user).filter(pk__in=[key for key in found if isinstance(key, int)])
    listed = [AgentFigures(agent, found[agent.pk]) for agent in agents]
    return sorted(listed, key=lambda row: (normalise(row.agent.name), row.agent.pk))


def _comparable(user: AbstractBaseUser | AnonymousUser) -> QuerySet[Agent]:
    if getattr(user, "is_superuser", False):
        return Agent.objects.all()
    scope = scope_of(user)
    if scope is None:
        return Agent.objects.none()
    if scope.all_groups:
        return Agent.objects.all()
    groups = scope.group_ids
    # An agent whom LivePerson no longer lists has no group any more; what the conversations recorded then counts.
    # Listed once: looked for agent by agent it takes a tenth of a second for each of them at a million.
    recorded = Participation.objects.filter(group__in=groups, is_counted=True).values("agent")
    return Agent.objects.filter(Q(group__in=groups) | Q(group=None, pk__in=recorded))
