"""What becomes of each conversation: subject, agent, opinion, whether it is rated, how it is told. Drawn at once.

A consumer's opinion (1..5) is drawn first, from odds that agent, skill and automatic message move; whether it is
given as a rating, which arc the story takes, its scores and its words are then drawn from the opinion, or apart
from it where the switch is off. The same luck is used whatever is on.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from interactions.sandbox.after import RATING
from interactions.sandbox.cast import AGENTS
from interactions.sandbox.story import ARCS

from . import sizes
from .asides import ODDS
from .scores import TRACKS
from .switches import Effects

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
ARC_NAMES = tuple(dict.fromkeys(ARCS))
BOT, NOBODY = ARC_NAMES.index("bot_only"), ARC_NAMES.index("abandoned")
RATING_, SCORES, ANSWERS = 0, 1, 2  # columns of `opinion`: what a rating, the scores, the other answers follow
_COUNT = Counter(ARCS)
_WEIGHT = np.array([0.0 if n in (BOT, NOBODY) else _COUNT[name] for n, name in enumerate(ARC_NAMES)])
_GIVEN_ARC = np.array([RATING[name] for name in ARC_NAMES]) / 100.0
_JOINT = _WEIGHT[:, None] * _GIVEN_ARC / _WEIGHT.sum()  # (arcs, opinions) of talks with a person


@dataclass
class Fates:
    """One row per conversation."""

    topic: Ints  # positions in sizes.TOPICS
    agents: Ints  # (rows, 2) positions in AGENTS: who serves, and a colleague
    arc: Ints  # positions in ARC_NAMES
    harmed: Flags
    rated: Flags
    opinion: Ints  # (rows, 3)
    asides: Ints  # bits
    track: Ints


@dataclass(frozen=True)
class Calendar:
    """Instants, epoch ms: when agents move or leave, and the month in which the mix shifts."""

    half: int
    flood_from: int
    flood_to: int


def draw(effects: Effects, rng: np.random.Generator, start: Ints, calendar: Calendar) -> Fates:
    luck = rng.random((len(start), 10 + len(ODDS)))
    track = rng.integers(0, TRACKS, len(start))
    flooded = (start >= calendar.flood_from) & (start < calendar.flood_to)
    topic = _topics(effects, luck[:, 0], flooded)
    agents = _agents(effects, topic, luck[:, 1], start > calendar.half)
    kind = _kinds(luck[:, 2])
    harmed = (kind < 0) & (luck[:, 3] < sizes.MESSAGE_SHARE)
    shift = _shifts(effects, topic, agents[:, 0], kind, harmed)
    opinion = _opinions(effects, kind, shift, luck[:, 4:7])
    happy = opinion[:, RATING_] > 3
    rated = (kind != NOBODY) & (luck[:, 7] < np.where(happy, *rate_shares(effects)))
    arc = np.where(kind >= 0, kind, _arcs(effects, opinion[:, RATING_], luck[:, 8]))
    asides = _asides(effects, opinion[:, RATING_] <= sizes.UNHAPPY, luck[:, 10:])
    return Fates(topic, agents, arc, harmed, rated, opinion, asides, (opinion[:, SCORES] - 1) * TRACKS + track)


def shares(effects: Effects, flooded: bool) -> Floats:
    """Of each topic, outside and inside the month in which the mix shifts."""
    many = dict.fromkeys(sizes.FLOODED, sizes.FLOOD) if flooded and effects.mix else {}
    weights = np.array([weight * many.get(name, 1.0) for name, weight in sizes.SKILL_SHARE.items()])
    found: Floats = weights / weights.sum()
    return found


def rate_shares(effects: Effects) -> tuple[float, float]:
    """How many of the happy, and of the others, rate."""
    if effects.raters:
        return sizes.HAPPY_RATE_SHARE, sizes.UNHAPPY_RATE_SHARE
    return sizes.RATE_SHARE, sizes.RATE_SHARE


def chances(shift: Floats, kind: str | None = None) -> Floats:
    """(rows, 4): the chance of an opinion of at least 2, 3, 4, 5; of a kind of talk that has its own scale."""
    usual = _JOINT.sum(axis=0) if kind is None else _GIVEN_ARC[ARC_NAMES.index(kind)]
    at_least = usual[::-1].cumsum()[::-1][1:] / usual.sum()
    odds = np.log(np.maximum(at_least, 1e-9) / np.maximum(1 - at_least, 1e-9))
    found: Floats = 1 / (1 + np.exp(-(odds + shift[:, None])))
    return found


def aside_shares(effects: Effects) -> Floats:
    """(2, asides): how often each is said, by the others and by the unhappy."""
    usual = sizes.ASIDE_SHARE / (1 - sizes.ASIDE_SHARE)
    odds = usual * np.array([[1.0] * len(ODDS), ODDS if effects.words else [1.0] * len(ODDS)])
    found: Floats = odds / (1 + odds)
    return found


def _topics(effects: Effects, luck: Floats, flooded: Flags) -> Ints:
    usual, shifted = (shares(effects, each).cumsum()[:-1] for each in (False, True))
    return np.where(flooded, np.searchsorted(shifted, luck), np.searchsorted(usual, luck))


def _agents(effects: Effects, topic: Ints, luck: Floats, late: Flags) -> Ints:
    """Who has the skill, by share of the work, and the next in line."""
    agents = np.zeros((len(topic), 2), dtype=np.int64)
    for number, skill in enumerate(sizes.TOPICS):
        able = np.array([n for n, each in enumerate(AGENTS) if skill in each.skills and each.user_type == "1"])
        loads = np.array([AGENTS[n].load if effects.agents else 1.0 for n in able])
        rows = topic == number
        seat = np.searchsorted((loads / loads.sum()).cumsum()[:-1], luck[rows])
        agents[rows] = np.stack([able[seat], able[(seat + 1) % len(able)]], axis=1)
    left = np.array([each.deleted for each in AGENTS])
    agents[late[:, None] & left[agents]] = AGENTS.index(sizes.SUCCESSOR)
    same = agents[:, 0] == agents[:, 1]
    agents[same, 1] = np.where(agents[same, 0] == 0, 1, 0)
    return agents


def _kinds(luck: Floats) -> Ints:
    """Talks with the bot alone, those nobody came to, and -1 for the others."""
    bot, nobody = _COUNT["bot_only"] / len(ARCS), _COUNT["abandoned"] / len(ARCS)
    return np.where(luck < bot, BOT, np.where(luck < bot + nobody, NOBODY, -1))


def _shifts(effects: Effects, topic: Ints, agent: Ints, kind: Ints, harmed: Flags) -> Floats:
    shift = np.zeros(len(topic))
    if effects.skills:
        shift += np.array(list(sizes.SKILL_LOG_ODDS.values()))[topic]
    if effects.agents:
        shift += np.array([sizes.agent_log_odds(each) for each in AGENTS])[agent]
    if effects.message:
        shift += harmed * sizes.HARM
    return np.where(kind < 0, shift, 0.0)


def _opinions(effects: Effects, kind: Ints, shift: Floats, luck: Floats) -> Ints:
    if effects.mood:
        luck = np.repeat(luck[:, :1], 3, axis=1)
    limits = chances(shift)
    if effects.mood:
        for number in (BOT, NOBODY):
            limits = np.where((kind == number)[:, None], chances(np.zeros(1), ARC_NAMES[number]), limits)
    found: Ints = 1 + (luck[:, :, None] < limits[:, None, :]).sum(axis=2)
    return found


def _arcs(effects: Effects, opinion: Ints, luck: Floats) -> Ints:
    """How a talk with a person goes."""
    joint = _JOINT if effects.mood else np.repeat(_WEIGHT[:, None], 5, axis=1)
    upto = (joint / joint.sum(axis=0)).cumsum(axis=0)
    found: Ints = np.minimum((luck[:, None] > upto.T[opinion - 1]).sum(axis=1), len(ARC_NAMES) - 1)
    return found


def _asides(effects: Effects, unhappy: Flags, luck: Floats) -> Ints:
    said = luck < aside_shares(effects)[unhappy.astype(np.int64)]
    found: Ints = (said << np.arange(len(ODDS))).sum(axis=1)
    return found
