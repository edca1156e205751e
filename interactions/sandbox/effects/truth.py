"""What was planted and how it came out: the file that analyses are checked against."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from interactions.sandbox.cast import AGENTS, SKILLS
from interactions.sandbox.wording import AUTOMATIC

from . import sizes
from .asides import ASIDES, ODDS
from .fates import Calendar, chances, rate_shares, shares
from .switches import Effects

Json = dict[str, Any]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass
class Outcome:
    """The prepared history, one row per conversation, as if all of it were over."""

    start: Ints
    agent: Ints  # whom the survey credits, as a position in AGENTS
    skill: Ints  # of the subject, also when the bot alone spoke
    language: npt.NDArray[np.str_]
    arc: npt.NDArray[np.str_]
    opinion: Ints
    rated: Flags
    harmed: Flags
    assured: Flags
    asides: Ints
    mcs: Ints  # negative: none

    @property
    def human(self) -> Flags:
        """Talks that an agent held and no manager took over."""
        return ~np.isin(self.arc, ("bot_only", "abandoned", "takeover"))

    @property
    def served(self) -> Flags:
        found: Flags = self.arc != "abandoned"
        return found


def truth(effects: Effects, outcome: Outcome, calendar: Calendar) -> Json:
    """Sizes as planted, and as they came out in the history. Opinions are 1..5, given as a rating or kept."""
    return {
        "effects": asdict(effects),
        "opinion_at_least": dict(zip("2345", _rounded(chances(np.zeros(1))[0]), strict=True)),
        "agents": _agents(effects, outcome),
        "skills": _skills(effects, outcome),
        "words": {code: _words(effects, outcome, code) for code in ASIDES},
        "message": {
            "harming": _message(sizes.HARMING, sizes.HARM * effects.message, outcome, outcome.harmed),
            "harmless": _message(sizes.HARMLESS, 0.0, outcome, outcome.assured),
        },
        "raters": _raters(effects, outcome),
        "mix": _mix(effects, outcome, calendar),
        "mood": _mood(effects, outcome),
    }


def _rounded(values: Iterable[Any]) -> list[float]:
    return [round(float(each), 4) for each in values]


def _size(log_odds: float) -> Json:
    return {"log_odds": round(log_odds, 4), "odds_ratio": round(math.exp(log_odds), 4)}


def _ranked(rows: list[Json]) -> list[Json]:
    """The best first; equals share a rank."""
    rows.sort(key=lambda row: -float(row["log_odds"]))
    return [{"rank": 1 + sum(other["log_odds"] > row["log_odds"] for other in rows), **row} for row in rows]


def _seen(outcome: Outcome, rows: Flags) -> Json:
    scores = outcome.mcs[rows & (outcome.mcs >= 0)]
    return {
        "conversations": int(rows.sum()),
        "rated": int((rows & outcome.rated).sum()),
        "mean_csat": _mean(outcome.opinion[rows & outcome.rated]),
        "mean_opinion": _mean(outcome.opinion[rows]),
        "mean_mcs": _mean(scores),
    }


def _mean(values: npt.NDArray[Any]) -> float | None:
    return round(float(values.mean()), 4) if len(values) else None


def _agents(effects: Effects, outcome: Outcome) -> list[Json]:
    """Those who serve; managers take over what others began, and are no better or worse for it."""
    rows = []
    for number, agent in enumerate(AGENTS):
        if agent.user_type == "1" and not agent.manages:
            size = sizes.agent_log_odds(agent) * effects.agents
            happy = float(chances(np.array([size]))[0, 2])
            who = {"id": str(agent.id), "name": agent.full_name, **_size(size), "happy_share": round(happy, 4)}
            own = {"pace": agent.pace, "load": agent.load} if effects.agents else {"pace": 1.0, "load": 1.0}
            rows.append(who | own | _seen(outcome, outcome.human & (outcome.agent == number)))
    return _ranked(rows)


def _skills(effects: Effects, outcome: Outcome) -> list[Json]:
    rows = []
    for number, (name, size) in zip(sizes.TOPICS, sizes.SKILL_LOG_ODDS.items(), strict=True):
        seen = _seen(outcome, outcome.human & (outcome.skill == number))
        rows.append({"id": str(number), "name": name, **_size(size * effects.skills)} | seen)
    return _ranked(rows)


def _words(effects: Effects, outcome: Outcome, code: str) -> list[Json]:
    """The odds that a consumer of opinion 1 or 2 says it, against those of the others."""
    mine = outcome.language == code
    unhappy = outcome.opinion <= sizes.UNHAPPY
    rows = []
    for number, aside in enumerate(ASIDES[code]):
        said = (outcome.asides >> number & 1).astype(bool)
        cells = [
            int((mine & each).sum()) for each in (said & unhappy, ~said & unhappy, said & ~unhappy, ~said & ~unhappy)
        ]
        seen = round(cells[0] * cells[3] / (cells[1] * cells[2]), 4) if cells[1] * cells[2] else None
        planted = ODDS[number] if effects.words else 1.0
        counts = {"conversations": cells[0] + cells[2], "of_them_unhappy": cells[0], "seen_odds_ratio": seen}
        rows.append({**aside._asdict(), "odds_ratio": planted, "control": ODDS[number] == 1.0, **counts})
    return rows


def _message(event: str, log_odds: float, outcome: Outcome, fired: Flags) -> Json:
    """It fires by chance alone in a share of the talks with a person; the others are its control."""
    talks = ~np.isin(outcome.arc, ("bot_only", "abandoned"))
    sides = {"fired": _seen(outcome, talks & fired), "not_fired": _seen(outcome, talks & ~fired)}
    return {"event_id": event, "texts": AUTOMATIC[event], "share": sizes.MESSAGE_SHARE, **_size(log_odds), **sides}


def _raters(effects: Effects, outcome: Outcome) -> Json:
    """Over all that somebody answered, the bot too."""
    happy, others = rate_shares(effects)
    means = {
        "all": _mean(outcome.opinion[outcome.served]),
        "raters": _mean(outcome.opinion[outcome.served & outcome.rated]),
        "others": _mean(outcome.opinion[outcome.served & ~outcome.rated]),
    }
    return {"share_of_happy_who_rate": happy, "share_of_others_who_rate": others, "mean_opinion": means}


def _mix(effects: Effects, outcome: Outcome, calendar: Calendar) -> Json:
    during = (outcome.start >= calendar.flood_from) & (outcome.start < calendar.flood_to)
    names = [SKILLS[number][0] for number in sizes.TOPICS]

    def side(rows: Flags) -> Json:
        by_skill = {
            name: _seen(outcome, rows & (outcome.skill == number))
            for name, number in zip(names, sizes.TOPICS, strict=True)
        }
        return {"all": _seen(outcome, rows), "skills": by_skill}

    return {
        "from": _instant(calendar.flood_from),
        "to": _instant(calendar.flood_to),
        "more_often": list(sizes.FLOODED) if effects.mix else [],
        "times": sizes.FLOOD if effects.mix else 1.0,
        "shares_else": dict(zip(names, _rounded(shares(effects, False)), strict=True)),
        "shares_during": dict(zip(names, _rounded(shares(effects, True)), strict=True)),
        "else": side(outcome.human & ~during),
        "during": side(outcome.human & during),
    }


def _instant(epoch_ms: int) -> str:
    return datetime.fromtimestamp(epoch_ms / 1000, UTC).isoformat()


def _mood(effects: Effects, outcome: Outcome) -> Json:
    """With it, arcs and scores follow the opinion: here is what scores an opinion goes with."""
    scored = outcome.human & (outcome.mcs >= 0)
    means = {str(level): _mean(outcome.mcs[scored & (outcome.opinion == level)]) for level in range(1, 6)}
    return {"mean_mcs_by_opinion": means, "follows": effects.mood}
