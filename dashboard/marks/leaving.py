"""Leaving marks and taking them back. Each may be asked for twice: it happens once.

What was left or taken off is given back as a token, by which `undo` finds it again; "" where nothing changed. Who asks
again because the answer was lost is given the token again. What is taken off is kept, so that it comes back as it was.

A conversation can be removed while it is marked: that raises Conversation.DoesNotExist.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from interactions.models import (
    Conversation,
    DeletedNote,
    Flag,
    Note,
    Review,
    Tag,
    Tagging,
    TakenOff,
    tag_key,
    tag_name,
)

from . import deleted, taken
from .taken import Place

# Seconds within which the same from the same person is a repetition.
_AGAIN = 60

_KIND = TakenOff.Kind
_KIND_OFF: dict[str, str] = {f"un{kind}": kind for kind in _KIND.values}
# Where the marks of a kind say since when they are there.
_LEFT_AT: dict[str, str] = {_KIND.REVIEW: "reviewed_at", _KIND.FLAG: "flagged_at", _KIND.TAG: "tagged_at"}

_Mark = TypeVar("_Mark", Review, Flag, Tagging)


def _is_mine(user_pk: int | None, at: datetime, user: User, now: datetime) -> bool:
    return user_pk == user.pk and (now - at).total_seconds() < _AGAIN


@contextmanager
def _still_there(conversation: Conversation) -> Iterator[None]:
    try:
        yield
    except IntegrityError:
        if Conversation.objects.filter(pk=conversation.pk).exists():
            raise
        raise Conversation.DoesNotExist from None


def _take_off(marks: QuerySet[_Mark], place: Place, now: datetime) -> str:
    """The one mark, which is kept and gone now: exactly that which was read, whoever else is at it."""
    with _still_there(place.conversation), transaction.atomic():
        found = marks.select_for_update().first()
        if found is not None:
            marks.filter(pk=found.pk).delete()
            taken.keep(place, found.user_id, getattr(found, _LEFT_AT[place.kind]), now)
    return place.token if found is not None or taken.is_kept(place, now) else ""


def review(conversation: Conversation, user: User, now: datetime) -> str:
    with _still_there(conversation):
        found, _ = Review.objects.get_or_create(conversation=conversation, user=user, defaults={"reviewed_at": now})
    return "review" if _is_mine(found.user_id, found.reviewed_at, user, now) else ""


def unreview(conversation: Conversation, user: User, now: datetime) -> str:
    own = Review.objects.filter(conversation=conversation, user=user)
    return _take_off(own, Place(user, conversation, _KIND.REVIEW), now)


def flag(conversation: Conversation, user: User, now: datetime) -> str:
    defaults = {"user": user, "flagged_at": now}
    with _still_there(conversation):
        found, _ = Flag.objects.get_or_create(conversation=conversation, defaults=defaults)
    return "flag" if _is_mine(found.user_id, found.flagged_at, user, now) else ""


def unflag(conversation: Conversation, user: User, now: datetime) -> str:
    return _take_off(Flag.objects.filter(conversation=conversation), Place(user, conversation, _KIND.FLAG), now)


def tag(conversation: Conversation, name: str, user: User, now: datetime) -> str:
    """`name` is one that the form has cleaned; a tag is made when it is first used."""
    known, _ = Tag.objects.get_or_create(key=tag_key(name), defaults={"name": tag_name(name)})
    defaults = {"user": user, "tagged_at": now}
    with _still_there(conversation):
        found, _ = Tagging.objects.get_or_create(conversation=conversation, tag=known, defaults=defaults)
    return f"tag:{known.pk}" if _is_mine(found.user_id, found.tagged_at, user, now) else ""


def untag(conversation: Conversation, name: str, user: User, now: datetime) -> str:
    known = Tag.objects.filter(key=tag_key(name)).first()
    if known is None:
        return ""
    tagged = Tagging.objects.filter(conversation=conversation, tag=known)
    return _take_off(tagged, Place(user, conversation, _KIND.TAG, known.pk), now)


def note(conversation: Conversation, text: str, user: User, now: datetime, *, message_id: str = "", nonce: str) -> Note:
    """The note, which can be taken back as `note:<its key>`; `nonce` names one filling of the form, a UUID.

    Other words than were sent with it before are another note: they were typed while the first was on its way.
    """
    once = str(uuid.uuid5(uuid.UUID(nonce), f"{message_id}\n{text}"))
    defaults = {"text": text, "message_id": message_id, "written_at": now}
    with _still_there(conversation):
        return Note.objects.get_or_create(conversation=conversation, user=user, nonce=once, defaults=defaults)[0]


def change(note: Note, text: str, now: datetime) -> bool:
    """Whether the note was still there to be given other words."""
    return bool(Note.objects.filter(pk=note.pk).update(text=text, changed_at=now))


def delete_note(conversation: Conversation, pk: int, user: User, now: datetime) -> str:
    """Only one's own, whose words are kept for as long as it can be put back."""
    with _still_there(conversation):
        return deleted.delete(pk, conversation, user, now)


