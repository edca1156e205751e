"""What a consumer of an opinion answers in the survey: the same for a whole column and for one record."""

from __future__ import annotations

from functools import cache
from statistics import NormalDist
from typing import Any

import numpy as np

from . import slots
from .effects.fates import ANSWERS, RATING_
from .material import language
from .wording import YES_NO

_SOLVED = np.array([6, 15, 45, 85, 95])  # of a hundred, by opinion
_STEPS = 97
_CURVES = [NormalDist(opinion * 2.1 - 1, 1.2) for opinion in range(1, 6)]
_RECOMMENDED = np.array(
    [[min(10, max(0, round(each.inv_cdf((step + 0.5) / _STEPS)))) for step in range(_STEPS)] for each in _CURVES]
)
_SOLVED_LIST, _RECOMMENDED_LIST = _SOLVED.tolist(), _RECOMMENDED.tolist()


def fcr(opinion: Any, mix: Any) -> Any:
    """1 when the matter is said to be solved; arrays."""
    return ((mix >> 30) % 100 < _SOLVED[opinion - 1]).astype(np.int64)


def nps(opinion: Any, mix: Any) -> Any:
    """0..10; arrays."""
    return _RECOMMENDED[opinion - 1, (mix >> 20) % _STEPS]


def answers(code: str, opinion: tuple[int, ...], mix: int, known: dict[bytes, bytes | int]) -> dict[bytes, bytes | int]:
    """Slots of the survey. `known` are those that a comment may name."""
    other = opinion[ANSWERS]
    yes = (mix >> 30) % 100 < _SOLVED_LIST[other - 1]
    comments = _comments(code, other > 3)
    return {
        b"csat": opinion[RATING_],
        b"fcr": YES_NO[code][0 if yes else 1].encode(),
        b"fcr_id": b"a-y" if yes else b"a-n",
        b"nps": _RECOMMENDED_LIST[other - 1][(mix >> 20) % _STEPS],
        b"comment": comments[(mix >> 40) % len(comments)] % known,
    }


@cache
def _comments(code: str, happy: bool) -> list[bytes]:
    """Formats of the inside of a JSON string."""
    beats = language(code).common.beats["praise" if happy else "gripe"]
    return [slots.compile(each.lines[0].text.format(agent=slots.text("A.nick")))[1:-1] for each in beats]
