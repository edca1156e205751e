"""What was taken off, whose it was and since when, until it is put back.

It stands in the session, which the server alone writes and which forgets it once it is used: what a form or a cookie
said could be sent again after its owner had taken the mark off for good.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.sessions.backends.base import SessionBase

from interactions.models import Conversation

from .last import SECONDS

_KEY = "taken-off"
# Several tabs can each hold one that their Undo button names.
_MOST = 20


@dataclass(frozen=True)
class Taken:
    """`token` names what was done; `user_pk` is nobody where the person is deleted."""

    token: str
    user_pk: int | None
    at: datetime


def keep(session: SessionBase, conversation: Conversation, taken: Taken | None, now: datetime) -> str:
    """The token by which it can be put back; "" where nothing was taken off."""
    if taken is None:
        return ""
    name = _name(conversation, taken.token)
    older = [(key, row) for key, row in session.get(_KEY, {}).items() if key != name and _is_fresh(row, now)]
    row = [taken.user_pk, taken.at.isoformat(), now.isoformat()]
    session[_KEY] = dict([*older, (name, row)][-_MOST:])
    return taken.token


def pop(session: SessionBase, conversation: Conversation, token: str, now: datetime) -> Taken | None:
    """What the token names, once."""
    kept = session.get(_KEY, {})
    row = kept.pop(_name(conversation, token), None)
    if row is None:
        return None
    session[_KEY] = kept
    return Taken(token, row[0], datetime.fromisoformat(row[1])) if _is_fresh(row, now) else None


def _name(conversation: Conversation, token: str) -> str:
    return f"{conversation.pk} {token}"


def _is_fresh(row: list[str], now: datetime) -> bool:
    return (now - datetime.fromisoformat(row[2])).total_seconds() < SECONDS
