"""What a person gets for a question from the copy: how many, which in order, and what they hold."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Collection, Hashable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from django.utils.functional import cached_property

from interactions.models import Sight, sight_of
from interactions.search.conditions import Condition
from interactions.search.joined import distinct
from interactions.search.limits import seconds_left

from . import asking, copy
from .counted import COUNTED_PART, HANDLED, HANDLED_BY, TOOK_PART, added, count
from .layout import WORDS
from .line import Line
from .ranks import Ranks
from .segment import Segment, among, chosen

if TYPE_CHECKING:
    from interactions.search.names import Reader
    from interactions.search.walking import Key, Order

    from .counted import Counted
    from .layout import Mask, Numbers

# Seconds. Without the copy the database takes longer to add up or to tally a million rows.
_PATIENCE = 5.0


@dataclass
class _Instant:
    """The copy of the instant of the first question, and what other tables said of conditions when they were asked."""

    taken: list[copy.Copy | None] = field(default_factory=list)
    asked: dict[tuple[Condition, int | None], asking.Asked] = field(default_factory=dict)

    @property
    def copy(self) -> copy.Copy | None:
        """Within the time of who asks: None of somebody who had no more of it does not bind who asks next."""
        if self.taken:
            return self.taken[0]
        found = copy.current()
        if found is not None or seconds_left() != 0:
            self.taken.append(found)
        return found

    def wait(self) -> None:
        if not self.taken:
            self.taken.append(copy.current_within(_PATIENCE))

    def of(self, condition: Condition, reader: int | None) -> asking.Asked:
        return self.asked.setdefault((condition, reader), asking.Asked(condition, reader))


_held: ContextVar[_Instant | None] = ContextVar("held", default=None)


@contextmanager
def one_instant(*, is_patient: bool = False) -> Iterator[None]:
    """All that a page asks the copy for in here is answered of one instant, and what several ask is read once.

    Nothing may be written meanwhile that a later question has to see. A page that `is_patient` waits for some seconds
    until a process that has just started knows what changed since the copy was made.
    """
    instant = _held.get() or _Instant()
    if is_patient:
        instant.wait()
    token = _held.set(instant)
    try:
        yield
    finally:
        _held.reset(token)


def _now() -> _Instant:
    return _held.get() or _Instant()


def answer_to(conditions: Collection[Condition], user: Reader) -> Answer | None:
    """None where the database has to be asked: there is no copy, or it does not hold what is asked for."""
    if not all(map(asking.is_known, conditions)):
        return None
    now = _now()
    found = now.copy
    if found is None or not all(asking.is_near(condition, found.changed) for condition in conditions):
        return None
    return Answer(found, [now.of(condition, user.pk) for condition in conditions], sight_of(user))


def met_by(user: Reader) -> copy.Met | None:
    """Agents who took part in what somebody may read, and groups that had it, by their keys."""
    found = _now().copy
    return None if found is None else found.met_by(sight_of(user))


def counted_by(groups: Collection[int]) -> list[int] | None:
    """Keys of the agents with a part that counts in one of these groups; None where there is no copy."""
    found = _now().copy
    if found is None:
        return None
    met: set[int] = set()
    for segment, is_there in found.segments():
        for _, (rows, of, counts, agents) in segment.pieces("part_row", "part_group", "part_counts", "part_agent"):
            are_meant = (counts == 1) & np.isin(of, list(groups))
            if is_there is not None:
                are_meant &= is_there[rows]
            met.update(np.unique(agents[are_meant]).tolist())
    return sorted(met)


def values_of(columns: Sequence[str]) -> dict[str, set[str]] | None:
    """What any conversation holds, by column."""
    found = _now().copy
    if found is None:
        return None
    tallies = Answer(found, (), Sight(everything=True)).tallies(columns)
    return {name: set(tally) for name, tally in tallies.items()}


class Answer:
    """The conversations that meet all conditions among those that somebody may read."""

    def __init__(self, of: copy.Copy, asked: Sequence[asking.Asked], sight: Sight) -> None:
        self._copy = of
        self._asked = asked
        self._sight = sight
        self._last: tuple[Order, list[Line]] | None = None

    @property
    def is_soon(self) -> bool:
        """Whether what it takes is at hand or quickly found."""
        return all(asked.is_soon(self._copy.files.segment) for asked in self._asked)

    @property
    def is_remembered(self) -> bool:
        """Whether each condition has been answered before."""
        return all(asked.is_remembered(self._copy.files.segment) for asked in self._asked)

    @property
    def is_found(self) -> bool:
        return self._last is not None or "found" in vars(self)

    @cached_property
    def found(self) -> list[tuple[Segment, Mask]]:
        return [(segment, self._mask(segment, is_there)) for segment, is_there in self._copy.segments()]

    def _mask(self, segment: Segment, is_there: Mask | None) -> Mask:
        mask = self._meeting(segment)
        if mask is None:
            mask = np.ones(len(segment), dtype=bool)
        if is_there is not None:
            mask &= is_there
        return mask

    def _meeting(self, segment: Segment) -> Mask | None:
        """The rows that meet all conditions, whether they count or not; None is all."""
        mask = asking.seen(segment, self._sight)
        for asked in self._asked:
            met = asked.of(segment)
            mask = met if mask is None else mask & met
        return mask

    def count(self) -> int:
        if self._last is not None:
            return sum(map(len, self._last[1]))
        return sum(int(np.count_nonzero(mask)) for _, mask in self.found)

    def holds(self, pk: int) -> bool:
        if self._last is not None:  # of a list that is walked the keys are at hand
            return any(line.holds(pk) for line in self._last[1])
        key = np.array([pk], dtype=np.int64)
        return any(bool(mask[segment.places(key)].any()) for segment, mask in self.found)

    def holds_each(self, keys: Numbers) -> Mask:
        """Which of some conversations are among them; the keys may stand in any order, and twice."""
        wanted = distinct(keys)
        found = np.zeros(len(wanted), dtype=bool)
        for segment, mask in self.found:
            places = segment.places(wanted)
            found |= among(wanted, segment.at("id", places[mask[places]]))
        are_so: Mask = found[np.searchsorted(wanted, keys)]
        return are_so

    def total(self, column: str) -> int:
        every = ((mask[where], held) for segment, mask in self.found for where, (held,) in segment.pieces(column))
        return sum(int((held * are_meant).sum(dtype=np.int64)) for are_meant, held in every)

    def pks(self) -> Numbers:
        """All primary keys, in order."""
        every = [chosen(ids, mask[where]) for segment, mask in self.found for where, (ids,) in segment.pieces("id")]
        found = np.concatenate(every) if every else np.zeros(0, dtype=np.int64)
        found.sort(kind="stable")  # long runs of them are in order
        return found

    def keys(self, order: Order, start: Key | None, limit: int, *, backwards: bool = False) -> list[Key]:
        """Up to `limit` (sort value, primary key) strictly beyond `start`, nearest first."""
        along = Ranks(order)
        ranks, keys = self._first(along, start, limit, backwards)
        return [(along.value_of(rank), abs(key)) for rank, key in zip(ranks.tolist(), keys.tolist(), strict=True)]

    def all_keys(self, order: Order, start: Key | None, limit: int) -> tuple[Key | None, array[int]]:
        """Up to `limit` primary keys strictly beyond `start`, nearest first, and the last of them with its value."""
        along = Ranks(order)
        ranks, keys = self._first(along, start, limit, backwards=False)
        last = (along.value_of(int(ranks[-1])), abs(int(keys[-1]))) if len(keys) else start
        return last, array("q", np.abs(keys).tobytes())

    def _first(self, along: Ranks, start: Key | None, limit: int, backwards: bool) -> tuple[Numbers, Numbers]:
        place = None if start is None else along.place_of(*start)
        found = [line.nearest(place, limit, backwards=backwards) for line in self._lines(along)]
        ranks, keys = (np.concatenate(each) for each in zip(*found, strict=True))
        best = np.lexsort((keys, ranks))
        best = best[::-1][:limit] if backwards else best[:limit]
        return ranks[best], keys[best]

    def count_before(self, order: Order, end: Key) -> int:
        """How many stand before `end`."""
        along = Ranks(order)
        place = along.place_of(*end)
        return sum(line.before(place) for line in self._lines(along))

    def _lines(self, along: Ranks) -> list[Line]:
        """All that match, which a page asks for several times: before a row, behind it, and how many."""
        if self._last is None or self._last[0] != along.order:
            question, write = self._question(along.order), partial(self._written, along)
            self._last = along.order, write() if question is None else self._copy.lines(question, write)
        return self._last[1]

    def _written(self, along: Ranks) -> list[Line]:
        return [Line(segment, mask, along) for segment, mask in self.found]

    def _question(self, order: Order) -> Hashable:
        """What tells the lines of one copy apart; None where they change without it, as names do."""
        if order.sort.computed is not None:
            return None
        return order, self._sight, tuple([asked.question for asked in self._asked])

    def tallies(self, columns: Sequence[str]) -> dict[str, Counter[str]]:
        """For each column the number of conversations by value as text: none is "", yes "1", no "0"."""
        return {column: self._tally(column) for column in columns}

    def _tally(self, name: str) -> Counter[str]:
        if name not in WORDS:
            every = added(self._counted(name))
            return +Counter({"": every.missing} | {str(value): times for value, times in every.told()})
        found = Counter[str]()
        for layer, counted in zip(self._copy.layers, self._counted(name), strict=True):
            for place, times in counted.told():
                found[layer.segment.words[name][place]] += times
            found[""] += counted.missing
        return +found

    def handled_by(self) -> Counter[str]:
        every = dict(added(self._counted(HANDLED_BY)).told())
        return +Counter({value: every.get(number, 0) for value, number in HANDLED.items()})

    def took_part(self, *, is_counted: bool = False) -> Counter[int]:
        """Conversations by the key of whoever had any part in them, or one that counts."""
        return Counter(dict(added(self._counted(COUNTED_PART if is_counted else TOOK_PART)).told()))

    def _counted(self, what: str) -> list[Counted]:
        """By layer. Marks change without the copy: what they choose is counted anew."""
        if any(asked.is_of_marks for asked in self._asked):
            return [count(segment, what, mask) for segment, mask in self.found]
        question = (self._sight, *[asked.question for asked in self._asked])
        return [layer.counted(what, question, partial(self._meeting, layer.segment)) for layer in self._copy.layers]
