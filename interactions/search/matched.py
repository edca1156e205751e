"""The conversations of one list in their order: pages, files and the reader walk along it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from interactions.models import Conversation

from .stroll import Stroll
from .walking import Key, Order


@dataclass(frozen=True)
class Matched:
    """`rows` match the whole question; `stroll` is tried first, where there is one.

    `few` match it too, put so that single ones are looked at quickly.
    """

    order: Order
    rows: QuerySet[Conversation]
    few: QuerySet[Conversation]
    stroll: Stroll | None = None

    def keys(self, start: Key | None, limit: int, *, backwards: bool = False) -> list[Key]:
        """Up to `limit` (sort value, primary key) strictly beyond `start`, nearest first."""
        found = None if self.stroll is None else self.stroll.keys(start, limit, backwards=backwards)
        return found if found is not None else self.order.walk(self._keyed, start, limit, backwards=backwards)

    @property
    def _keyed(self) -> Any:
        """`rows` as (sort value, primary key) alone."""
        return self.rows.values_list(self.order.sort.key, "pk")

    def beside(self, key: Key, *, backwards: bool) -> Conversation | None:
        """The nearest row beyond a key."""
        if self.stroll is None:
            return next(iter(self.order.walk(self.rows, key, 1, backwards=backwards)), None)
        keys = self.keys(key, 1, backwards=backwards)
        return Conversation.objects.filter(pk=keys[0][1]).first() if keys else None

    def holds(self, pk: int) -> bool:
        return self.few.filter(pk=pk).exists()

    def count_before(self, end: Key) -> int:
        return self.order.count_before(self.rows, end)
