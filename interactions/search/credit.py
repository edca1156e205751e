"""The rules of credit beside the stored one: who wrote most, and everyone who took part."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.lookups import In

from interactions.models import Agent, Message, Participation
from interactions.models.message import MAX_MESSAGES, Speaker


def all_who_took_part(ids: tuple[str, ...], *, few: bool = False) -> Q:
    """Conversations in which one of these people was assigned or joined; `few` are asked one by one."""
    return _among(_parts_of(ids).filter(is_counted=True), few)


def who_wrote_most(ids: tuple[str, ...], *, few: bool = False) -> Q:
    """Conversations in which one of these people wrote more messages to the consumer than any other person.

    Not stored, hence counted, in the transcripts alone that the other filters and the people asked for leave over,
    each read by its range of keys. Of two who wrote as many the one who wrote last counts. Who wrote although
    LivePerson lists them in no part is credited by this rule as little as by the others.
    """
    first = OuterRef("pk") * (MAX_MESSAGES + 1)
    by_writer = (
        Message.objects.filter(pk__gte=first, pk__lte=first + MAX_MESSAGES, speaker=Speaker.AGENT, agent__isnull=False)
        .order_by()
        .values("agent")
        .annotate(written=Count("pk"), latest=Max("pk"))
        .order_by("-written", "-latest")
    )
    writer = Subquery(by_writer.values("agent")[:1])
    return _among(_parts_of(ids), few) & Q(In(writer, _keys_of(ids)))


def _among(parts: QuerySet[Participation], few: bool) -> Q:
    if few:
        return Q(Exists(parts.filter(conversation=OuterRef("pk"))))
    return Q(pk__in=parts.values("conversation"))


def _parts_of(ids: tuple[str, ...]) -> QuerySet[Participation]:
    return Participation.objects.filter(agent__in=_keys_of(ids))


def _keys_of(ids: tuple[str, ...]) -> QuerySet[Agent, Any]:
    return Agent.objects.filter(liveperson_id__in=ids).values("pk")
