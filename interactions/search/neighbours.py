"""The rows beside the conversation in hand, found by its own sort key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection
from django.utils.functional import cached_property

from interactions.models import Conversation

from .limits import within
from .matched import Matched
from .paging import PAGE_SIZE
from .position import Position
from .walking import Key

# Seconds that each of two counts may take while the transcript waits; a server that is busy needs longer for the least.
AT_ONCE = {"sqlite": 0.004, "postgresql": 0.02}

# Of so many those before one somewhere among them are not counted in that time.
HOPELESS = 100_000


@dataclass(frozen=True)
class Around:
    """Primary keys of the rows before and after the one in hand, in the list's order.

    `earlier` and `later` are position tokens of what lies beyond them; None where nothing does.
    """

    before: list[int]
    after: list[int]
    earlier: str | None = None
    later: str | None = None


class Neighbours:
    """Previous, next, rank and count of one conversation in one list; each is read when first asked for.

    The conversation need not match the filters any more: a mark may just have taken it out. What cannot be counted in
    `seconds` is None.
    """

    def __init__(
        self, matched: Matched, conversation: Conversation, seconds: float | None = None, whole: str = ""
    ) -> None:
        self._matched = matched
        self._order = matched.order
        self._whole = whole
        self._conversation = conversation
        self._is_hasty = seconds is None
        self._seconds = AT_ONCE[connection.vendor] if seconds is None else seconds

    @cached_property
    def _key(self) -> Key:
        if self._order.sort.computed is None:
            return self._order.key_of(self._conversation)
        own = self._order.prepared(Conversation.objects.filter(pk=self._conversation.pk))
        return self._order.key_of(own.get())

    @cached_property
    def previous(self) -> Conversation | None:
        return self._matched.beside(self._key, backwards=True)

    @cached_property
    def next(self) -> Conversation | None:
        return self._matched.beside(self._key, backwards=False)

    def around(self, before: int, after: int) -> Around:
        """Up to so many rows before and after the conversation."""
        # One more of each tells whether there is something beyond.
        earlier = self._earlier(before + 1)
        later = self._matched.keys(self._key, after + 1)
        first, last = earlier[before - 1 : before], later[after - 1 : after]
        return Around(
            [pk for _, pk in earlier[:before]][::-1],
            [pk for _, pk in later[:after]],
            Position("before", *first[0]).token(self._order) if len(earlier) > before else None,
            Position("after", *last[0]).token(self._order) if len(later) > after else None,
        )

    @cached_property
    def _above(self) -> list[Key]:
        """The rows before it, nearest first: as many as are needed to find its page."""
        return self._matched.keys(self._key, PAGE_SIZE + 1, backwards=True)

    def _earlier(self, limit: int) -> list[Key]:
        is_enough = limit <= PAGE_SIZE + 1 or len(self._above) <= PAGE_SIZE
        return self._above[:limit] if is_enough else self._matched.keys(self._key, limit, backwards=True)

    @cached_property
    def _before(self) -> int | None:
        if not self._is_hasty and self.count is None:
            return None  # who waits for the count waits no second time
        if len(self._above) <= PAGE_SIZE:
            return len(self._above)
        # Where the whole takes too long to count a half of it would as a rule, and is of no use without.
        if self.count is None or (self._is_hasty and self.count > HOPELESS):
            return None
        return self._in_time(lambda: self._matched.count_before(self._key))

    @cached_property
    def rank(self) -> int | None:
        """1-based ordinal in the list; None when the conversation does not belong to it, or counting takes too long."""
        return None if self._before is None or self.is_outside else self._before + 1

    @cached_property
    def is_outside(self) -> bool:
        """Whether the conversation does not, or no longer, belong to the list."""
        return not self._matched.holds(self._conversation.pk)

    def page(self, size: int = PAGE_SIZE) -> str | None:
        """Position token of the page of `size` rows on which the conversation stands; None for the first page."""
        if self._before is None:
            above, place = size // 2, None  # somewhere on a page, then
        elif self._before < size:
            return None
        else:
            above = self._before % size
            place = self._before - above + 1
        found = self._earlier(above + 1)
        if not found:
            return None
        value, pk = found[-1]
        return Position("after", value, pk, place).token(self._order, self._whole)

    @cached_property
    def count(self) -> int | None:
        """How many the list holds; None when counting takes too long."""
        return self._in_time(self._matched.count)

    def _in_time(self, count: Callable[[], int]) -> int | None:
        # What the copy has found for the rows it also counts; a limit of time costs PostgreSQL three statements.
        return count() if self._matched.is_found else within(self._seconds, count)
