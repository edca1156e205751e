"""One page of a list, with the places of the pages around it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from interactions.models import Conversation

from .matched import Matched
from .position import Position
from .walking import Key

# Rows of a page.
PAGE_SIZE = 50
# Keys that a file reads before their rows: where what matches is sorted each time, that takes as long for one. They are
# held as numbers, eight bytes each.
AHEAD = 200_000


@dataclass(frozen=True)
class Page:
    """`rows` and, as position tokens, the pages around them; None where there is nothing to go to.

    `place` is the ordinal of the first row, from 1; negative counts from the end, -1 being the last row.
    """

    rows: list[Conversation]
    first: str | None = None
    previous: str | None = None
    next: str | None = None
    last: str | None = None
    place: int | None = None

    @property
    def start(self) -> int | None:
        """1-based ordinal of the first row where it is known without a count."""
        return self.place if self.rows and self.place is not None and self.place > 0 else None

    def start_of(self, count: int) -> int | None:
        """1-based ordinal of the first row in a list of `count` rows."""
        if self.start is None and self.rows and self.place is not None:
            return max(1, count + self.place + 1)
        return self.start


class Pager:
    """Pages of a list: keys are walked first, and only the rows of the page are read whole.

    Sorting or skipping whole rows, with the people and skills that belong to them, costs tenfold.
    """

    def __init__(
        self, matched: Matched, rows: Callable[[list[int]], list[Conversation]], size: int, whole: str = ""
    ) -> None:
        """`rows` gives those with certain keys, as a page shows them; places are counted in the list named `whole`."""
        self._matched = matched
        self._order = matched.order
        self._rows = rows
        self._size = size
        self._list = whole

    def page_at(self, position: Position) -> Page:
        return self._forwards(position) if position.side in ("first", "after") else self._backwards(position)

    def _walk(self, position: Position, *, backwards: bool) -> list[Key]:
        start = (position.value, position.pk) if position.side in ("after", "before") else None
        return self._matched.keys(start, self._size + 1, backwards=backwards)

    def _forwards(self, position: Position) -> Page:
        is_first = position.side == "first"
        found = self._walk(position, backwards=False)
        if not found and not is_first:
            # What stood here is gone: the end of the list is the nearest place that holds rows.
            return self.page_at(Position("last"))
        place = 1 if is_first else position.place
        return self._page(found[: self._size], place, has_previous=not is_first, has_next=len(found) > self._size)

    def _backwards(self, position: Position) -> Page:
        is_last = position.side == "last"
        found = self._walk(position, backwards=True)
        has_previous = len(found) > self._size
        if not has_previous and (not is_last or len(found) < self._size):
            # The start is near: a full first page rather than a short one.
            return self.page_at(Position("first"))
        keys = found[: self._size][::-1]
        place = (-len(keys) if is_last else position.place) if has_previous else 1
        return self._page(keys, place, has_previous=has_previous, has_next=not is_last)

    def _page(self, keys: list[Key], place: int | None, *, has_previous: bool, has_next: bool) -> Page:
        if not keys:
            return Page([])
        before = Position("before", *keys[0], _earlier(place, self._size))
        after = Position("after", *keys[-1], None if place is None else place + len(keys))
        return Page(
            self._whole([pk for _, pk in keys]),
            first=self._token(Position("first")) if has_previous else None,
            previous=self._token(before) if has_previous else None,
            next=self._token(after) if has_next else None,
            last=self._token(Position("last")) if has_next else None,
            place=place,
        )

    def _token(self, position: Position) -> str:
        return position.token(self._order, self._list)

    def _whole(self, keys: list[int]) -> list[Conversation]:
        found = {each.pk: each for each in self._rows(keys)}
        return [found[pk] for pk in keys if pk in found]


def _earlier(place: int | None, size: int) -> int | None:
    if place is None or 0 < place <= 1:
        return None
    return place - size if place < 0 else max(1, place - size)


def keys_of(matched: Matched, size: int) -> Iterator[list[int]]:
    """Primary keys of a list in its order, `size` at a time; nothing stays open between two pages."""
    start: Key | None = None
    while True:
        start, found = matched.all_keys(start, AHEAD)
        for at in range(0, len(found), size):
            yield found[at : at + size].tolist()
        if len(found) < AHEAD:
            return
