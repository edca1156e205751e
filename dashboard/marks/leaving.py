"""Leaving marks and taking them back. Each may be asked for twice: it happens once.

What is left is given back as a token, from which `take_back` finds it again; "" where nothing changed. Who asks again
because the answer was lost is given the token again. What is taken off is given back as it was, for `put_back`.

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

from interactions.models import Conversation, Flag, Note, Review, Tag, Tagging, tag_key, tag_name

from .taken import Taken

# Seconds within which the same from the same person is a repetition.
_AGAIN = 60

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


def _taken_off(rows: QuerySet[_Mark]) -> _Mark | None:
    """The one row, which is gone now: exactly that which was read, whoever else is at it."""
    with transaction.atomic():
        found = rows.select_for_update().first()
        if found is not None:
            rows.filter(pk=found.pk).delete()
    return found


def review(conversation: Conversation, user: User, now: datetime) -> str:
    with _still_there(conversation):
        found, _ = Review.objects.get_or_create(conversation=conversation, user=user, defaults={"reviewed_at": now})
    return "review" if _is_mine(found.user_id, found.reviewed_at, user, now) else ""


def unreview(conversation: Conversation, user: User) -> Taken | None:
    found = _taken_off(Review.objects.filter(conversation=conversation, user=user))
    return Taken("unreview", found.user_id, found.reviewed_at) if found else None


def flag(conversation: Conversation, user: User, now: datetime) -> str:
    defaults = {"user": user, "flagged_at": now}
    with _still_there(conversation):
        found, _ = Flag.objects.get_or_create(conversation=conversation, defaults=defaults)
    return "flag" if _is_mine(found.user_id, found.flagged_at, user, now) else ""


def unflag(conversation: Conversation) -> Taken | None:
    found = _taken_off(Flag.objects.filter(conversation=conversation))
    return Taken("unflag", found.user_id, found.flagged_at) if found else None


def tag(conversation: Conversation, name: str, user: User, now: datetime) -> str:
    """`name` is one that the form has cleaned; a tag is made when it is first used."""
    known, _ = Tag.objects.get_or_create(key=tag_key(name), defaults={"name": tag_name(name)})
    defaults = {"user": user, "tagged_at": now}
    with _still_there(conversation):
        found, _ = Tagging.objects.get_or_create(conversation=conversation, tag=known, defaults=defaults)
    return f"tag:{known.pk}" if _is_mine(found.user_id, found.tagged_at, user, now) else ""


def untag(conversation: Conversation, name: str) -> Taken | None:
    known = Tag.objects.filter(key=tag_key(name)).first()
    found = _taken_off(Tagging.objects.filter(conversation=conversation, tag=known)) if known else None
    return Taken(f"untag:{found.tag_id}", found.user_id, found.tagged_at) if found else None


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


def _parts(token: str) -> tuple[str, str]:
    """What was left, and the key of it where it needs one; nothing of a token that is none of ours."""
    what, _, key = token.partition(":")
    return ("", "") if key and not (key.isascii() and key.isdigit() and len(key) < 19) else (what, key)


def message_of(token: str, conversation: Conversation) -> str:
    """The message that the note of the token is about; "" for anything else."""
    what, key = _parts(token)
    if what != "note" or not key:
        return ""
    return Note.objects.filter(conversation=conversation, pk=key).values_list("message_id", flat=True).first() or ""


def take_back(token: str, conversation: Conversation, user: User) -> bool:
    """Take off again what the token names; whether there was anything. Only the own marks are ever taken away so."""
    what, key = _parts(token)
    own = Q(conversation=conversation, user=user)
    if what == "review":
        return unreview(conversation, user) is not None
    if what == "flag":
        return bool(Flag.objects.filter(own).delete()[0])
    if what == "tag" and key:
        return bool(Tagging.objects.filter(own, tag=int(key)).delete()[0])
    return what == "note" and bool(key) and bool(Note.objects.filter(own, pk=key).delete()[0])


def put_back(taken: Taken, conversation: Conversation) -> bool:
    """Whose it was and since when, as it was; whether it was missing. What somebody left there meanwhile stands."""
    what, key = _parts(taken.token)
    # Who was deleted meanwhile leaves marks without a name.
    by = User.objects.filter(pk=taken.user_pk or 0).first()
    if what == "unreview":
        return by is not None and _is_new(Review, conversation, {"reviewed_at": taken.at}, user=by)
    if what == "unflag":
        return _is_new(Flag, conversation, {"user": by, "flagged_at": taken.at})
    tag_left = Tag.objects.filter(pk=key).first() if key else None
    return tag_left is not None and _is_new(Tagging, conversation, {"user": by, "tagged_at": taken.at}, tag=tag_left)


def _is_new(
    model: type[Review] | type[Flag] | type[Tagging],
    conversation: Conversation,
    defaults: dict[str, Any],
    **unique: Any,
) -> bool:
    with _still_there(conversation):
        return model._default_manager.get_or_create(conversation=conversation, **unique, defaults=defaults)[1]
