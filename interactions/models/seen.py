"""Queries that are written once (models/prepared.py) of what a person may read."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .conversation import Conversation, ConversationQuerySet
from .prepared import Blank, Prepared
from .scope import Sight, sight_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

_GROUPS = "groups of the reader"


class PreparedInSight:
    """Conversations that a person may read, asked for one by one or in few; `write` gives the query set of those."""

    def __init__(self, write: Callable[[ConversationQuerySet], ConversationQuerySet]) -> None:
        self._write = write
        # One for each kind of reader: who sees everything, groups, groups and what nobody took part in, the latter.
        self._prepared: dict[tuple[bool, bool, bool], Prepared[Conversation]] = {}

    def __call__(self, user: AbstractBaseUser | AnonymousUser, **values: Any) -> list[Conversation]:
        sight = sight_of(user)
        if sight == Sight():
            return []
        kind = (sight.everything, bool(sight.groups), sight.unassigned_too)
        prepared = self._prepared.get(kind)
        if prepared is None:
            prepared = self._prepared[kind] = Prepared(lambda: self._write(_seen(sight)))
        return prepared(**values, **{_GROUPS: list(sight.groups)})


def _seen(sight: Sight) -> ConversationQuerySet:
    everything: ConversationQuerySet = Conversation.objects.all()
    return everything.within(sight, Blank(_GROUPS), few=True)
