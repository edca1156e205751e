"""The figures agent by agent, for those whom a person may compare."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet

from interactions.models import Agent, Participation, Scope

from .figure import Metric, Rows
from .measure import Figures, measure_by

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

# The rule that gives a conversation to one agent, and the parameter that selects the same conversations.
RULE = "Each conversation counts for its credited agent: the last person assigned before the survey or the end."
PARAMETER = "credited"


@dataclass(frozen=True)
class AgentFigures:
    agent: Agent
    figures: Figures


def agent_figures(rows: Rows, metrics: Sequence[Metric], user: AbstractBaseUser | AnonymousUser) -> list[AgentFigures]:
    """Figures of each credited agent by name, never by rank; a supervisor's list holds own groups only."""
    found = measure_by(rows, metrics, "credited_agent_id")
    agents = _comparable(user).filter(pk__in=[key for key in found if isinstance(key, int)])
    listed = [AgentFigures(agent, found[agent.pk]) for agent in agents]
    return sorted(listed, key=lambda row: (row.agent.name.casefold(), row.agent.pk))


def _comparable(user: AbstractBaseUser | AnonymousUser) -> QuerySet[Agent]:
    if getattr(user, "is_superuser", False):
        return Agent.objects.all()
    scope = Scope.objects.filter(user_id=user.pk).first() if user.pk else None
    if scope is None:
        return Agent.objects.none()
    if scope.all_groups:
        return Agent.objects.all()
    groups = scope.group_ids()
    # An agent whom LivePerson no longer lists has no group any more; what the conversations recorded then counts.
    recorded = Participation.objects.filter(agent=OuterRef("pk"), group__in=groups, is_counted=True)
    return Agent.objects.filter(Q(group__in=groups) | Q(Exists(recorded), group=None))
