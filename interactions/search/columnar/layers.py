"""Conversations of a segment, but for those that have changed since it was made."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from .counted import Counted, Counts
from .segment import Segment

if TYPE_CHECKING:
    from .layout import Mask, Numbers


@dataclass(frozen=True)
class Layer:
    """`gone` are the rows that no longer count, in the order in which they went; `is_there` is None where all count."""

    segment: Segment
    gone: Numbers = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    is_there: Mask | None = None
    # A later layer counts on from there.
    _counts: Counts = field(default_factory=Counts, compare=False)

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

    def counted(self, what: str, question: Hashable, meets: Callable[[], Mask | None]) -> Counted:
        """What those hold that meet a question; `meets` tells which rows do, whether they count or not, None is all."""
        return self._counts.of(self.segment, what, question, meets, self.gone)
