"""Columns of finished conversations, all at once: the facts of their episodes joined with the plan's columns."""

from __future__ import annotations

from typing import Any

import numpy as np
import orjson

from .answers import fcr, nps
from .cast import AGENTS, FRONT_BOT, SURVEY_BOT, SYSTEM, consumer
from .effects.fates import ANSWERS, RATING_
from .effects.scores import bands, finals
from .episode import Episode
from .facts import LISTS, NONE, PERMISSIONS, SCALARS, WIDTH, Row, facts
from .plan import CAST_ROLES, Plan
from .record import Conversation, devices, instants_of, values
from .stage import ROLES
from .table import FOREVER, Codes, Table

_ROLE_NUMBER = {f"role:{role}": number for number, role in enumerate(ROLES)}
_FIXED = {"F": FRONT_BOT, "S": SURVEY_BOT, "X": SYSTEM}


class Settled:
    """Makes the table of a plan as if everything in it had happened."""

    def __init__(self, seed: int, episodes: list[Episode], codes: Codes, half: int) -> None:
        self._seed, self._codes, self._half = seed, codes, half
        self._channels = [each.channel for each in episodes]
        self._apart = any(each.apart for each in episodes)
        self._languages = [each.language for each in episodes]
        rows = [_exemplar(each) for each in episodes]
        self._scalars = {name: np.array([row[name] for row in rows], dtype=np.int64) for name in SCALARS}
        self._lists = {name: np.array([_padded(row[name]) for row in rows]) for name in LISTS}
        self._closed = np.array([each.offsets[each.ended if each.old else each.closed] for each in episodes])
        self._ended = np.array([each.offsets[each.ended] for each in episodes])
        self._updated = np.array([each.offsets.max() for each in episodes])
        self._role_positions = np.array([AGENTS.index(_FIXED[role]) if role in _FIXED else -1 for role in ROLES])
        self._agent_codes = np.array([codes(str(each.id)) for each in AGENTS], dtype=np.int64)
        self._groups = np.array([each.group for each in AGENTS])
        self._moved = np.array([each.moved_from or each.group for each in AGENTS])

    def table(self, plan: Plan) -> Table:
        table, columns = Table(len(plan)), {}
        for name, facts_ in self._scalars.items():
            columns[name] = facts_[plan.episode]
        self._opinions(columns, plan)
        columns["start"] = plan.start
        columns["end"] = columns["full_end"] = _after(plan, self._ended)
        columns["updated"] = _after(plan, self._updated)
        columns["duration"] = (_after(plan, self._closed) - plan.start) // 1000
        positions = self._positions(plan)
        for name in PERMISSIONS.values():
            columns[name] = self._people(self._lists[name][plan.episode], positions)
        columns["skills"] = self._lists["skills"][plan.episode]
        self._latest(columns, plan, positions)
        columns["source"] = np.array([self._codes(each) for each in self._channels])[plan.episode]
        columns["device"] = self._devices(plan)
        columns["consumer"] = self._consumers(plan)
        columns["until"] = np.full(len(plan), FOREVER, np.int64)
        for name, column in columns.items():
            table.columns[name] = column.astype(table[name].dtype)
        return table

    def _opinions(self, columns: dict[str, Any], plan: Plan) -> None:
        """What the conversation gives in place of its episode: rating, answers, and scores of its own."""
        other = plan.opinion[:, ANSWERS]
        found = {"csat": plan.opinion[:, RATING_], "nps": nps(other, plan.mix), "fcr": fcr(other, plan.mix)}
        if self._apart:
            found["mcs"] = finals()[plan.track]
            found["band"] = bands(found["mcs"])
        for name, column in found.items():
            columns[name] = np.where(columns[name] == NONE, NONE, column)

    def _positions(self, plan: Plan) -> Any:
        """(rows, ROLES): who plays each role, as a position in AGENTS."""
        fixed = np.tile(self._role_positions[len(CAST_ROLES) :], (len(plan), 1))
        return np.concatenate([plan.agents, fixed], axis=1)

    def _people(self, roles: Any, positions: Any) -> Any:
        chosen = np.take_along_axis(positions, np.maximum(roles, 0), axis=1)
        return np.where(roles == NONE, NONE, self._agent_codes[chosen])

    def _latest(self, columns: dict[str, Any], plan: Plan, positions: Any) -> None:
        role = columns["agent"]
        agent = positions[np.arange(len(plan)), np.maximum(role, 0)]
        columns["agent"] = np.where(role == NONE, self._codes("0"), self._agent_codes[agent])
        group = np.where(plan.start < self._half, self._moved[agent], self._groups[agent])
        columns["group"] = np.where(role == NONE, -1, group)

    def _devices(self, plan: Plan) -> Any:
        channels = np.array(self._channels)[plan.episode]
        found = np.zeros(len(plan), np.int64)
        for channel in set(self._channels):
            codes = np.array([self._codes(each[0]) for each in devices(channel)])
            rows = channels == channel
            found[rows] = codes[plan.mix[rows] % len(codes)]
        return found

    def _consumers(self, plan: Plan) -> Any:
        known: dict[tuple[str, int], int] = {}
        found = np.zeros(len(plan), np.int64)
        for row, (episode, number) in enumerate(zip(plan.episode.tolist(), plan.consumer.tolist(), strict=True)):
            key = (self._languages[episode], number)
            if key not in known:
                known[key] = self._codes(consumer(self._seed, *key).id)
            found[row] = known[key]
        return found


def _after(plan: Plan, offsets: Any) -> Any:
    return plan.start + (offsets[plan.episode] * plan.pace).astype(np.int64)


def _padded(found: list[int]) -> list[int]:
    return found + [NONE] * (WIDTH - len(found))


def _exemplar(episode: Episode) -> Row:
    """Facts of an episode, with roles in place of people."""
    talk = Conversation("c", "a", episode, 0, 1.0, (0,) * len(CAST_ROLES), 0, 0, False, 0, 0)
    instants = instants_of(talk)
    filled = values(talk, instants)
    filled |= {f"{role}.id".encode(): f"role:{role}".encode() for role in ROLES}
    filled |= {b"due": -1, b"duration": 0}
    parts = [form % filled for form in episode.whole(True, 2).values()]
    record = orjson.loads(b"{" + b",".join(parts) + b"}")
    row = facts(record, lambda word: _ROLE_NUMBER.get(word, NONE), updated=instants.times[-1])
    held = [turn.role for turn in episode.turns if turn.role]
    row["agent"] = ROLES.index(held[-1]) if held else NONE
    return row
