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

    def __len__(self) -> int:
        return len(self.start)

    def joined(self, other: Plan) -> Plan:
        return Plan(*(np.concatenate([getattr(self, f.name), getattr(other, f.name)]) for f in fields(self)))


@dataclass
class Draw:
    """What chance decides about conversations, before people are cast."""

    start: Ints
    episode: Ints
    consumer: Ints
    key: Ints
    luck: Floats  # (rows, 4) in 0..1: agent, joiner, pace, manager
    mix: Ints


def history(seed: int, count: int, days: int, anchor: int, episodes: list[Episode]) -> Plan:
    """The conversations of the `days` before the anchor."""
    rng = np.random.default_rng([seed, 1])
    fresh = min(count // 4, max(16, count // 200), 150)
    slots = np.arange(anchor - days * DAY, anchor - FRESH, QUARTER, dtype=np.int64)
    weights = _weights(slots, rng)
    drawn = rng.choice(slots, size=count - fresh, p=weights / weights.sum())
    start = np.minimum(drawn + rng.integers(0, QUARTER, count - fresh), anchor - FRESH)
    latest = anchor - (rng.random(fresh) ** 2 * FRESH).astype(np.int64)
    start = np.sort(np.concatenate([start, latest]))
    order = (rng.permutation(count) % len(episodes)).astype(np.int64)
    consumer = (rng.random(count) ** 1.2 * _known(count)).astype(np.int64)
    draw = Draw(start, order, consumer, np.arange(count), rng.random((count, 4)), _mix(rng, count))
    return _cast(draw, episodes, anchor - days * DAY // 2)


def blocks(seed: int, numbers: range, rate: float, count: int, anchor: int, days: int, episodes: list[Episode]) -> Plan:
    """The conversations of the hours that begin `numbers` hours after the anchor; `rate` is per minute.

    Each hour is drawn from its own seed, so that it is the same whenever it is asked for.
    """
    draws = [_hour(seed, number, rate, count, anchor, len(episodes)) for number in numbers]
    columns = (np.concatenate([getattr(draw, each.name) for draw in draws]) for each in fields(Draw))
    return _cast(Draw(*columns), episodes, anchor - days * DAY // 2)


def _hour(seed: int, number: int, rate: float, count: int, anchor: int, episodes: int) -> Draw:
    rng = np.random.default_rng([seed, 2, number])
    arrivals = int(rng.poisson(rate * BLOCK / 60_000)) or 1
    start = anchor + number * BLOCK + 1 + np.sort(rng.integers(0, BLOCK - 1, arrivals))
    episode = rng.integers(0, episodes, arrivals)
    key = 1_000_000_000 + number * 100_000 + np.arange(arrivals)
    consumer = np.where(rng.random(arrivals) < 0.4, rng.integers(0, _known(count), arrivals), key)
    return Draw(start, episode, consumer, key, rng.random((arrivals, 4)), _mix(rng, arrivals))


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


def _cast(draw: Draw, episodes: list[Episode], half: int) -> Plan:
    """Gives each conversation its people: who has the skill, by share of the work and by how such talks end."""
    kinds, kind_of = np.unique([_kind(each) for each in episodes], return_inverse=True)
    pools, chances = _candidates(kinds.tolist())
    kind = kind_of[draw.episode]
    sizes = np.array([len(each) for each in pools])
    table = np.array([list(each) + [0] * (sizes.max() - len(each)) for each in pools])
    chance = np.array([list(each) + [1.0] * (sizes.max() - len(each)) for each in chances])
    seat = np.minimum((draw.luck[:, :1] > chance[kind]).sum(axis=1), sizes[kind] - 1)
    agents = np.zeros((len(draw.start), len(CAST_ROLES)), dtype=np.int64)
    agents[:, 0] = table[kind, seat]
    agents[:, 1] = table[kind, (seat + 1) % sizes[kind]]
    _replace_the_gone(agents, draw.start > half)
    agents[:, 2] = np.array([_manager(n) for n in range(len(AGENTS))])[agents[:, 0]]
    agents[:, 3] = _HUMANS[(draw.luck[:, 1] * len(_HUMANS)).astype(np.int64)]
    agents[:, 4] = _MANAGERS[0]
    paces = np.array([each.pace for each in AGENTS])
    pace = (0.75 + 0.6 * draw.luck[:, 2]) * paces[agents[:, 0]]
    return Plan(draw.start, draw.episode, pace, agents, draw.consumer, draw.mix, draw.key)


def _replace_the_gone(agents: Ints, late: npt.NDArray[np.bool_]) -> None:
    """Who has left takes no late conversations; nobody hands over to themselves."""
    left = np.array([each.deleted for each in AGENTS])
    for column in (0, 1):
        agents[late & left[agents[:, column]], column] = _HUMANS[2]
    same = agents[:, 0] == agents[:, 1]
    agents[same, 1] = np.where(agents[same, 0] == _HUMANS[0], _HUMANS[1], _HUMANS[0])


def _kind(episode: Episode) -> int:
    good = sum(RATING[episode.arc][3:]) > 55
    return episode.skill * 2 + int(good)


def _candidates(kinds: list[int]) -> tuple[list[list[int]], list[Floats]]:
    """For each kind (skill and ending): positions of agents, and their chances added up."""
    pools, chances = [], []
    for skill, good in (divmod(kind, 2) for kind in kinds):
        pool = [n for n, agent in enumerate(AGENTS) if skill in agent.skills and agent.user_type == "1"]
        fit = [AGENTS[n].load * (AGENTS[n].level if good else 1.05 - AGENTS[n].level) for n in pool]
        pools.append(pool)
        chances.append(np.cumsum(fit) / sum(fit))
    return pools, chances


_MANAGERS = [n for n, agent in enumerate(AGENTS) if agent.manages]
_HUMANS = np.array([n for n, a in enumerate(AGENTS) if a.user_type == "1" and not a.manages and not a.deleted])


def _manager(agent: int) -> int:
    mine = [n for n in _MANAGERS if AGENTS[agent].group in AGENTS[n].manages]
    return mine[0] if mine else _MANAGERS[0]