def _parts(token: str) -> tuple[str, str]:
    """What was left, and the key of it where it needs one; nothing of a token that is none of ours."""
    what, _, key = token.partition(":")
    return ("", "") if key and not (key.isascii() and key.isdigit() and len(key) < 19) else (what, key)


def message_of(token: str, conversation: Conversation) -> str:
    """The message that the note of the token is about; "" for anything else."""
    what, key = _parts(token)
    if what not in ("note", "unnote") or not key:
        return ""
    notes: QuerySet[Any] = Note.objects.all() if what == "note" else DeletedNote.objects.all()
    return notes.filter(conversation=conversation, pk=key).values_list("message_id", flat=True).first() or ""


def undo(token: str, conversation: Conversation, user: User, now: datetime) -> bool:
    """Put back what this person took off, or take off what they left; whether there was anything."""
    what, key = _parts(token)
    if what in _KIND_OFF:
        was_there = _put_back(Place(user, conversation, _KIND_OFF[what], int(key) if key else None), now)
    elif what == "unnote":
        with _still_there(conversation):
            was_there = bool(key) and deleted.put_back(int(key), conversation, user, now)
    else:
        was_there = _take_back(what, key, conversation, user)
    if not was_there:  # removed as a whole, perhaps
        Conversation.objects.only("pk").get(pk=conversation.pk)
    return was_there


def _take_back(what: str, key: str, conversation: Conversation, user: User) -> bool:
    """Only the own marks are ever taken away so."""
    own = Q(conversation=conversation, user=user)
    if what == "review":
        return bool(Review.objects.filter(own).delete()[0])
    if what == "flag":
        return bool(Flag.objects.filter(own).delete()[0])
    if what == "tag" and key:
        return bool(Tagging.objects.filter(own, tag=int(key)).delete()[0])
    return what == "note" and bool(key) and bool(Note.objects.filter(own, pk=key).delete()[0])


def _put_back(place: Place, now: datetime) -> bool:
    """Whose it was and since when, as it was; whether it was missing. What somebody left there meanwhile stands."""
    # Both or neither: what is claimed and then not left would be lost.
    with _still_there(place.conversation), transaction.atomic():
        kept = taken.claim(place, now)
        return kept is not None and _is_new(kept)


def _is_new(kept: TakenOff) -> bool:
    at, by = {_LEFT_AT[kept.kind]: kept.left_at}, {"user_id": kept.owner_id}
    here: dict[str, Any] = {"conversation_id": kept.conversation_id}
    if kept.kind == _KIND.REVIEW:
        return Review.objects.get_or_create(**here, **by, defaults=at)[1]
    if kept.kind == _KIND.FLAG:
        return Flag.objects.get_or_create(**here, defaults=by | at)[1]
    here["tag_id"] = kept.tag_id
    return Tagging.objects.get_or_create(**here, defaults=by | at)[1]
