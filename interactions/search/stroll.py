"""A walk along the order that looks words up as it goes: SQLite's way to the newest fifty of half a million.

Asked for the newest of those that hold a common word, SQLite makes a list of all of them and sorts it: at 400,000
conversations that took 0.3 s. It has no idea that every tenth row of the order is one of them. PostgreSQL has.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from interactions.models import Conversation

from .fulltext import Words, held_among
from .limits import within
from .walking import Key, Order

# Seconds after which it is better to take all that match and sort them.
LONGEST = 0.2
# Rows looked at before it is better, as those that hold the words are few, then.
MOST = 10_000
# So many tell how many of the others will pass.
TELLING = 1_000
# Stretches of them whose words are looked up, each of which takes a hundred times as long; for a whole page as many
# for each row.
MOST_FOR_WORDS = 200
MOST_FOR_EACH = 20
_LARGEST_STEP = 1_000


@dataclass(frozen=True)
class Stroll:
    """`rows` are those that meet everything else, met along the order; of them those pass that hold the words."""

    order: Order
    rows: QuerySet[Conversation]
    words: Words

    def keys(self, start: Key | None, limit: int, *, backwards: bool) -> list[Key] | None:
        """The first `limit` keys beyond `start`; None when they are too few among those looked at."""
        rows: Any = self.rows.values_list(self.order.sort.key, "pk")
        found: list[Key] = []
        looked_at, looked_up, step = 0, 0, 2 * limit
        ends_at = time.monotonic() + LONGEST
        while True:
            keys = self._walked(rows, start, step, backwards, ends_at - time.monotonic())
            if keys is None:
                return None
            held = held_among(self.words, [pk for _, pk in keys])
            looked_up += held.cost
            found += [key for key in keys if key[1] in held.pks]
            looked_at += len(keys)
            if len(found) >= limit or len(keys) < step:
                return found[:limit]
            if looked_at >= TELLING and len(found) * MOST < limit * looked_at:
                return None  # at this rate it would not end in time
            if looked_up >= max(MOST_FOR_WORDS, MOST_FOR_EACH * limit):
                return None
            start, step = keys[-1], max(limit, min(2 * step, _LARGEST_STEP))

    def _walked(
        self, rows: QuerySet[Conversation], start: Key | None, step: int, backwards: bool, seconds: float
    ) -> list[Key] | None:
        if seconds <= 0:
            return None
        return within(seconds, lambda: self.order.walk(rows, start, step, backwards=backwards))

    def holds(self, pk: int) -> bool:
        """Whether one conversation is of those that match: a list of all that hold the words is not made for it."""
        return self.rows.filter(pk=pk).exists() and pk in held_among(self.words, [pk]).pks
