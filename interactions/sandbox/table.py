"""Columns over all conversations, ordered by start; what search filters by."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from .facts import LISTS, NONE, SCALARS, WIDTH, Row

Column = npt.NDArray[Any]
FOREVER = 1 << 62


class Codes:
    """Numbers for words; the same word always has the same number."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}

    def __call__(self, word: str) -> int:
        return self._codes.setdefault(word, len(self._codes) + 1)

    def alias(self, word: str, same_as: str) -> None:
        self._codes[word] = self(same_as)

    def known(self, word: str) -> int:
        """The number of a word, or one that no row has."""
        return self._codes.get(word, NONE - 1)


class Table:
    """Scalar columns and columns of up to WIDTH ids. `until` is the instant up to which a row is true."""

    def __init__(self, count: int = 0) -> None:
        self.columns: dict[str, Column] = {name: np.full(count, NONE, np.int64) for name in (*SCALARS, "until")}
        self.columns |= {name: np.full((count, WIDTH), NONE, np.int32) for name in LISTS}
        self.columns["gone"] = np.zeros(count, np.int8)

    def __len__(self) -> int:
        return len(self.columns["start"])

    def __getitem__(self, name: str) -> Column:
        return self.columns[name]

    def put(self, index: int, row: Row, until: int) -> None:
        """Writes one row."""
        for name in SCALARS:
            self.columns[name][index] = row[name]
        for name in LISTS:
            self.columns[name][index] = NONE
            self.columns[name][index, : len(row[name])] = row[name]
        self.columns["until"][index] = until

    def extend(self, other: Table) -> None:
        self.columns = {name: np.concatenate([mine, other[name]]) for name, mine in self.columns.items()}
