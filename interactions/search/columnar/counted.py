"""What the rows of a segment that meet a question hold, counted once; whatever goes later is taken off.

While an import is at work every page finds some conversations changed, and counting a million anew for each facet takes
longer than all else that the page asks for.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from interactions.search.joined import tally_of

from .layout import null_of
from .segment import Segment, chosen

if TYPE_CHECKING:
    import numpy.typing as npt

    from .layout import Mask, Numbers

# What can be counted beside columns: agents with any part, those with one that counts, and who handled it.
TOOK_PART, COUNTED_PART, HANDLED_BY = "took_part", "counted_part", "handled_by"
# Values of `handled_by` as they are counted: 1 for people, and 2 more for bots.
_PEOPLE, _BOTS = 1, 2
HANDLED = {"human": _PEOPLE, "bot": _BOTS, "both": _PEOPLE + _BOTS}
# Bytes of what is kept for the questions about a segment; of a million conversations one takes some 0.2 million, and
# with each quarter of an hour in which any began 0.8.
_KEPT = 6_000_000


class Counted(NamedTuple):
    """How many rows hold each number, in order of the numbers, and how many hold none."""

    values: Numbers
    times: Numbers
    missing: int = 0

    def without(self, less: Counted) -> Counted:
        """After rows that were counted have gone."""
        times = self.times.copy()
        times[np.searchsorted(self.values, less.values)] -= less.times
        return Counted(self.values, times, self.missing - less.missing)

    def told(self) -> Iterable[tuple[int, int]]:
        """Numbers that any row holds, and how many."""
        are_held = self.times.nonzero()[0]
        return zip(self.values[are_held].tolist(), self.times[are_held].tolist(), strict=True)


def added(every: Iterable[Counted]) -> Counted:
    """As if counted together."""
    parts = list(every)
    values, places = np.unique(np.concatenate([part.values for part in parts]), return_inverse=True)
    times = np.zeros(len(values), dtype=np.int64)
    np.add.at(times, places, np.concatenate([part.times for part in parts]))
    return Counted(values, times, sum(part.missing for part in parts))


def count(segment: Segment, what: str, mask: Mask) -> Counted:
    """What the rows of a mask hold."""
    if what in (TOOK_PART, COUNTED_PART):
        return _counted(_taking_part(segment, mask, is_counted=what == COUNTED_PART))
    if what == HANDLED_BY:
        return _counted(_handling(segment, mask))
    found = _counted(_present(segment, mask, what))
    return found._replace(missing=int(np.count_nonzero(mask)) - int(found.times.sum()))


def _count_at(segment: Segment, what: str, rows: Numbers) -> Counted:
    """What some rows, which are in order, hold."""
    if what in (TOOK_PART, COUNTED_PART):
        parts = segment.parts_of(rows)
        if what == COUNTED_PART:
            parts = parts[segment.at("part_counts", parts) == 1]
        return _counted([_once(segment.at("part_row", parts), segment.at("part_agent", parts))])
    if what == HANDLED_BY:
        return _counted([_handled_by(segment.at("has_human", rows), segment.at("has_bot", rows))])
    held = segment.at(what, rows)
    present = chosen(held, held != null_of(held))
    return _counted([present])._replace(missing=len(held) - len(present))


def _counted(pieces: Iterable[Numbers]) -> Counted:
    found = sorted(tally_of(pieces).items())
    values, times = np.array(found, dtype=np.int64).reshape(-1, 2).T
    return Counted(values, times)


@dataclass(frozen=True)
class _Question:
    """The rows that meet it, a bit for each, None where all do; and what was counted of them, by the gone rows then."""

    bits: npt.NDArray[np.uint8] | None
    counted: dict[str, tuple[int, Counted]] = field(default_factory=dict)

    def mask(self, size: int) -> Mask:
        if self.bits is None:
            return np.ones(size, dtype=bool)
        return np.unpackbits(self.bits, count=size).view(bool)

    def nbytes(self) -> int:
        counted = sum(each.values.nbytes + each.times.nbytes for _, each in list(self.counted.values()))
        return counted + (0 if self.bits is None else self.bits.nbytes)


class Counts:
    """What is kept of the questions about one segment; those asked longest ago are forgotten."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, _Question] = OrderedDict()
        self._lock = threading.Lock()

    def of(
        self, segment: Segment, what: str, question: Hashable, meets: Callable[[], Mask | None], gone: Numbers
    ) -> Counted:
        """What the rows hold that meet a question, without those that are `gone`: further ones may go, none comes back.

        `meets` gives them, gone or not; None is all. It is asked once, as what other tables say of rows that are gone
        may change.
        """
        asked = self._asked(question, meets)
        until, counted = asked.counted.get(what) or (0, None)
        if counted is None or until > len(gone):  # or counted for a later instant than this one
            mask = asked.mask(len(segment))
            mask[gone] = False
            counted = count(segment, what, mask)
        elif until < len(gone):
            rows = np.sort(gone[until:])
            if asked.bits is not None:
                rows = rows[asked.mask(len(segment))[rows]]
            counted = counted.without(_count_at(segment, what, rows))
        if until <= len(gone):
            asked.counted[what] = len(gone), counted
            self._forget()
        return counted

    def _asked(self, question: Hashable, meets: Callable[[], Mask | None]) -> _Question:
        with self._lock:
            if (found := self._kept.get(question)) is not None:
                self._kept.move_to_end(question)
                return found
        mask = meets()
        made = _Question(None if mask is None else np.packbits(mask))
        with self._lock:
            return self._kept.setdefault(question, made)

    def _forget(self) -> None:
        with self._lock:
            taken = {question: asked.nbytes() for question, asked in self._kept.items()}
            while len(taken) > 1 and sum(taken.values()) > _KEPT:
                first = next(iter(taken))
                del taken[first], self._kept[first]


def _present(segment: Segment, mask: Mask, name: str) -> Iterator[Numbers]:
    """The values of a column that the rows of a mask have, some at a time."""
    for where, (column,) in segment.pieces(name):
        held = chosen(column, mask[where])
        yield chosen(held, held != null_of(held))


def _handling(segment: Segment, mask: Mask) -> Iterator[Numbers]:
    for where, (by_human, by_bot) in segment.pieces("has_human", "has_bot"):
        yield chosen(_handled_by(by_human, by_bot), mask[where])


def _handled_by(by_human: Numbers, by_bot: Numbers) -> Numbers:
    found: Numbers = _PEOPLE * (by_human == 1) + _BOTS * (by_bot == 1)
    return found


def _taking_part(segment: Segment, mask: Mask, *, is_counted: bool) -> Iterator[Numbers]:
    last, counts = None, ["part_counts"] if is_counted else []
    for _, (rows, agents, *held) in segment.pieces("part_row", "part_agent", *counts):
        are_meant = mask[rows]
        for each in held:
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
