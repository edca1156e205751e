"""The conversations of one list in their order: pages, files and the reader walk along it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from interactions.models import Conversation
from interactions.models.among import among_keys

from .limits import within
from .stroll import Stroll
from .walking import Key, Order

# So many are sorted more quickly than they are met on a walk.
FEW = 2_000
# Seconds for finding out whether they are so few: an index tells at once, or there is none.
LOOK = 0.005
# Seconds for looking at each row that the other filters leave, before a list of all that somebody may read is made.
TRIAL = 0.1


@dataclass(frozen=True)
class Matched:
    """`rows` match the whole question; `stroll` is tried first, where there is one and they are not few.

    `few` match it too, put so that single ones are looked at quickly.
    """

    order: Order
    rows: QuerySet[Conversation]
    few: QuerySet[Conversation]
    stroll: Stroll | None = None

    def keys(self, start: Key | None, limit: int, *, backwards: bool = False) -> list[Key]:
        """Up to `limit` (sort value, primary key) strictly beyond `start`, nearest first."""
        found = None
        if self.stroll is not None:
            if self._all is not None:
                listed = Conversation.objects.filter(pk__in=among_keys(self._all))
                return self.order.walk(self._keyed(listed), start, limit, backwards=backwards)
            found = self.stroll.keys(start, limit, backwards=backwards)
        return (
            found if found is not None else self.order.walk(self._keyed(self.rows), start, limit, backwards=backwards)
        )

    @cached_property
    def _all(self) -> list[int] | None:
        """All that match, where an index leads to them and they are few: the rare ones of a million lie far apart."""
        found = within(LOOK, lambda: list(self.few.values_list("pk", flat=True)[: FEW + 1]))
        return found if found is not None and len(found) <= FEW else None

    def _keyed(self, rows: QuerySet[Conversation]) -> Any:
        """`rows` as (sort value, primary key) alone."""
        return rows.values_list(self.order.sort.key, "pk")

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
