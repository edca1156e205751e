"""Some conversations as columns: in files, or in memory."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import TYPE_CHECKING, Protocol

import numpy as np
from django.db import OperationalError

from interactions.search.limits import TooLong, is_cut_off, seconds_left

from .infile import InFile
from .layout import NUMBERS, PARTS, TYPES, WORDS

if TYPE_CHECKING:
    import numpy.typing as npt

    from .layout import Column, Mask, Numbers

Lists = Mapping[str, list[str]]
# Keys that may lie between the first and the last.
_WIDEST = 32_000_000
# Rows of a piece.
_PIECE = 1 << 16
# More keys are sought a piece at a time.
_FEW_PLACES = 1_000
# Answers that a process keeps, and the bytes that they may take.
MOST_ANSWERS, REMEMBERED = 64, 8_000_000


def stretches(size: int) -> Iterator[slice]:
    """Pieces of a long column, so that what is made of them in between stays in the processor's cache."""
    for start in range(0, size, _PIECE):
        yield slice(start, min(start + _PIECE, size))


def chosen(column: Column, mask: Mask) -> Column:
    """The values at the places that a mask has, to be read only; by the mask itself they take three times as long."""
    return column if np.count_nonzero(mask) == len(mask) else column[mask.nonzero()[0]]


class Segment(Protocol):
    """`words` are the texts that the columns of words count places in."""

    words: Lists

    def __len__(self) -> int: ...

    def column(self, name: str) -> Column: ...

    def once(self, question: Hashable, ask: Callable[[], Mask]) -> Mask:
        """The answer to a question, perhaps from an earlier time; whoever asks may change it."""
        ...

    def knows(self, question: Hashable) -> bool:
        """Whether the answer is remembered."""
        ...

    def among(self, keys: Numbers) -> Mask:
        """Which rows hold one of these conversations."""
        ...

    def places(self, keys: Numbers) -> Numbers:
        """The rows, in order, that hold one of these conversations, which are in order, each once."""
        ...

    def at(self, name: str, places: Numbers) -> Column:
        """What a column holds at some places, which are in order; few are quickly read."""
        ...

    def turns(self, rows: Numbers) -> Numbers:
        """Numbers that grow from row to row as the keys of conversations do."""
        ...

    def are_beyond(self, rows: Numbers, key: int, *, behind: bool) -> Mask:
        """Which of some rows hold a conversation with a larger key, where that is `behind`, or with a smaller one."""
        ...

    def parts_of(self, rows: Numbers) -> Numbers:
        """The places of the parts of some rows, which are in order."""
        ...

    def pieces(self, *names: str) -> Iterator[tuple[slice, list[Column]]]:
        """Columns of one length a stretch at a time, for whoever does not need all of them at once."""
        ...


class _End(threading.Event):
    """Of somebody's looking for an answer; `seconds` are those that they had, None where they had no limit."""

    def __init__(self, seconds: float | None) -> None:
        super().__init__()
        self._seconds = seconds
        self.was_cut_off = False

    def was_too_long_for(self, seconds: float | None) -> bool:
        """Whether looking anew, for so many seconds at most, would be as much in vain."""
        has_longer = self._seconds is not None and (seconds is None or seconds > self._seconds)
        return self.was_cut_off and not has_longer


