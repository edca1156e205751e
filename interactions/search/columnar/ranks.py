"""The place of each row in an order, as numbers that grow the way the list goes."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from django.utils.functional import cached_property

from interactions.search import alphabet, shuffle
from interactions.search.instants import as_time

from .asking import stored
from .layout import null_of
from .segment import Segment

if TYPE_CHECKING:
    from interactions.search.walking import Order

    from .layout import Column, Mask, Numbers

_LAST = 2**62


@dataclass(frozen=True)
class Ranks:
    """One order of a list."""

    order: Order

    def of(self, segment: Segment, rows: Numbers) -> Numbers:
        """For each of some rows; rows without a value stand last, whichever way it goes."""
        values, are_missing = self._values(segment, rows)
        if self.order.is_descending:
            np.negative(values, out=values)
        values[are_missing] = _LAST
        return values

    def place_of(self, value: Any, pk: int) -> tuple[int, int]:
        """The rank of a value as a row has it, or had it, and what tells the row from others of it."""
        key = -pk if self.order.is_descending else pk
        if value is None:
            return _LAST, key
        number = self._place_of(value) if self.order.sort.computed is not None else stored(value)
        return -number if self.order.is_descending else number, key

    def of_keys(self, ids: Numbers) -> Numbers:
        return -ids if self.order.is_descending else ids

    def value_of(self, rank: int) -> Any:
        """What a row of this rank has."""
        if rank == _LAST:
            return None
        number = -rank if self.order.is_descending else rank
        if self.order.sort.computed is not None:
            return self._names[number // 2].text
        return as_time(number) if self.order.sort.value == "time" else number

    def _values(self, segment: Segment, rows: Numbers) -> tuple[Numbers, Mask]:
        """Numbers of the caller's own, and which of the rows have none."""
        if self.order.sort.computed is not None:
            shown = segment.at("last_human_agent", rows)
            others = segment.at("last_agent", rows)
            shown = np.where(shown == null_of(shown), others, shown)
            are_missing = shown == null_of(shown)
            return self._places[np.where(are_missing, 0, shown)], are_missing
        if self.order.seed is not None:
            placed = shuffle.places(segment.at(shuffle.COLUMN, rows), self.order.seed)
            return placed, np.zeros(len(rows), dtype=bool)
        column: Column = segment.at(self.order.sort.key, rows)
        are_missing = column == null_of(column)
        return column.astype(np.int64, copy=False), are_missing

    @cached_property
    def _names(self) -> Sequence[alphabet.Name]:
        return alphabet.names()

    @cached_property
    def _places(self) -> Numbers:
        """By the key of an agent the place of their name, doubled, so that others have room between them."""
        keys = [(pk, 2 * place) for place, name in enumerate(self._names) for pk in name.agents]
        places = np.zeros(max([pk for pk, _ in keys], default=0) + 1, dtype=np.int64)
        for pk, place in keys:
            places[pk] = place
        return places

    def _place_of(self, name: str) -> int:
        texts = [each.text for each in self._names]
        at = bisect_left(texts, name)
        return 2 * at if at < len(texts) and texts[at] == name else 2 * at - 1
