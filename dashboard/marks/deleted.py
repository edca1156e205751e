"""Notes that were deleted, with their words, until they are put back or nobody can do so any more."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet

from interactions.models import Conversation, DeletedNote, Note

from .last import SECONDS


def delete(pk: int, conversation: Conversation, user: User, now: datetime) -> str:
    """The token by which it is put back, given again to who asks again; "" where there was nothing of theirs."""
    with transaction.atomic():
        note = Note.objects.select_for_update().filter(pk=pk, conversation=conversation, user=user).first()
        if note is not None:
            Note.objects.filter(pk=note.pk).delete()
            DeletedNote.objects.create(
                note_key=note.pk,
                conversation=conversation,
                message_id=note.message_id,
                user=user,
                text=note.text,
                written_at=note.written_at,
                changed_at=note.changed_at,
                nonce=note.nonce,
                deleted_at=now,
            )
            forget(now)
    return f"unnote:{pk}" if _kept(pk, conversation, user, now).exists() else ""


def put_back(pk: int, conversation: Conversation, user: User, now: datetime) -> bool:
    """As it was, under its own key; whether it was missing."""
    with transaction.atomic():
        kept = _kept(pk, conversation, user, now).first()
        # It is whose delete finds the row.
        if kept is None or not DeletedNote.objects.filter(pk=kept.pk, user=user).delete()[0]:
            return False
        words = {"text": kept.text, "written_at": kept.written_at, "changed_at": kept.changed_at}
        as_it_was = {"pk": kept.pk, "message_id": kept.message_id, **words}
        # The same form may have been sent once more meanwhile: then that stands.
        return Note.objects.get_or_create(conversation=conversation, user=user, nonce=kept.nonce, defaults=as_it_was)[1]


def forget(now: datetime) -> None:
    """Whatever nobody can put back any more: the words of a note that was deleted are to be gone."""
    with transaction.atomic():
        # Not those that another request is at just now: two that waited for each other's would wait for ever.
        free = DeletedNote.objects.filter(deleted_at__lte=_too_old(now)).select_for_update(skip_locked=True)
        DeletedNote.objects.filter(pk__in=free.values("pk")).delete()


def _kept(pk: int, conversation: Conversation, user: User, now: datetime) -> QuerySet[DeletedNote]:
    return DeletedNote.objects.filter(pk=pk, conversation=conversation, user=user, deleted_at__gt=_too_old(now))


def _too_old(now: datetime) -> datetime:
    return now - timedelta(seconds=SECONDS)
