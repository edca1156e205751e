"""A column in a file, read whole or at the few places that are asked for."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
from django.utils.functional import cached_property

if TYPE_CHECKING:
    from .layout import Column, Numbers

# Places that are read at once rather than passed over; of a column in order the first value of so many is kept.
_STRETCH = 4096
# More stretches than these take as long as all.
_MOST = 128
# Places of which all values are read at once.
_PIECE = 65_536


class InFile:
    """From the system's cache of files a million numbers come in a millisecond, and some thousand in microseconds.

    The file stays open, so that whoever takes it away takes it from nobody who reads.
    """

    def __init__(self, file: BinaryIO, kind: np.dtype[Any]) -> None:
        self._file = file
        self._kind = kind
        self._size = os.fstat(file.fileno()).st_size // kind.itemsize

    def whole(self) -> Column:
        return self.between(0, self._size)

    def at(self, places: Numbers) -> Column:
        """The values at some places, which are in order."""
        gaps = np.diff(places)
        if len(gaps) and places[-1] - places[0] == len(gaps) and (gaps == 1).all():
            return self.between(int(places[0]), int(places[-1]) + 1)
        ends = (gaps > _STRETCH).nonzero()[0] + 1
        if len(ends) >= _MOST or len(places) > _PIECE:
            return self._picked(places)
        found = [np.zeros(0, dtype=self._kind)]
        for near in np.split(places, ends):
            if len(near):
                first = int(near[0])
                found.append(self.between(first, int(near[-1]) + 1)[near - first])
        return np.concatenate(found)

    def _picked(self, places: Numbers) -> Column:
        """The values at many places: all is read, a piece at a time, so that no more is held than is asked for."""
        found = np.empty(len(places), dtype=self._kind)
        starts = range(0, self._size, _PIECE)
        firsts = np.searchsorted(places, [*starts, self._size])
        for start, first, end in zip(starts, firsts, firsts[1:], strict=False):
            if first < end:
                piece = self.between(start, min(start + _PIECE, self._size))
                np.take(piece, places[first:end] - start, out=found[first:end])
        return found

    def first_from(self, values: Numbers) -> Numbers:
        """For each of some values the first place in this column, which is in order, that holds no smaller one."""
        stretches = np.maximum(np.searchsorted(self._firsts, values) - 1, 0)
        wanted = np.unique(stretches).tolist()
        if len(wanted) > _MOST:
            found: Numbers = np.searchsorted(self.whole(), values)
            return found
        places = np.zeros(len(values), dtype=np.int64)
        for stretch in wanted:
            start = stretch * _STRETCH
            are_here = stretches == stretch
            piece = self.between(start, min(start + _STRETCH, self._size))
            places[are_here] = start + np.searchsorted(piece, values[are_here])
        return places

    @cached_property
    def _firsts(self) -> Column:
        return self.whole()[::_STRETCH].copy()

    def __len__(self) -> int:
        return self._size

    def between(self, start: int, end: int) -> Column:
        size = (end - start) * self._kind.itemsize
        content = np.empty(size, dtype=np.uint8)
        # Beyond two gigabytes a read is cut short, which no column comes near.
        if os.preadv(self._file.fileno(), [content.data], start * self._kind.itemsize) < size:
            raise OSError(self._file.name)
        return content.view(self._kind)
