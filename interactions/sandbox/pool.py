"""Which episodes are played, and which conversation is told by which: those of its kind, in equal parts."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .effects.fates import ARC_NAMES, Fates
from .effects.sizes import TOPICS

Ints = npt.NDArray[np.int64]
POOL = 2400  # distinct episodes, about; more conversations than that share them under other names and times
_ARCS = len(ARC_NAMES)


class Part(NamedTuple):
    """What an episode is to be. `spread` are two numbers in 0..1 that fill the square evenly within an arc."""

    skill: int
    arc: str
    rated: bool
    harmed: bool
    spread: tuple[float, float]


class Pool:
    """Kinds of episodes are topic, arc, rated, harmed; each is played as often as it is wanted, at least once."""

    def __init__(self, seed: int, fates: Fates) -> None:
        self._kinds = kinds(fates)
        count = len(self._kinds)
        order = np.random.default_rng([seed, 5]).permutation(count)
        rank = np.empty(count, dtype=np.int64)
        rank[order] = _ranks(self._kinds[order])
        found, number, wanted = np.unique(self._kinds, return_inverse=True, return_counts=True)
        played = np.maximum(1, wanted * min(count, POOL) // count)
        chosen = order[rank[order] < played[number[order]]]
        self._members = {kind: np.flatnonzero(self._kinds[chosen] == kind) for kind in found.tolist()}
        first = np.zeros((len(found), int(played.max())), dtype=np.int64)
        for row, kind in enumerate(found.tolist()):
            first[row, : played[row]] = self._members[kind]
        self.episodes: Ints = first[number, rank % played[number]]
        self.parts = _parts(seed, self._kinds[chosen])

    def choose(self, fates: Fates, luck: npt.NDArray[np.float64]) -> Ints:
        """Episodes for conversations that came later; of the nearest kind where theirs is not played."""
        wanted = kinds(fates)
        found = np.zeros(len(wanted), dtype=np.int64)
        for kind in np.unique(wanted).tolist():
            members = self._members[kind if kind in self._members else self._nearest(kind)]
            rows = wanted == kind
            found[rows] = members[(luck[rows] * len(members)).astype(np.int64)]
        return found

    def _nearest(self, kind: int) -> int:
        topic, arc, rated, harmed = _taken_apart(kind)

        def distance(other: int) -> tuple[int, int]:
            its = _taken_apart(other)
            return 8 * (its[0] != topic) + 4 * (its[2] != rated) + 2 * (its[3] != harmed) + (its[1] != arc), other

        found: int = min(self._members, key=distance)
        return found


def kinds(fates: Fates) -> Ints:
    """A number for each conversation's kind."""
    return ((fates.topic * _ARCS + fates.arc) * 2 + fates.rated) * 2 + fates.harmed


def _taken_apart(kind: int) -> tuple[int, int, bool, bool]:
    rest, harmed = divmod(kind, 2)
    rest, rated = divmod(rest, 2)
    topic, arc = divmod(rest, _ARCS)
    return topic, arc, bool(rated), bool(harmed)


def _ranks(values: Ints) -> Ints:
    """How many equal ones came before."""
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    begins = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    ranks = np.empty(len(values), dtype=np.int64)
    ranks[order] = np.arange(len(values)) - np.repeat(begins, np.diff(np.r_[begins, len(values)]))
    return ranks


def _parts(seed: int, played: Ints) -> tuple[Part, ...]:
    """Chance would give one arc more of a channel than another, and many conversations would then repeat it."""
    alike = played % (_ARCS * 4)  # arc, rated, harmed
    order = np.argsort(played, kind="stable")
    turn = np.empty(len(played), dtype=np.int64)
    turn[order] = _ranks(alike[order])
    offset = np.random.default_rng([seed, 6]).random((_ARCS * 4, 2))[alike]
    # Multiples of these two numbers fill the square more evenly than any others.
    spread = (offset + turn[:, None] * np.array([0.7548776662466927, 0.5698402909980532])) % 1
    parts = []
    for kind, (one, two) in zip(played.tolist(), spread.tolist(), strict=True):
        topic, arc, rated, harmed = _taken_apart(kind)
        parts.append(Part(TOPICS[topic], ARC_NAMES[arc], rated, harmed, (one, two)))
    return tuple(parts)
