"""One page of a list, with the places of the pages around it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from interactions.models import Conversation

from .position import Position
from .walking import Key, Order


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


def page_at(rows: QuerySet[Conversation], order: Order, position: Position, size: int) -> Page:
    """The page of `rows` (prepared for `order`) that `position` names."""
    if position.side in ("first", "after"):
        return _forwards(rows, order, position, size)
    return _backwards(rows, order, position, size)


def _forwards(rows: QuerySet[Conversation], order: Order, position: Position, size: int) -> Page:
    is_first = position.side == "first"
    found = order.walk(rows, None if is_first else (position.value, position.pk), size + 1)
    if not found and not is_first:
        # What stood here is gone: the end of the list is the nearest place that holds rows.
        return page_at(rows, order, Position("last"), size)
    place = 1 if is_first else position.place
    return _page(order, found[:size], size, place, has_previous=not is_first, has_next=len(found) > size)


def _backwards(rows: QuerySet[Conversation], order: Order, position: Position, size: int) -> Page:
    is_last = position.side == "last"
    found = order.walk(rows, None if is_last else (position.value, position.pk), size + 1, backwards=True)
    has_previous = len(found) > size
    if not has_previous and (not is_last or len(found) < size):
        # The start is near: a full first page rather than a short one.
        return page_at(rows, order, Position("first"), size)
    shown = found[:size][::-1]
    place = (-len(shown) if is_last else position.place) if has_previous else 1
    return _page(order, shown, size, place, has_previous=has_previous, has_next=not is_last)


def _page(
    order: Order, shown: list[Conversation], size: int, place: int | None, *, has_previous: bool, has_next: bool
) -> Page:
    if not shown:
        return Page([])
    before = Position("before", *order.key_of(shown[0]), _earlier(place, size))
    after = Position("after", *order.key_of(shown[-1]), None if place is None else place + len(shown))
    return Page(
        shown,
        first=Position("first").token(order) if has_previous else None,
        previous=before.token(order) if has_previous else None,
        next=after.token(order) if has_next else None,
        last=Position("last").token(order) if has_next else None,
        place=place,
    )


def _earlier(place: int | None, size: int) -> int | None:
    if place is None or 0 < place <= 1:
        return None
    return place - size if place < 0 else max(1, place - size)


def keys_of(rows: QuerySet[Conversation], order: Order, size: int) -> Iterator[list[int]]:
    """Primary keys of `rows` in `order`, `size` at a time; nothing stays open between two pages."""
    pairs: Any = rows.values_list(order.sort.key, "pk")
    start: Key | None = None
    while found := order.walk(pairs, start, size):
        yield [pk for _, pk in found]
        start = found[-1]
        if len(found) < size:
            return
