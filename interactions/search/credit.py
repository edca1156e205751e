"""The rules of credit beside the plain one: who wrote most, and everyone who took part."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from interactions.models import Agent, Participation


def all_who_took_part(ids: tuple[str, ...], *, few: bool = False) -> Q:
    """Conversations in which one of these people was assigned or joined; `few` are asked one by one."""
    return _among(_parts_of(ids).filter(is_counted=True), few)


def who_wrote_most(ids: tuple[str, ...], *, few: bool = False) -> Q:
    """Conversations in which one of these people wrote more messages to the consumer than any other person."""
    keys = _keys_of(ids)
    wrote = Q(most_agent=keys[:1]) if len(ids) == 1 else Q(most_agent__in=keys)
    # Whoever wrote most has a part, and the index of the parts leads there.
    return wrote if few else wrote & _among(_parts_of(ids), few)


def _among(parts: QuerySet[Participation], few: bool) -> Q:
    if few:
        return Q(Exists(parts.filter(conversation=OuterRef("pk"))))
    return Q(pk__in=parts.values("conversation"))


def _parts_of(ids: tuple[str, ...]) -> QuerySet[Participation]:
    return Participation.objects.filter(agent__in=_keys_of(ids))


def _keys_of(ids: tuple[str, ...]) -> QuerySet[Agent, Any]:
    return Agent.objects.filter(liveperson_id__in=ids).values("pk")