class Answers:
    """Answers to questions about rows that never change, a bit for each; those used longest ago are forgotten."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._bits: OrderedDict[Hashable, npt.NDArray[np.uint8]] = OrderedDict()
        self._lock = threading.Lock()
        # Set when whoever looks for the answer to a question has ended; others who ask it wait for that.
        self._ends: dict[Hashable, _End] = {}

    def __len__(self) -> int:
        return len(self._bits)

    def __contains__(self, question: Hashable) -> bool:
        """Who asks is about to use it, perhaps by what was made of it: it is not the next to be forgotten."""
        with self._lock:
            if is_there := question in self._bits:
                self._bits.move_to_end(question)
            return is_there

    def once(self, question: Hashable, ask: Callable[[], Mask]) -> Mask:
        """Raises TooLong for who has waited in vain, and has no longer than another had who was cut off."""
        while True:
            with self._lock:
                bits = self._bits.pop(question, None)
                if bits is not None:
                    self._bits[question] = bits
                elif (theirs := self._ends.get(question)) is None:
                    mine = self._ends[question] = _End(seconds_left())
            if bits is not None:
                return np.unpackbits(bits, count=self._size).view(bool)
            if theirs is None:
                return self._asked(question, ask, mine)
            if not theirs.wait(seconds_left()) or theirs.was_too_long_for(seconds_left()):
                raise TooLong

    def _asked(self, question: Hashable, ask: Callable[[], Mask], end: _End) -> Mask:
        try:
            answer = ask()
            self._remember(question, answer)
            return answer
        except OperationalError as error:
            end.was_cut_off = is_cut_off(error)
            raise
        finally:
            with self._lock:
                del self._ends[question]
            end.set()

    def _remember(self, question: Hashable, answer: Mask) -> None:
        with self._lock:
            self._bits[question] = np.packbits(answer)
            while len(self._bits) > max(1, min(MOST_ANSWERS, 8 * REMEMBERED // max(1, self._size))):
                self._bits.popitem(last=False)


class InMemory:
    """A segment of few conversations."""

    def __init__(self, columns: Mapping[str, Column], words: Lists) -> None:
        self.words = words
        self._columns = columns
        self._answers = Answers(len(self))

    def __len__(self) -> int:
        return len(self._columns["id"])

    def column(self, name: str) -> Column:
        return self._columns[name]

    def once(self, question: Hashable, ask: Callable[[], Mask]) -> Mask:
        return self._answers.once(question, ask)

    def knows(self, question: Hashable) -> bool:
        return question in self._answers

    def among(self, keys: Numbers) -> Mask:
        return among(self._columns["id"], keys)

    def places(self, keys: Numbers) -> Numbers:
        return self.among(keys).nonzero()[0]

    def at(self, name: str, places: Numbers) -> Column:
        return self._columns[name][places]

    def turns(self, rows: Numbers) -> Numbers:
        return self._columns["id"][rows].astype(np.int64, copy=False)

    def are_beyond(self, rows: Numbers, key: int, *, behind: bool) -> Mask:
        found: Mask = self.turns(rows) > key if behind else self.turns(rows) < key
        return found

    def parts_of(self, rows: Numbers) -> Numbers:
        return spread(*np.searchsorted(self._columns["part_row"], np.stack([rows, rows + 1])))

    def pieces(self, *names: str) -> Iterator[tuple[slice, list[Column]]]:
        for where in stretches(len(self._columns[names[0]])):
            yield where, [self._columns[name][where] for name in names]


class InFiles:
    """A segment of many: a column is read when it is asked for and forgotten afterwards, so that memory stays flat."""

    def __init__(self, files: Mapping[str, InFile], size: int, words: Lists) -> None:
        self.words = words
        self._files = files
        self._size = size
        self._answers = Answers(size)

    def __len__(self) -> int:
        return self._size

    def column(self, name: str) -> Column:
        return self._files[name].whole()

    def once(self, question: Hashable, ask: Callable[[], Mask]) -> Mask:
        return self._answers.once(question, ask)

    def knows(self, question: Hashable) -> bool:
        return question in self._answers

    def among(self, keys: Numbers) -> Mask:
        found = np.zeros(len(self), dtype=bool)
        pieces = [*stretches(len(self))]
        keys = np.sort(keys, kind="stable")  # which they mostly are already
        for where, near in zip(pieces, self._near(keys, pieces), strict=True):
            if len(near):
                found[where] = self._among(near, where)
        return found

    def _near(self, keys: Numbers, pieces: list[slice]) -> list[Numbers]:
        """For each piece those of the keys, which are in order, that lie between its first and the next one's."""
        firsts = self.at("id", np.array([where.start for where in pieces], dtype=np.int64))
        return np.split(keys, np.searchsorted(keys, firsts[1:])) if pieces else []

    def _among(self, keys: Numbers, where: slice) -> Mask:
        first, last = self._ends(where)
        if last - first + 1 == where.stop - where.start:  # no key between them is missing: it tells the place
            found = np.zeros(where.stop - where.start, dtype=bool)
            found[keys[(keys >= first) & (keys <= last)] - first] = True
            return found
        return among(self._files["id"].between(where.start, where.stop), keys)

    def _ends(self, where: slice) -> tuple[int, int]:
        first, last = self.at("id", np.array([where.start, where.stop - 1])).tolist()
        return first, last

    def places(self, keys: Numbers) -> Numbers:
        if len(keys) > _FEW_PLACES:
            return self._places(keys)
        found = self._files["id"].first_from(keys)
        are_here = found < self._size
        found, keys = found[are_here], keys[are_here]
        is_it: Mask = self.at("id", found) == keys
        return found[is_it]

    def _places(self, keys: Numbers) -> Numbers:
        """Of many keys, a piece at a time."""
        found = [np.zeros(0, dtype=np.int64)]
        pieces = [*stretches(len(self))]
        for where, near in zip(pieces, self._near(keys, pieces), strict=True):
            if len(near):
                found.append(where.start + self._places_among(near, where))
        return np.concatenate(found)

    def _places_among(self, keys: Numbers, where: slice) -> Numbers:
        first, last = self._ends(where)
        keys = keys[(keys >= first) & (keys <= last)]
        if last - first + 1 == where.stop - where.start:  # no key between them is missing
            return keys - first
        ids = self._files["id"].between(where.start, where.stop)
        places: Numbers = np.searchsorted(ids, keys)
        is_it: Mask = ids[places] == keys
        return places[is_it]

    def at(self, name: str, places: Numbers) -> Column:
        return self._files[name].at(places)

    def turns(self, rows: Numbers) -> Numbers:
        return rows  # which are in order of their keys

    def are_beyond(self, rows: Numbers, key: int, *, behind: bool) -> Mask:
        place = int(self._files["id"].first_from(np.array([key + behind]))[0])
        found: Mask = rows >= place if behind else rows < place
        return found

    def parts_of(self, rows: Numbers) -> Numbers:
        found = self._files["part_row"]
        return spread(found.first_from(rows), found.first_from(rows + 1))

    def pieces(self, *names: str) -> Iterator[tuple[slice, list[Column]]]:
        for where in stretches(len(self._files[names[0]])):
            yield where, [self._files[name].between(where.start, where.stop) for name in names]


