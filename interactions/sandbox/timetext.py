"""Instants as the API writes them, many at once."""

from __future__ import annotations

from typing import Any

import numpy as np

DAY = 86_400_000
_BLANK = np.frombuffer(b"0000-00-00 00:00:00.000+0000", dtype=np.uint8)
_DIGITS = ((11, 36_000_000, 10), (12, 3_600_000, 10), (14, 600_000, 6), (15, 60_000, 10), (17, 10_000, 6),
           (18, 1000, 10), (20, 100, 10), (21, 10, 10), (22, 1, 10))  # fmt: skip


def time_texts(instants: np.ndarray[Any, np.dtype[np.int64]]) -> list[bytes]:
    """`YYYY-MM-DD HH:MM:SS.mmm+0000` for each instant (epoch ms)."""
    days, of_day = np.unique(instants // DAY, return_inverse=True)
    names = np.datetime_as_string(days.astype("datetime64[D]"), unit="D").astype("S10")
    letters = np.tile(_BLANK, (len(instants), 1))
    letters[:, :10] = names.view(np.uint8).reshape(-1, 10)[of_day] if len(days) else 0
    rest = (instants % DAY).astype(np.int32)
    hours = rest // 3_600_000
    letters[:, 11] += (hours // 10).astype(np.uint8)
    letters[:, 12] += (hours % 10).astype(np.uint8)
    for column, unit, base in _DIGITS[2:]:
        letters[:, column] += (rest // unit % base).astype(np.uint8)
    found: list[bytes] = letters.reshape(-1).view("S28").tolist()
    return found
