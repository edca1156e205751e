"""The matching conversations of one segment along an order: the nearest to a place, and how many are before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .ranks import Ranks
from .segment import Segment

if TYPE_CHECKING:
    from .layout import Mask, Numbers

# Of longer lines as many are looked at to find out how far the nearest reach.
_SAMPLE = 4096
# So many more of the sample are taken than should do.
_SPARE = 16
# A rank, and the key that tells those of one rank apart; both grow along the order.
Place = tuple[int, int]


class Line:
    """`ranks` are those of the rows in hand; keys are read for the few that are asked for."""

    def __init__(self, segment: Segment, mask: Mask, along: Ranks) -> None:
        self._segment, self._mask, self._along = segment, mask, along
        self._rows: Numbers = mask.nonzero()[0]
        self._ranks = along.of(segment, self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def holds(self, pk: int) -> bool:
        return bool(self._mask[self._segment.places(np.array([pk], dtype=np.int64))].any())

    def before(self, end: Place) -> int:
        """How many stand before a place."""
        return int(np.count_nonzero(self._beyond(end, backwards=True)))

    def nearest(self, start: Place | None, limit: int, *, backwards: bool) -> tuple[Numbers, Numbers]:
        """Ranks and keys of the `limit` nearest strictly beyond a place, in any order."""
        are_meant = self._beyond(start, backwards)
        edge = self._edge(start, limit, backwards)
        if edge is not None:
            are_near = are_meant & (self._ranks >= edge if backwards else self._ranks <= edge)
            if np.count_nonzero(are_near) >= limit:
                are_meant = are_near
        found = are_meant.nonzero()[0]
        ranks, turns = self._ranks[found], self._along.of_keys(self._segment.turns(self._rows[found]))
        found = found[_nearest(-ranks, -turns, limit) if backwards else _nearest(ranks, turns, limit)]
        return self._ranks[found], self._along.of_keys(self._segment.at("id", self._rows[found]))

    def _beyond(self, place: Place | None, backwards: bool) -> Mask:
        if place is None:
            return np.ones(len(self._ranks), dtype=bool)
        rank, key = place
        are_beyond: Mask = self._ranks < rank if backwards else self._ranks > rank
        are_tied = (self._ranks == rank).nonzero()[0]
        if len(are_tied):
            behind = backwards == self._along.order.is_descending
            are_beyond[are_tied] = self._segment.are_beyond(self._rows[are_tied], abs(key), behind=behind)
        return are_beyond

    def _edge(self, start: Place | None, limit: int, backwards: bool) -> int | None:
        """A rank up to which there are probably `limit` rows beyond the place, and not many more; None of few rows."""
        step = len(self._ranks) // _SAMPLE
        if step < 2:
            return None
        sample = self._ranks[::step]
        if start is not None:
            sample = sample[sample < start[0] if backwards else sample > start[0]]
        wanted = limit // step + _SPARE
        if wanted >= len(sample):
            return None
        place = len(sample) - 1 - wanted if backwards else wanted
        return int(np.partition(sample, place)[place])


def _nearest(ranks: Numbers, turns: Numbers, limit: int) -> Numbers:
    """The places, in order, of the `limit` smallest by rank and turn."""
    if len(ranks) <= limit:
        return np.arange(len(ranks))
    edge = np.partition(ranks, limit - 1)[limit - 1]
    are_near, are_on = ranks < edge, (ranks == edge).nonzero()[0]
    left = limit - int(np.count_nonzero(are_near))
    if len(are_on) > left:
        are_on = are_on[np.argpartition(turns[are_on], left - 1)[:left]]
    are_near[are_on] = True
    places: Numbers = are_near.nonzero()[0]
    return places
