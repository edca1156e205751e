"""The conversations of one list in their order: pages, files and the reader walk along it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from interactions.models import Conversation

from .sieve import Sieve
from .walking import Key, Order


@dataclass(frozen=True)
class Matched:
    """`rows` match the whole question; where there is a `sieve`, `unsifted` match all of it but the words."""

    order: Order
    rows: QuerySet[Conversation]
    sieve: Sieve | None = None
    unsifted: QuerySet[Conversation] | None = None

    def keys(self, start: Key | None, limit: int, *, backwards: bool = False) -> list[Key]:
        """Up to `limit` (sort value, primary key) strictly beyond `start`, nearest first."""
        if self.sieve is not None and self.unsifted is not None:
            wide = _keyed(self.unsifted, self.order)

            def step(at: Key | None, size: int) -> list[Key]:
                return self.order.walk(wide, at, size, backwards=backwards)

            found = self.sieve.walk(step, start, limit)
            if found is not None:
                return found
        return self.order.walk(_keyed(self.rows, self.order), start, limit, backwards=backwards)

    def beside(self, key: Key, *, backwards: bool) -> Conversation | None:
        """The nearest row beyond a key."""
        if self.sieve is None:
            return next(iter(self.order.walk(self.rows, key, 1, backwards=backwards)), None)
        keys = self.keys(key, 1, backwards=backwards)
        return Conversation.objects.filter(pk=keys[0][1]).first() if keys else None

    def count_before(self, end: Key) -> int:
        return self.order.count_before(self.rows, end)


def _keyed(rows: QuerySet[Conversation], order: Order) -> Any:
    """`rows` as (sort value, primary key) alone."""
    return rows.values_list(order.sort.key, "pk")
