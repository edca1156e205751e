"""Message scores that follow an opinion and not the words: for accounts in which nothing goes with anything."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
TRACKS = 256  # for each opinion
LENGTH = 256  # more than any story has scored messages
_TONES = (-50, -25, 0, 25, 50)


@cache
def tracks() -> tuple[Ints, Ints]:
    """(opinions x TRACKS, LENGTH): raw scores, and the running score after each; the same for every account.

    A record shows a track's last scores, so that where it ends does not depend on how many there are.
    """
    rng = np.random.default_rng(20)
    tones = np.repeat(np.array(_TONES, dtype=np.float64), TRACKS)
    raw = np.clip(np.rint(tones[:, None] + rng.normal(0, 32, (len(tones), LENGTH))), -100, 100)
    running = np.empty_like(raw)
    mood = 50 + tones / 2
    for step in range(LENGTH):
        mood = mood * 0.68 + (50 + raw[:, step] / 2) * 0.32
        running[:, step] = mood
    return raw.astype(np.int64), np.rint(running).astype(np.int64)


def finals() -> Ints:
    """The score at the end of each track."""
    last: Ints = tracks()[1][:, -1]
    return last


def track_values(track: int, keys: list[tuple[bytes, bytes, bytes]]) -> dict[bytes, int]:
    """What goes into the slots of a record: raw score, running score and band, as many as there are keys."""
    raw, running = (each[track, LENGTH - len(keys) :].tolist() for each in tracks())
    found: dict[bytes, int] = {}
    for (raw_key, score_key, band_key), raw_score, score in zip(keys, raw, running, strict=True):
        found[raw_key], found[score_key], found[band_key] = raw_score, score, band(score)
    return found


def band(score: int) -> int:
    return -1 if score < 42 else 1 if score > 62 else 0


def bands(scores: Ints) -> Ints:
    return np.where(scores < 42, -1, np.where(scores > 62, 1, 0))
