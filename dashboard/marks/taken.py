"""What was taken off, whose it was and since when, until it is put back.

It stands in rows, which the server alone writes and of which each is used once: what a form or a cookie said could be
sent again after its owner had taken the mark off for good. A session would not do: of two requests at the same time
the later writes over what the other kept or used.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet

from interactions.models import Conversation, TakenOff

from .last import SECONDS

# Several tabs can each hold one that their Undo button names.
_MOST = 20


@dataclass(frozen=True)
class Place:
    """Where a person takes a mark off: its conversation, its kind and, of a tag, which."""

    user: User
    conversation: Conversation
    kind: str
    tag_pk: int | None = None

    @property
    def token(self) -> str:
        return f"un{self.kind}{'' if self.tag_pk is None else f':{self.tag_pk}'}"

    @property
    def rows(self) -> QuerySet[TakenOff]:
        """The newest first; only that counts."""
        here = TakenOff.objects.filter(user=self.user, conversation=self.conversation)
        return here.filter(kind=self.kind, tag=self.tag_pk).order_by("-pk")


def _too_old(now: datetime) -> datetime:
    return now - timedelta(seconds=SECONDS)


def keep(place: Place, owner_pk: int | None, left_at: datetime, now: datetime) -> None:
    """`owner_pk` is nobody where the person is deleted."""
    kept = TakenOff.objects.create(
        user=place.user,
        conversation=place.conversation,
        kind=place.kind,
        tag_id=place.tag_pk,
        owner_id=owner_pk,
        left_at=left_at,
        taken_at=now,
    )
    _forget(place, kept, now)


def _forget(place: Place, kept: TakenOff, now: datetime) -> None:
    """Whatever nobody can put back any more, also of people who take nothing off again."""
    own = TakenOff.objects.filter(user=place.user).order_by("-pk")
    before = place.rows.order_by().filter(pk__lt=kept.pk)
    over = Q(taken_at__lte=_too_old(now)) | Q(pk__in=own.values("pk")[_MOST:]) | Q(pk__in=before.values("pk"))
    # Not those that another request is at just now: two that waited for each other's would wait for ever.
    free = TakenOff.objects.filter(over).select_for_update(skip_locked=True)
    TakenOff.objects.filter(pk__in=free.values("pk")).delete()


def is_kept(place: Place, now: datetime) -> bool:
    return place.rows.filter(taken_at__gt=_too_old(now)).exists()


def claim(place: Place, now: datetime) -> TakenOff | None:
    """What was taken off there, once: it is whose delete finds the row."""
    kept = place.rows.filter(taken_at__gt=_too_old(now)).first()
    return kept if kept and TakenOff.objects.filter(pk=kept.pk, user=place.user).delete()[0] else None
