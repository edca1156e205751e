"""Whose names a person may learn: those of the own groups, and of whoever is in a conversation that they may read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet

from interactions.models import Agent, AgentGroup, AgentKind, Conversation, Participation, sight_of
from interactions.models.among import among_keys

from .columnar.answer import counted_by, met_by

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

    Reader = AbstractBaseUser | AnonymousUser


def own_groups(user: Reader) -> frozenset[int] | None:
    """Primary keys of the groups of a supervisor; None for those who see every group."""
    sight = sight_of(user)
    return None if sight.everything else sight.groups


def sees_people_s_alone(user: Reader) -> bool:
    """Whether somebody may read only conversations in which a person took part."""
    sight = sight_of(user)
    return not sight.everything and not sight.unassigned_too


def agents_known_to(user: Reader) -> QuerySet[Agent]:
    groups = own_groups(user)
    if groups is None:
        return Agent.objects.all()
    known = met_by(user)
    if known is None:
        met = Q(Exists(Conversation.objects.visible_to(user).filter(participations__agent=OuterRef("pk"))))
    else:
        met = Q(pk__in=among_keys(known.agents))
    return Agent.objects.filter(Q(group__in=groups) | Q(kind=AgentKind.BOT) | met)


def counted_in(groups: Collection[int]) -> Q:
    """The agents who took part in a conversation for one of these groups."""
    known = counted_by(groups)
    if known is None:
        # Listed once: looked for agent by agent it takes a tenth of a second for each of them at a million.
        return Q(pk__in=Participation.objects.filter(group__in=groups, is_counted=True).values("agent"))
    return Q(pk__in=among_keys(known))


def groups_known_to(user: Reader) -> QuerySet[AgentGroup]:
    groups = own_groups(user)
    if groups is None:
        return AgentGroup.objects.all()
    known = met_by(user)
    if known is None:
        met = Q(Exists(Conversation.objects.visible_to(user).filter(group=OuterRef("pk"))))
    else:
        met = Q(pk__in=among_keys(known.groups))
    return AgentGroup.objects.filter(Q(pk__in=groups) | met)