def spread(starts: Numbers, ends: Numbers) -> Numbers:
    """All places of some stretches, one stretch behind the other."""
    sizes = ends - starts
    before = np.cumsum(sizes) - sizes
    places: Numbers = np.arange(sizes.sum()) + np.repeat(starts - before, sizes)
    return places


def among(ids: Column, keys: Numbers) -> Mask:
    """Which of some ids are among the keys. They lie close together: ticking off takes a tenth of looking each up."""
    if not len(ids):
        return np.zeros(0, dtype=bool)
    first = int(ids.min())
    span = int(ids.max()) - first + 1
    if span > _WIDEST:
        return np.isin(ids, keys)
    ticked = np.zeros(span, dtype=bool)
    ticked[keys[(keys >= first) & (keys < first + span)] - first] = True
    return ticked[ids - first]


def empty() -> InMemory:
    return InMemory({name: np.zeros(0, kind) for name, kind in TYPES.items()}, {name: [] for name in WORDS})


def placed(segment: Segment, name: str, known: dict[str, int]) -> Column:
    """A column of words as places among the `known`, to which its own are added."""
    places = np.array([known.setdefault(word, len(known)) for word in segment.words[name]], TYPES[name])
    column = segment.column(name)
    return places[column] if len(column) else column


def joined(older: Segment, is_kept: Mask, newer: Segment) -> InMemory:
    """The rows of `older` that are kept, and behind them those of `newer`."""
    columns: dict[str, Column] = {}
    words: dict[str, list[str]] = {}
    for name in NUMBERS:
        columns[name] = np.concatenate([older.column(name)[is_kept], newer.column(name)])
    for name in WORDS:
        known = {word: place for place, word in enumerate(older.words[name])}
        columns[name] = np.concatenate([older.column(name)[is_kept], placed(newer, name, known)])
        words[name] = list(known)
    rows, row_of = older.column("part_row"), np.cumsum(is_kept, dtype=np.int32) - 1
    are_kept = is_kept[rows]
    moved = newer.column("part_row") + np.int32(is_kept.sum())
    columns["part_row"] = np.concatenate([row_of[rows[are_kept]], moved]).astype(TYPES["part_row"])
    for name in list(PARTS)[1:]:
        columns[name] = np.concatenate([older.column(name)[are_kept], newer.column(name)])
    return InMemory(columns, words)
