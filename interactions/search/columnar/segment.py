"""Some conversations as columns: in files, or in memory."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from .layout import NUMBERS, PARTS, TYPES, WORDS

if TYPE_CHECKING:
    import numpy.typing as npt

    from .layout import Column, Mask, Numbers

Lists = Mapping[str, list[str]]
# Bytes of answers that a process keeps: at a million conversations those to 64 questions.
_REMEMBERED = 8_000_000


class Segment(Protocol):
    """`words` are the texts that the columns of words count places in."""

    words: Lists

    def __len__(self) -> int: ...

    def column(self, name: str) -> Column: ...

    def once(self, question: Hashable, ask: Callable[[], Mask]) -> Mask:
        """The answer to a question, perhaps from an earlier time; whoever asks may change it."""
        ...

    def places(self, keys: Numbers) -> Numbers:
        """The rows that hold these conversations."""
        ...


class InMemory:
    """A segment of few conversations."""

    def __init__(self, columns: Mapping[str, Column], words: Lists) -> None:
        self.words = words
        self._columns = columns

    def __len__(self) -> int:
        return len(self._columns["id"])

    def column(self, name: str) -> Column:
        return self._columns[name]

    def once(self, question: Hashable, ask: Callable[[], Mask]) -> Mask:
        return ask()

    def places(self, keys: Numbers) -> Numbers:
        return np.isin(self._columns["id"], keys).nonzero()[0]


class InFiles:
    """A segment of many: a column is read when it is asked for and forgotten afterwards, so that memory stays flat.

    From the system's cache of files a million numbers come in a millisecond.
    """

    def __init__(self, folder: Path, size: int, words: Lists) -> None:
        self.words = words
        self._folder = folder
        self._size = size
        # Answers, a bit for each row, the one that was used last at the end.
        self._answers: OrderedDict[Hashable, npt.NDArray[np.uint8]] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return self._size

    def column(self, name: str) -> Column:
        """OSError when the folder is gone."""
        return np.fromfile(self._folder / name, dtype=TYPES[name])

    def once(self, question: Hashable, ask: Callable[[], Mask]) -> Mask:
        with self._lock:
            bits = self._answers.pop(question, None)
            if bits is not None:
                self._answers[question] = bits
        if bits is not None:
            return np.unpackbits(bits, count=self._size).view(bool)
        answer = ask()
        with self._lock:
            self._answers[question] = np.packbits(answer)
            while len(self._answers) * self._size // 8 > _REMEMBERED:
                self._answers.popitem(last=False)
        return answer

    def places(self, keys: Numbers) -> Numbers:
        ids = self.column("id")
        if not len(ids):
            return np.zeros(0, dtype=np.int64)
        found: Numbers = np.minimum(np.searchsorted(ids, keys), len(ids) - 1)
        return np.compress(ids[found] == keys, found)


def empty() -> InMemory:
    return InMemory({name: np.zeros(0, kind) for name, kind in TYPES.items()}, {name: [] for name in WORDS})


def joined(older: Segment, is_kept: Mask, newer: Segment) -> InMemory:
    """The rows of `older` that are kept, and behind them those of `newer`."""
    columns: dict[str, Column] = {}
    words: dict[str, list[str]] = {}
    for name in NUMBERS:
        columns[name] = np.concatenate([older.column(name)[is_kept], newer.column(name)])
    for name in WORDS:
        known = {word: place for place, word in enumerate(older.words[name])}
        places = np.array([known.setdefault(word, len(known)) for word in newer.words[name]], TYPES[name])
        words[name] = list(known)
        new = newer.column(name)
        columns[name] = np.concatenate([older.column(name)[is_kept], places[new] if len(new) else new])
    rows, row_of = older.column("part_row"), np.cumsum(is_kept, dtype=np.int32) - 1
    are_kept = is_kept[rows]
    moved = newer.column("part_row") + np.int32(is_kept.sum())
    columns["part_row"] = np.concatenate([row_of[rows[are_kept]], moved]).astype(TYPES["part_row"])
    for name in list(PARTS)[1:]:
        columns[name] = np.concatenate([older.column(name)[are_kept], newer.column(name)])
    return InMemory(columns, words)
