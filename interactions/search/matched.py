"""The conversations of one list in their order: pages, files and the reader walk along it."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import QuerySet
from django.utils.functional import cached_property

from interactions.models import Conversation
from interactions.models.among import among_keys

from .limits import within
from .stroll import Stroll
from .walking import Key, Order

if TYPE_CHECKING:
    from .columnar.answer import Answer

# Seconds for the database's own plan: mostly it finds a page in two milliseconds, by an index that gives the very
# order or one that leads to few; where it means to sort a tenth of the table it is not waited for. PostgreSQL is asked
# so for words alone, of which it looks at one transcript after the other; a server that is busy needs longer.
GUESS = {"sqlite": 0.005, "postgresql": 0.1}
# So many are sorted more quickly than they are met on a walk.
FEW = 2_000
# Seconds for finding out whether they are so few: an index tells at once, or there is none. A server that is busy
# needs longer for the least question.
LOOK = {"sqlite": 0.005, "postgresql": 0.05}
# Seconds for meeting them one by one along the order, of which a million pass in one and a half.
WALK = 0.06
# Seconds for finding out along the index that holds what is counted; it takes 0.15 of a million.
LONG_LOOK = 0.5
# Seconds for looking at each row that the other filters leave, before a list of all that somebody may read is made.
TRIAL = 0.04
# Seconds for what the database does by itself, before all that hold common words are listed, which takes some two.
SOONER = 0.5


@dataclass(frozen=True)
class Matched:
    """`rows` match the whole question, and so do the others, each put in another way.

    `few` so that single ones are looked at quickly, `rare` so that an index leads to all of them, `guess` so that the
    first page mostly comes at once, `met` so that none is sorted; a `stroll` is made where words are common. `told` are
    they as one index tells them, others' as well. An `answer` of the columnar copy needs none of that; a `late` one
    takes seconds, once, and less than the database where that finds no page soon.
    """

    order: Order
    rows: QuerySet[Conversation]
    few: QuerySet[Conversation]
    rare: Callable[[], QuerySet[Conversation]]
    stroll: Stroll | None = None
    guess: QuerySet[Conversation] | None = None
    met: QuerySet[Conversation] | None = None
    told: QuerySet[Conversation] | None = None
    answer: Answer | None = None
    late: Answer | None = None

    def keys(self, start: Key | None, limit: int, *, backwards: bool = False) -> list[Key]:
        """Up to `limit` (sort value, primary key) strictly beyond `start`, nearest first."""
        if (answer := self.at_hand) is not None:
            return answer.keys(self.order, start, limit, backwards=backwards)
        if (found := self._guessed(start, limit, backwards)) is not None:
            return found
        if self.late is not None:
            found = self._tried(self.rows, SOONER, start, limit, backwards)
            return self.late.keys(self.order, start, limit, backwards=backwards) if found is None else found
        if self._is_dear and self._all is not None:
            return self._walk(Conversation.objects.filter(pk__in=among_keys(self._all)), start, limit, backwards, True)
        if self.stroll is not None:
            found = self.stroll.keys(start, limit, backwards=backwards)
        else:
            found = self._tried(self.met, WALK, start, limit, backwards)
        if found is None and self._told is not None:
            return self._walk(self.few.filter(pk__in=among_keys(self._told)), start, limit, backwards, True)
        if found is None and self._is_walked:
            found = self._tried(self.few, TRIAL, start, limit, backwards)
        return found if found is not None else self._walk(self.rows, start, limit, backwards)

    @property
    def at_hand(self) -> Answer | None:
        """The copy's answer, a late one only once its words are listed."""
        if self.answer is not None or self.late is None:
            return self.answer
        return self.late if self.late.is_soon else None

    @property
    def is_found(self) -> bool:
        """Whether the copy has already found all that match."""
        return (answer := self.at_hand) is not None and answer.is_found

    def all_keys(self, start: Key | None, limit: int) -> tuple[Key | None, array[int]]:
        """Up to `limit` primary keys strictly beyond `start`, nearest first, and the last of them with its sort value.

        For whoever wants all of them: by the database's own plan, whose time counts for each key and not for a page.
        """
        if (answer := self.answer or self.late) is not None:
            return answer.all_keys(self.order, start, limit)
        keyed: Any = self.order.prepared(self.rows).values_list(self.order.sort.key, "pk")
        last, found = start, array("q")
        for stretch in self.order.stretches(keyed, start):
            for last in stretch[: limit - len(found)].iterator():
                found.append(last[1])
            if len(found) == limit:
                break
        return last, found

    def _guessed(self, start: Key | None, limit: int, backwards: bool) -> list[Key] | None:
        # They are few, and at hand.
        if self._is_dear and vars(self).get("_all") is not None:
            return None
        return self._tried(self.guess, GUESS[connection.vendor], start, limit, backwards)

    def _tried(
        self, rows: QuerySet[Conversation] | None, seconds: float, start: Key | None, limit: int, backwards: bool
    ) -> list[Key] | None:
        return None if rows is None else within(seconds, lambda: self._walk(rows, start, limit, backwards))

    def _walk(
        self, rows: QuerySet[Conversation], start: Key | None, limit: int, backwards: bool, few: bool = False
    ) -> list[Key]:
        keyed: Any = self.order.prepared(rows).values_list(self.order.sort.key, "pk")
        return self.order.walk(keyed, start, limit, backwards=backwards, few=few)

    @property
    def _is_dear(self) -> bool:
        """Whether it is worth finding out if they are few."""
        return self._is_walked or self.order.sort.computed is not None

    @property
    def _is_walked(self) -> bool:
        return self.stroll is not None or self.met is not None

    @cached_property
    def _all(self) -> list[int] | None:
        """All that match, where an index leads to them and they are few: the rare ones of a million lie far apart."""
        return self._listed(self.rare, LOOK[connection.vendor])

    @cached_property
    def _told(self) -> list[int] | None:
        """The same, of whoever may read them, where only the whole index tells."""
        told = self.told
        return None if told is None else self._listed(lambda: told, LONG_LOOK)

    @staticmethod
    def _listed(rows: Callable[[], QuerySet[Conversation]], seconds: float) -> list[int] | None:
        found = within(seconds, lambda: list(rows().values_list("pk", flat=True)[: FEW + 1]))
        return found if found is not None and len(found) <= FEW else None

    def beside(self, key: Key, *, backwards: bool) -> Conversation | None:
        """The nearest row beyond a key."""
        if self.at_hand is None and not self._is_dear and self.guess is None:
            return next(iter(self.order.walk(self.rows, key, 1, backwards=backwards)), None)
        keys = self.keys(key, 1, backwards=backwards)
        return Conversation.objects.filter(pk=keys[0][1]).first() if keys else None

    def holds(self, pk: int) -> bool:
        if (answer := self.at_hand) is not None:
            return answer.holds(pk)
        return self.few.filter(pk=pk).exists() if self.stroll is None else self.stroll.holds(pk)

    def count(self) -> int:
        answer = self.at_hand
        return self.rows.count() if answer is None else answer.count()

    def count_before(self, end: Key) -> int:
        if (answer := self.at_hand) is not None:
            return answer.count_before(self.order, end)
        return self.order.count_before(self.rows, end)

    def patient(self) -> Matched:
        """The same for who waits for a late answer rather than for the database, which remembers none."""
        return replace(self, answer=self.answer or self.late)
