"""A walk along the whole order, row by row: SQLite's way to the newest fifty of half a million.

Asked for the newest of those with CSAT 1, SQLite takes them all from the index of ratings and sorts them: at 400,000
conversations that took 0.3 s, and as long for the conversations of one group. It has no idea that every tenth row of
the order is one of them, so that five hundred looks, of a few microseconds each, find a page. PostgreSQL has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from interactions.models import Conversation
from interactions.models.among import among_keys

from .fulltext import Words, held_among
from .walking import Key, Order

# Rows looked at before it is better to take all that match and sort them, as they are few, then.
MOST = 10_000
# So many tell how many of the others will pass.
TELLING = 1_000
# Stretches of them whose words are looked up, each of which takes a hundred times as long.
MOST_FOR_WORDS = 200
# A file asks for long pages.
MOST_FOR_EACH = 20
_LARGEST_STEP = 1_000


@dataclass(frozen=True)
class Stroll:
    """`wide` are the rows to walk along; of them those pass that are among `narrow` and hold the words."""

    order: Order
    wide: QuerySet[Conversation]
    narrow: QuerySet[Conversation]
    words: Words | None = None

    def keys(self, start: Key | None, limit: int, *, backwards: bool) -> list[Key] | None:
        """The first `limit` keys beyond `start`; None when they are too few among those looked at."""
        rows: Any = self.wide.values_list(self.order.sort.key, "pk")
        found: list[Key] = []
        looked_at, looked_up, step = 0, 0, 2 * limit
        while True:
            keys = self.order.walk(rows, start, step, backwards=backwards)
            passing = self._narrow(keys)
            if self.words is not None and passing:
                held = held_among(self.words, [pk for _, pk in passing])
                looked_up += held.cost
                passing = [key for key in passing if key[1] in held.pks]
            found += passing
            looked_at += len(keys)
            if len(found) >= limit or len(keys) < step:
                return found[:limit]
            if looked_at >= TELLING and len(found) * max(MOST, MOST_FOR_EACH * limit) < limit * looked_at:
                return None  # at this rate it would not end in time
            if looked_up >= max(MOST_FOR_WORDS, MOST_FOR_EACH * limit):
                return None
            start, step = keys[-1], max(limit, min(2 * step, _LARGEST_STEP))

    def holds(self, pk: int) -> bool:
        """Whether one conversation is of those that match: a list of all that hold the words is not made for it."""
        is_one = self.wide.filter(pk=pk).exists() and self.narrow.filter(pk=pk).exists()
        return is_one and (self.words is None or pk in held_among(self.words, [pk]).pks)

    def _narrow(self, keys: Sequence[Key]) -> list[Key]:
        passing = set(self.narrow.filter(pk__in=among_keys(pk for _, pk in keys)).values_list("pk", flat=True))
        return [key for key in keys if key[1] in passing]
