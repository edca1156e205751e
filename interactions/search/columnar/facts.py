"""Sums and percentiles from the copy; interactions/search/facts.py says what each is."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from django.utils.functional import cached_property

from interactions.search.percentiles import Percentiles, around, interpolated
from interactions.search.sums import Number, Sum, Total

from .answer import Answer
from .layout import INT8, TYPES, WORDS, null_of
from .segment import Segment, chosen

if TYPE_CHECKING:
    from interactions.search.facts import Added, Sums

    from .layout import Column, Mask, Numbers

# Distinct numbers that lie as close together as this are ticked off. One start in the year 2900 is far from all others.
_NARROW = 1_000_000
# Rows that are looked at together.
_PIECE = 1 << 17
# All that a column of small numbers can hold, in order.
_BYTES: Any = np.arange(-(2**7), 2**7, dtype=INT8)


class InColumns:
    """Of the conversations of an answer."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    @property
    def _chosen(self) -> Iterator[tuple[Segment, Numbers]]:
        """The rows, some at a time, so that memory stays flat; of each segment there are some, if none."""
        for segment, mask in self._answer.found:
            for start in range(0, max(len(mask), 1), _PIECE):
                rows = mask[start : start + _PIECE].nonzero()[0]
                if len(rows) or start == 0:
                    yield segment, rows + start

    def whole(self, sums: Sums) -> Added:
        found = dict.fromkeys(sums, 0)
        for segment, rows in self._chosen:
            adding = _Adding(segment, rows, np.zeros(len(rows), dtype=np.int64), 1)
            for name, one in sums.items():
                found[name] += int(adding.of(one)[0])
        return found

    def by(self, column: str, sums: Sums) -> dict[Hashable, Added]:
        found: dict[Hashable, Added] = {}
        for segment, rows in self._chosen:
            held = segment.at(column, rows)
            keys, places = _numbered(held)
            named = _named(segment, column, keys)
            adding = _Adding(segment, rows, places, len(keys))
            for name, one in sums.items():
                for key, number in zip(named, adding.of(one).tolist(), strict=True):
                    found.setdefault(key, dict.fromkeys(sums, 0))[name] += number
        return found

    def along(self, column: str, edges: Sequence[int], sums: Sums) -> list[Added]:
        found = [dict.fromkeys(sums, 0) for _ in edges[1:]]
        for segment, rows in self._chosen:
            held = segment.at(column, rows)
            places = np.searchsorted(np.array(edges, dtype=held.dtype), held, side="right") - 1
            within = ((places >= 0) & (places < len(found)) & (held != null_of(held))).nonzero()[0]
            adding = _Adding(segment, rows[within], places[within], len(found))
            for name, one in sums.items():
                for stretch, number in zip(found, adding.of(one).tolist(), strict=True):
                    stretch[name] += number
        return found

    def values(self, column: str) -> list[int]:
        found = [np.unique(held).tolist() for held in self._present(column)]
        return sorted(set().union(*found))

    def ends(self, column: str) -> tuple[int, int] | None:
        ends = [(int(held.min()), int(held.max())) for held in self._present(column) if len(held)]
        return (min(least for least, _ in ends), max(greatest for _, greatest in ends)) if ends else None

    def percentiles(self, column: str, percents: Sequence[int], by: str | None = None) -> Percentiles:
        if by is None:
            every = np.concatenate(list(self._present(column)))
            return {None: _percentiles(every, percents)} if len(every) else {}
        values, groups = (np.concatenate(each) for each in zip(*self._valued(column, by), strict=True))
        if not len(values):
            return {}
        keys, places = _numbered(groups)
        # Values in order within each group, by one sort: the place of the group stands before the value.
        least, width = int(values.min()), int(values.max()) - int(values.min()) + 1
        places *= width
        values -= least
        places += values
        ordered: Any = places.astype(np.int32) if len(keys) * width < 2**31 else places  # sorted in half the time
        ordered.sort()
        starts = np.searchsorted(ordered, (np.arange(len(keys)) * width).astype(ordered.dtype))
        groups_of = zip(keys.tolist(), range(len(keys)), np.split(ordered, starts[1:]), strict=True)
        return {key: _of_ordered(own, percents, least - place * width) for key, place, own in groups_of}

    def _present(self, column: str) -> Iterator[Numbers]:
        for segment, rows in self._chosen:
            held = segment.at(column, rows)
            yield chosen(held, held != null_of(held))

    def _valued(self, column: str, by: str) -> Iterator[tuple[Numbers, Numbers]]:
        """The values of each segment, with the groups that they belong to."""
        for segment, rows in self._chosen:
            values = segment.at(column, rows)
            groups = segment.at(by, rows)
            places = ((values != null_of(values)) & (groups != null_of(groups))).nonzero()[0]
            yield values[places].astype(np.int64), groups[places]


def _percentiles(values: Numbers, percents: Sequence[int]) -> tuple[float, ...]:
    """Of some values in any order."""
    places = sorted({place for percent in percents for place in around(len(values), percent)})
    return _of_ordered(np.partition(values, places), percents)


