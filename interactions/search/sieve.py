"""Words that stand in a large part of all transcripts: on SQLite they are looked for along the list, not before it.

To list 600,000 matches before the newest fifty are chosen takes SQLite more than a second. A page in which every
second row is one needs but a hundred looks at the index, of about 0.1 ms each.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import connection

from .fulltext import Words, estimate, held_among
from .walking import Key

# Up to so many matches are listed first: 2 microseconds each.
MOST_LISTED = 50_000
# Rows looked at one after the other until it is better to list all matches after all.
MOST_LOOKED_AT = 4_000
_LARGEST_STEP = 1_000


@dataclass(frozen=True)
class Sieve:
    """Lets through the keys of conversations that hold the words."""

    words: Words

    @classmethod
    def of(cls, words: Words) -> Sieve | None:
        """A sieve where it is the quicker way."""
        if connection.vendor != "sqlite" or words.tree is None or estimate(words, MOST_LISTED) < MOST_LISTED:
            return None
        return cls(words)

    def walk(self, walk: Callable[[Key | None, int], list[Key]], start: Key | None, limit: int) -> list[Key] | None:
        """The first `limit` keys of a walk that pass; None when they are too few among those looked at."""
        found: list[Key] = []
        looked_at, step = 0, 2 * limit
        while True:
            keys = walk(start, step)
            found += self.passing(keys)
            looked_at += len(keys)
            if len(found) >= limit or len(keys) < step:
                return found[:limit]
            if looked_at >= MOST_LOOKED_AT:
                return None
            start, step = keys[-1], min(2 * step, _LARGEST_STEP)

    def passing(self, keys: Sequence[Key]) -> list[Key]:
        """Those of the keys, in their order."""
        held = held_among(self.words, [pk for _, pk in keys])
        return [key for key in keys if key[1] in held]
