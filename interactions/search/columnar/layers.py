"""Conversations of a segment, but for those that have changed since it was made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from interactions.models import Sight
from interactions.search.joined import tally, tally_of

from . import asking
from .layout import null_of
from .segment import Segment, chosen

if TYPE_CHECKING:
    from .layout import Mask, Numbers


class Met(NamedTuple):
    """Of the conversations that somebody may read how many each agent took part in, and each group had."""

    agents: Counter[int]
    groups: Counter[int]


@dataclass(frozen=True)
class Layer:
    """`gone` are the rows that no longer count, in the order in which they went; `is_there` is None where all count."""

    segment: Segment
    gone: Numbers = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    is_there: Mask | None = None
    # Of every sight that asked the rows that were gone, and whom it had met. A later layer counts on from there.
    _met: dict[Sight, tuple[Numbers, Met]] = field(default_factory=dict, compare=False)

    def __len__(self) -> int:
        return len(self.segment)

    def without(self, keys: Numbers) -> Layer:
        """After these conversations, in order of their keys, have changed."""
        places = self.segment.places(keys)
        if self.is_there is not None:
            places = places[self.is_there[places]]
        if not len(places):
            return self
        is_there = np.ones(len(self), dtype=bool) if self.is_there is None else self.is_there.copy()
        is_there[places] = False
        return replace(self, gone=np.concatenate([self.gone, places]), is_there=is_there)

    def met_by(self, sight: Sight) -> Met:
        """All are counted once; then whatever goes is taken off, as a page asks while an import changes rows."""
        gone, met = self._met.get(sight) or (self.gone[:0], _met_in(self.segment, sight))
        if len(gone) > len(self.gone):  # counted for a later instant than this one
            more = self._met_at(gone[len(self.gone) :], sight)
            return Met(met.agents + more.agents, met.groups + more.groups)
        if len(gone) < len(self.gone):
            less = self._met_at(self.gone[len(gone) :], sight)
            met = Met(met.agents - less.agents, met.groups - less.groups)
        self._met[sight] = self.gone, met
        return met

    def _met_at(self, rows: Numbers, sight: Sight) -> Met:
        is_seen, rows = asking.seen(self.segment, sight), np.sort(rows)
        if is_seen is not None:
            rows = rows[is_seen[rows]]
        groups, parts = self.segment.at("group", rows), self.segment.parts_of(rows)
        agents = _once(self.segment.at("part_row", parts), self.segment.at("part_agent", parts))
        return Met(tally(agents), tally(groups[groups != null_of(groups)]))


def _met_in(segment: Segment, sight: Sight) -> Met:
    is_seen = asking.seen(segment, sight)
    if is_seen is None:
        is_seen = np.ones(len(segment), dtype=bool)
    groups = segment.column("group")
    is_met = is_seen & (groups != null_of(groups))
    return Met(took_part(segment, is_seen), tally(chosen(groups, is_met)))


def took_part(segment: Segment, mask: Mask, *, is_counted: bool = False) -> Counter[int]:
    """Conversations of a mask by the key of whoever had any part in them, or one that counts."""
    return tally_of(_taking_part(segment, mask, is_counted=is_counted))


def _taking_part(segment: Segment, mask: Mask, *, is_counted: bool) -> Iterator[Numbers]:
    last, counted = None, ["part_counts"] if is_counted else []
    for _, (rows, agents, *counts) in segment.pieces("part_row", "part_agent", *counted):
        are_meant = mask[rows]
        for each in counts:
            are_meant &= each == 1
        places = are_meant.nonzero()[0]
        meant, of = rows[places], agents[places]
        if len(meant):
            yield _once(meant, of, last)
            last = int(meant[-1]), int(of[-1])


def _once(rows: Numbers, agents: Numbers, last: tuple[int, int] | None = None) -> Numbers:
    """The agents of some parts, each once for a row: parts stand by row and agent, these behind the `last` one."""
    is_first = np.ones(len(rows), dtype=bool)
    is_first[1:] = (rows[1:] != rows[:-1]) | (agents[1:] != agents[:-1])
    if len(rows) and last is not None:
        is_first[0] = last != (int(rows[0]), int(agents[0]))
    return chosen(agents, is_first)
