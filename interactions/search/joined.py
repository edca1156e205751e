"""All values of a column as one text, which SQLite joins in a third of the time that it takes to sort as many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from django.db import connection
from django.db.models import Aggregate, TextField

from interactions.models.together import agent_of

if TYPE_CHECKING:
    import numpy.typing as npt

    Numbers = npt.NDArray[np.int64]

BETWEEN_WORDS, BETWEEN_NUMBERS = "\x1f", ","
_JOINED = {"sqlite": "GROUP_CONCAT(%(expressions)s", "postgresql": "STRING_AGG((%(expressions)s)::text"}
# Characters of a joined text taken apart at a time.
_PIECE = 1_000_000


class Joined(Aggregate):
    """All values of an expression but the missing ones, with `between` between them."""

    def __init__(self, expression: Any, between: str = "") -> None:
        super().__init__(expression, output_field=TextField())
        self.template = f"{_JOINED[connection.vendor]}, '{between}')"


def words(text: str) -> Counter[str]:
    """How often each value stands in a text joined by BETWEEN_WORDS."""
    found: Counter[str] = Counter()
    for piece in _pieces(text):
        found.update(piece.split(BETWEEN_WORDS))
    return found


def numbers(text: str) -> Numbers:
    """The values of a text joined by BETWEEN_NUMBERS: a sixth of the time that it takes to split it."""
    return np.fromstring(text, dtype=np.int64, sep=BETWEEN_NUMBERS) if text else np.zeros(0, dtype=np.int64)


def distinct(keys: Numbers) -> Numbers:
    """Each of some primary keys once, in order. They lie close together: ticking them off takes a tenth of sorting."""
    seen = np.zeros(keys.max(initial=0) + 1, dtype=bool)
    seen[keys] = True
    return seen.nonzero()[0]


# Numbers farther apart than this, and much farther than they are many, are sorted: one may belong to the year 9999.
_NARROW = 1_000_000


def tally(values: Numbers) -> Counter[int]:
    """How often each number is among `values`, which mostly lie close together."""
    least = int(values.min(initial=0))
    if int(values.max(initial=0)) - least > max(_NARROW, 4 * len(values)):
        found, times = np.unique(values, return_counts=True)
        return Counter(dict(zip(found.tolist(), times.tolist(), strict=True)))
    counts = np.bincount(values.astype(np.int64) - least)
    return Counter({least + place: int(counts[place]) for place in counts.nonzero()[0].tolist()})


def tally_of(pieces: Iterable[Numbers]) -> Counter[int]:
    """The same of many, some at a time; tens of thousands of numbers are added up before any is told."""
    far, least, counts = Counter[int](), 0, np.zeros(0, dtype=np.int64)
    for values in pieces:
        if not len(values):
            continue
        first, end = int(values.min()), int(values.max()) + 1
        if not len(counts):
            least = first
        start, stop = min(first, least), max(end, least + len(counts))
        if stop - start > _NARROW:
            far.update(tally(values))
            continue
        if stop - start > len(counts):
            wider = np.zeros(stop - start, dtype=np.int64)
            wider[least - start : least - start + len(counts)] = counts
            least, counts = start, wider
        counts[first - least : end - least] += np.bincount(values.astype(np.int64) - first)
    places = counts.nonzero()[0]
    near = Counter(dict(zip((places + least).tolist(), counts[places].tolist(), strict=True)))
    near.update(far)
    return near


def agents(text: str) -> Counter[int]:
    """How often each agent stands in texts of models/together.py, one behind the other."""
    found: Counter[int] = Counter()
    for start in range(0, len(text), _PIECE):
        codes = np.frombuffer(text[start : start + _PIECE].encode("utf-32-le"), dtype="<u4")
        counts = np.bincount(codes)
        found.update({agent_of(int(code)): int(counts[code]) for code in counts.nonzero()[0]})
    return found


def _pieces(text: str) -> Iterator[str]:
    start = 0
    while start <= len(text):
        end = text.find(BETWEEN_WORDS, start + _PIECE)
        yield text[start : end if end >= 0 else None]
        start = end + 1 if end >= 0 else len(text) + 1
