"""Leaving marks and taking them back. Each may be asked for twice: it happens once.

What is left is given back as a token, from which `take_back` finds it again; "" where nothing changed. Who asks again
because the answer was lost is given the token again.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from django.contrib.auth.models import User
from django.db.models import Q

from interactions.models import Conversation, Flag, Note, Review, Tag, Tagging, tag_key, tag_name

# Seconds within which the same from the same person is a repetition.
_AGAIN = 60


def _is_mine(user_pk: int | None, at: datetime, user: User, now: datetime) -> bool:
    return user_pk == user.pk and (now - at).total_seconds() < _AGAIN


def review(conversation: Conversation, user: User, now: datetime) -> str:
    found, _ = Review.objects.get_or_create(conversation=conversation, user=user, defaults={"reviewed_at": now})
    return "review" if _is_mine(found.user_id, found.reviewed_at, user, now) else ""


def unreview(conversation: Conversation, user: User) -> str:
    found, _ = Review.objects.filter(conversation=conversation, user=user).delete()
    return "unreview" if found else ""


def flag(conversation: Conversation, user: User, now: datetime) -> str:
    defaults = {"user": user, "flagged_at": now}
    found, _ = Flag.objects.get_or_create(conversation=conversation, defaults=defaults)
    return "flag" if _is_mine(found.user_id, found.flagged_at, user, now) else ""


def unflag(conversation: Conversation) -> str:
    found, _ = Flag.objects.filter(conversation=conversation).delete()
    return "unflag" if found else ""


def tag(conversation: Conversation, name: str, user: User, now: datetime) -> str:
    """`name` is one that the form has cleaned; a tag is made when it is first used."""
    known, _ = Tag.objects.get_or_create(key=tag_key(name), defaults={"name": tag_name(name)})
    defaults = {"user": user, "tagged_at": now}
    found, _ = Tagging.objects.get_or_create(conversation=conversation, tag=known, defaults=defaults)
    return f"tag:{known.pk}" if _is_mine(found.user_id, found.tagged_at, user, now) else ""


def untag(conversation: Conversation, name: str) -> str:
    rows = Tagging.objects.filter(conversation=conversation, tag__key=tag_key(name))
    pk = rows.values_list("tag", flat=True).first()
    return f"untag:{pk}" if pk is not None and rows.delete()[0] else ""


def note(conversation: Conversation, text: str, user: User, now: datetime, *, message_id: str = "", nonce: str) -> Note:
    """The note, which can be taken back as `note:<its key>`; `nonce` names one filling of the form, a UUID.

    Other words than were sent with it before are another note: they were typed while the first was on its way.
    """
    once = str(uuid.uuid5(uuid.UUID(nonce), f"{message_id}\n{text}"))
    defaults = {"text": text, "message_id": message_id, "written_at": now}
    return Note.objects.get_or_create(conversation=conversation, user=user, nonce=once, defaults=defaults)[0]


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


def take_back(token: str, conversation: Conversation, user: User, now: datetime) -> bool:
    """Undo what the token names; whether there was anything to undo. Only the own marks are ever taken away so."""
    what, key = _parts(token)
    own = Q(conversation=conversation, user=user)
    if what == "review":
        return bool(unreview(conversation, user))
    if what == "unreview":
        return bool(review(conversation, user, now))
    if what == "flag":
        return bool(Flag.objects.filter(own).delete()[0])
    if what == "unflag":
        return bool(flag(conversation, user, now))
    if what == "tag" and key:
        return bool(Tagging.objects.filter(own, tag=int(key)).delete()[0])
    if what == "untag" and key and (known := Tag.objects.filter(pk=key).first()):
        return bool(tag(conversation, known.name, user, now))
    return what == "note" and bool(key) and bool(Note.objects.filter(own, pk=key).delete()[0])
