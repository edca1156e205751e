"""Who writes when, and who answers: the columns that make each conversation its own, drawn from a seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from .cast import AGENTS
from .effects import Effects
from .effects.fates import Calendar, Fates, draw
from .episode import Episode

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
ZONE = ZoneInfo("Europe/Paris")
QUARTER = 15 * 60_000
BLOCK = 60 * 60_000  # live time is drawn in hours
DAY = 86_400_000
FRESH = 50 * 60_000  # conversations just before the anchor, so that some are open
CAST_ROLES = ("A", "B", "M", "J", "R")
_HOURS = (2, 1, 1, 1, 1, 2, 5, 14, 34, 56, 68, 66, 52, 55, 62, 60, 57, 60, 66, 62, 48, 30, 14, 6)
_WEEKDAYS = (1.25, 1.1, 1.0, 1.0, 1.08, 0.62, 0.4)


@dataclass
class Plan:
    """One row per conversation, ordered by start (epoch ms)."""

    start: Ints
    episode: Ints
    pace: Floats
    agents: Ints  # (rows, CAST_ROLES) positions in AGENTS
    consumer: Ints
    mix: Ints  # a number per conversation for everything small
    key: Ints
    opinion: Ints  # (rows, 3), 1..5: what the rating, the scores and the other answers follow
    asides: Ints  # bits
    track: Ints

    def __len__(self) -> int:
        return len(self.start)

    def joined(self, other: Plan) -> Plan:
        return Plan(**joined([self, other], Plan))


@dataclass
class Draft:
    """What chance decides before there are episodes."""

    start: Ints
    consumer: Ints
    key: Ints
    luck: Floats  # (rows, 3) in 0..1: episode, joiner, pace
    mix: Ints
    fates: Fates


def calendar(days: int, anchor: int) -> Calendar:
    """The middle of the days; the last whole month of UTC in them, or their last third when there is none."""
    begin = anchor - days * DAY
    month = datetime.fromtimestamp(anchor / 1000, UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    last = (month - timedelta(days=1)).replace(day=1)
    flood = int(last.timestamp() * 1000), int(month.timestamp() * 1000)
    return Calendar(anchor - days * DAY // 2, *(flood if flood[0] >= begin else (anchor - days * DAY // 3, anchor)))


def history(seed: int, count: int, days: int, anchor: int, effects: Effects) -> Draft:
    """The conversations of the `days` before the anchor."""
    rng = np.random.default_rng([seed, 1])
    fresh = min(count // 4, max(16, count // 200), 150)
    slots = np.arange(anchor - days * DAY, anchor - FRESH, QUARTER, dtype=np.int64)
    weights = _weights(slots, rng)
    drawn = rng.choice(slots, size=count - fresh, p=weights / weights.sum())
    start = np.minimum(drawn + rng.integers(0, QUARTER, count - fresh), anchor - FRESH)
    latest = anchor - (rng.random(fresh) ** 2 * FRESH).astype(np.int64)
    start = np.sort(np.concatenate([start, latest]))
    consumer = (rng.random(count) ** 1.2 * _known(count)).astype(np.int64)
    luck, mix = rng.random((count, 3)), _mix(rng, count)
    return Draft(start, consumer, np.arange(count), luck, mix, draw(effects, rng, start, calendar(days, anchor)))


def blocks(seed: int, numbers: range, rate: float, count: int, anchor: int, when: Calendar, effects: Effects) -> Draft:
    """The conversations of the hours that begin `numbers` hours after the anchor; `rate` is per minute.

    Each hour is drawn from its own seed, so that it is the same whenever it is asked for.
    """
    hours = [_hour(seed, number, rate, count, anchor, when, effects) for number in numbers]
    return Draft(**joined(hours, Draft, "fates"), fates=Fates(**joined([each.fates for each in hours], Fates)))


def _hour(seed: int, number: int, rate: float, count: int, anchor: int, when: Calendar, effects: Effects) -> Draft:
    rng = np.random.default_rng([seed, 2, number])
    arrivals = int(rng.poisson(rate * BLOCK / 60_000)) or 1
    start = anchor + number * BLOCK + 1 + np.sort(rng.integers(0, BLOCK - 1, arrivals))
    key = 1_000_000_000 + number * 100_000 + np.arange(arrivals)
    consumer = np.where(rng.random(arrivals) < 0.4, rng.integers(0, _known(count), arrivals), key)
    luck, mix = rng.random((arrivals, 3)), _mix(rng, arrivals)
    return Draft(start, consumer, key, luck, mix, draw(effects, rng, start, when))


def joined(parts: Sequence[Any], kind: type[Any], *without: str) -> dict[str, Any]:
    """Columns of the parts, one after the other."""
    names = [each.name for each in fields(kind) if each.name not in without]
    return {name: np.concatenate([getattr(each, name) for each in parts]) for name in names}


def _known(count: int) -> int:
    return max(1, int(count * 0.7))


def _mix(rng: np.random.Generator, count: int) -> Ints:
    return rng.integers(0, 1 << 60, count)


def _weights(slots: Ints, rng: np.random.Generator) -> Floats:
    local = [datetime.fromtimestamp(int(slot) / 1000, UTC).astimezone(ZONE) for slot in slots]
    curve = np.array([_HOURS[t.hour] * _WEEKDAYS[t.weekday()] for t in local], dtype=np.float64)
    day = (slots // 86_400_000 - slots[0] // 86_400_000).astype(np.int64)
    swing = rng.normal(1.0, 0.12, int(day[-1]) + 1).clip(0.6, 1.5)
    if len(swing) > 20:
        swing[rng.integers(5, len(swing) - 5)] *= 2.1  # a sale, or a storm
    curve *= swing[day]
    return curve


def cast(draft: Draft, chosen: Ints, episodes: list[Episode], effects: Effects) -> Plan:
    """Gives each conversation its people and the episode `chosen` for it."""
    fates = draft.fates
    agents = np.zeros((len(draft.start), len(CAST_ROLES)), dtype=np.int64)
    handed_over = np.array([each.credited == "B" for each in episodes])[chosen]
    # The opinion is of whoever the survey credits, which is the second agent after a handover.
    agents[:, :2] = np.where(handed_over[:, None], fates.agents[:, ::-1], fates.agents)
    agents[:, 2] = np.array([_manager(n) for n in range(len(AGENTS))])[agents[:, 0]]
    agents[:, 3] = _HUMANS[(draft.luck[:, 1] * len(_HUMANS)).astype(np.int64)]
    agents[:, 4] = _MANAGERS[0]
    paces = np.array([each.pace if effects.agents else 1.0 for each in AGENTS])
    pace = (0.75 + 0.6 * draft.luck[:, 2]) * paces[agents[:, 0]]
    own = fates.opinion, fates.asides, fates.track
    return Plan(draft.start, chosen, pace, agents, draft.consumer, draft.mix, draft.key, *own)


_MANAGERS = [n for n, agent in enumerate(AGENTS) if agent.manages]
_HUMANS = np.array([n for n, a in enumerate(AGENTS) if a.user_type == "1" and not a.manages and not a.deleted])


def _manager(agent: int) -> int:
    mine = [n for n in _MANAGERS if AGENTS[agent].group in AGENTS[n].manages]
    return mine[0] if mine else _MANAGERS[0]