def _of_ordered(values: Numbers, percents: Sequence[int], more: int = 0) -> tuple[float, ...]:
    """Of values that stand where they would in order, wherever a percentile lies; each is so much `more`."""
    size = len(values)
    return tuple(
        interpolated([int(values[place]) + more for place in around(size, percent)], size, percent)
        for percent in percents
    )


class _Adding:
    """Sums over some rows of a segment, each of which belongs to one of `size` groups."""

    def __init__(self, segment: Segment, rows: Numbers, groups: Numbers, size: int) -> None:
        self._segment, self._rows, self._groups, self._size = segment, rows, groups, size
        self._tables: dict[str, tuple[Numbers, Numbers]] = {}

    def of(self, one: Sum) -> Numbers:
        """A number for each group."""
        if isinstance(one, Number) and not one.column:
            return np.bincount(self._groups, minlength=self._size)
        return self._by_table(one) if TYPES[one.column] == INT8 or one.column in WORDS else self._row_by_row(one)

    def _by_table(self, one: Sum) -> Numbers:
        """Of few values how often each stands in each group is counted once, and all sums are read from that."""
        if one.column not in self._tables:
            held = self._segment.at(one.column, self._rows)
            self._tables[one.column] = self._table_of_bytes(held) if held.dtype == INT8 else self._table_of(held)
        values, table = self._tables[one.column]
        are_meant = self._meant(one, values)
        chosen: Numbers = table[:, are_meant]
        if isinstance(one, Total):
            chosen = chosen * values[are_meant].astype(np.int64) ** one.power
        added: Numbers = chosen.sum(axis=1)
        return added

    def _table_of(self, held: Column) -> tuple[Numbers, Numbers]:
        values, places = _numbered(held)
        cells = np.bincount(self._groups * len(values) + places, minlength=self._size * len(values))
        return values, cells.reshape(self._size, len(values))

    def _table_of_bytes(self, held: Column) -> tuple[Numbers, Numbers]:
        """A byte is its own place."""
        cells = np.bincount(self._first_cells + held.view(np.uint8), minlength=self._size * len(_BYTES))
        table = cells.reshape(self._size, len(_BYTES))[:, _BYTES.view(np.uint8)]
        are_held = table.any(axis=0)
        return _BYTES[are_held], table[:, are_held]

    @cached_property
    def _first_cells(self) -> Numbers:
        """Where the cells of each row's group begin."""
        return self._groups * len(_BYTES)

    def _row_by_row(self, one: Sum) -> Numbers:
        held = self._segment.at(one.column, self._rows)
        meant = self._meant(one, held).nonzero()[0]
        groups = self._groups[meant]
        if isinstance(one, Number):
            return np.bincount(groups, minlength=self._size)
        found = np.zeros(self._size, dtype=np.int64)
        np.add.at(found, groups, held[meant].astype(np.int64) ** one.power)
        return found

    def _meant(self, one: Sum, values: Numbers) -> Mask:
        if isinstance(one, Total) or not one.among:
            are_there: Mask = values != null_of(values)
            return are_there
        words = self._segment.words.get(one.column)
        wanted = one.among if words is None else [place for place, word in enumerate(words) if word in one.among]
        return np.isin(values, np.array(wanted, dtype=np.int64))


def _named(segment: Segment, column: str, keys: Numbers) -> list[Hashable]:
    """What the database has where the copy has these numbers."""
    words, null = segment.words.get(column), null_of(keys)
    return [None if key == null else key if words is None else words[key] for key in keys.tolist()]


def _numbered(held: Column) -> tuple[Numbers, Numbers]:
    """Each value that there is, once and in order, and for each row the place of its own among them."""
    if held.dtype == INT8:
        return _numbered_bytes(held)
    null = null_of(held)
    are_there = held != null
    present = held if are_there.all() else held[are_there]
    if not len(present):
        return np.unique(held), np.zeros(len(held), dtype=np.int64)
    least = int(present.min()) - 1
    span = int(present.max()) - least + 1
    if span > max(_NARROW, 4 * len(held)):
        return np.unique(held, return_inverse=True)
    moved = np.where(are_there, held.astype(np.int64) - least, 0)  # what is missing stands first
    is_held = np.zeros(span, dtype=bool)
    is_held[moved] = True
    keys = is_held.nonzero()[0] + least
    if is_held[0]:
        keys[0] = null
    return keys.astype(held.dtype), (np.cumsum(is_held) - 1)[moved]


def _numbered_bytes(held: Column) -> tuple[Numbers, Numbers]:
    unsigned = _BYTES.view(np.uint8)
    is_held = np.bincount(held.view(np.uint8), minlength=len(_BYTES))[unsigned] > 0
    places = np.zeros(len(_BYTES), dtype=np.int64)
    places[unsigned] = np.cumsum(is_held) - 1
    return _BYTES[is_held], places[held.view(np.uint8)]
