"""Who writes when, and who answers: the columns that make each conversation its own, drawn from a seed."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from .after import RATING
from .cast import AGENTS
from .episode import Episode

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
ZONE = ZoneInfo("Europe/Paris")
QUARTER = 15 * 60_000
BLOCK = 10 * 60_000
FRESH = 100 * 60_000  # conversations just before the anchor, so that some are open
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

    def __len__(self) -> int:
        return len(self.start)

    def joined(self, other: Plan) -> Plan:
        return Plan(*(np.concatenate([getattr(self, f.name), getattr(other, f.name)]) for f in fields(self)))


def history(seed: int, count: int, days: int, anchor: int, episodes: list[Episode]) -> Plan:
    """The conversations of the `days` before the anchor."""
    rng = np.random.default_rng([seed, 1])
    fresh = min(count // 4, max(8, count // 400), 80)
    slots = np.arange(anchor - days * 86_400_000, anchor - FRESH, QUARTER, dtype=np.int64)
    weights = _weights(slots, rng)
    drawn = rng.choice(slots, size=count - fresh, p=weights / weights.sum())
    start = drawn + rng.integers(0, QUARTER, count - fresh)
    start = np.minimum(start, anchor - FRESH)
    latest = anchor - (rng.random(fresh) ** 1.5 * FRESH).astype(np.int64)
    start = np.sort(np.concatenate([start, latest]))
    order = rng.permutation(count) % len(episodes)
    known = max(1, int(count * 0.7))
    consumer = (rng.random(count) ** 1.2 * known).astype(np.int64)
    return _cast(rng, seed, start, order, consumer, np.arange(count), episodes, anchor - days * 43_200_000)


def block(seed: int, number: int, rate: float, count: int, anchor: int, days: int, episodes: list[Episode]) -> Plan:
    """The conversations of the ten minutes that begin `number` blocks after the anchor; `rate` is per minute."""
    rng = np.random.default_rng([seed, 2, number])
    arrivals = int(rng.poisson(rate * 10)) or 1
    begin = anchor + number * BLOCK + 1
    start = np.sort(begin + rng.integers(0, BLOCK - 1, arrivals))
    episode = rng.integers(0, len(episodes), arrivals)
    known = max(1, int(count * 0.7))
    fresh = 50_000_000 + number * 10_000 + np.arange(arrivals)
    consumer = np.where(rng.random(arrivals) < 0.4, rng.integers(0, known, arrivals), fresh)
    keys = 1_000_000_000 + number * 10_000 + np.arange(arrivals)
    return _cast(rng, seed, start, episode, consumer, keys, episodes, anchor - days * 43_200_000)


def _weights(slots: Ints, rng: np.random.Generator) -> Floats:
    local = [datetime.fromtimestamp(int(slot) / 1000, UTC).astimezone(ZONE) for slot in slots]
    curve = np.array([_HOURS[t.hour] * _WEEKDAYS[t.weekday()] for t in local], dtype=np.float64)
    day = (slots // 86_400_000 - slots[0] // 86_400_000).astype(np.int64)
    swing = rng.normal(1.0, 0.12, int(day[-1]) + 1).clip(0.6, 1.5)
    if len(swing) > 20:
        swing[rng.integers(5, len(swing) - 5)] *= 2.1  # a sale, or a storm
    curve *= swing[day]
    return curve


def _cast(
    rng: np.random.Generator, seed: int, start: Ints, episode: Ints, consumer: Ints, key: Ints,
    episodes: list[Episode], half: int,
) -> Plan:  # fmt: skip
    count = len(start)
    agents = np.zeros((count, len(CAST_ROLES)), dtype=np.int64)
    kind = np.array([_kind(each) for each in episodes])[episode]
    for value in np.unique(kind):
        rows = np.flatnonzero(kind == value)
        pool, weights = _candidates(int(value))
        agents[rows, 0] = rng.choice(pool, size=len(rows), p=weights)
        agents[rows, 1] = pool[(np.searchsorted(pool, agents[rows, 0]) + 1) % len(pool)]
    humans = np.array([n for n, a in enumerate(AGENTS) if a.user_type == "1" and not a.manages and not a.deleted])
    left = np.array([each.deleted for each in AGENTS])
    late = start > half
    for column in (0, 1):
        gone = late & left[agents[:, column]]
        agents[gone, column] = 2  # took over the work of the one who left
    same = agents[:, 0] == agents[:, 1]
    agents[same, 1] = np.where(agents[same, 0] == humans[0], humans[1], humans[0])
    agents[:, 2] = [_manager(int(each)) for each in agents[:, 0]]
    agents[:, 3] = humans[rng.integers(0, len(humans), count)]
    agents[:, 4] = _MANAGERS[0]
    pace = rng.uniform(0.75, 1.35, count) * np.array([each.pace for each in AGENTS])[agents[:, 0]]
    mix = rng.integers(0, 1 << 60, count)
    return Plan(start, episode.astype(np.int64), pace, agents, consumer.astype(np.int64), mix, key.astype(np.int64))


def _kind(episode: Episode) -> int:
    good = sum(RATING[episode.arc][3:]) > 55
    return episode.skill * 2 + int(good)


def _candidates(kind: int) -> tuple[Ints, Floats]:
    skill, good = divmod(kind, 2)
    pool = [n for n, agent in enumerate(AGENTS) if skill in agent.skills and agent.user_type == "1"]
    fit = [AGENTS[n].load * (AGENTS[n].level if good else 1.05 - AGENTS[n].level) for n in pool]
    weights = np.array(fit) / sum(fit)
    return np.array(pool, dtype=np.int64), weights


_MANAGERS = [n for n, agent in enumerate(AGENTS) if agent.manages]


def _manager(agent: int) -> int:
    mine = [n for n in _MANAGERS if AGENTS[agent].group in AGENTS[n].manages]
    return mine[0] if mine else _MANAGERS[0]
