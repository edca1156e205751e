"""A stand-in account: its conversations as of now, for the server to search and for tests to compare with."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import numpy as np
import orjson

from .cast import AGENTS, uuid_text
from .effects import Effects
from .effects.fates import RATING_
from .effects.truth import Outcome, truth
from .episode import Episode, play
from .facts import facts
from .plan import BLOCK, CAST_ROLES, Plan, blocks, calendar, cast, history
from .pool import Part, Pool
from .record import ALL, Conversation, render, words
from .settled import Settled
from .table import FOREVER, Codes, Table

Json = dict[str, Any]
Flags = np.ndarray[Any, np.dtype[np.bool_]]


@lru_cache(maxsize=2)  # tests serve the same account again and again
def _played(seed: int, parts: tuple[Part, ...], apart: bool) -> list[Episode]:
    return [play(seed, number, part, apart) for number, part in enumerate(parts)]


class Account:
    """The account `sandbox-<seed>`: a pure function of seed, conversations, days, anchor and effects (default: all).

    `anchor` is the instant that ends the prepared history (default: now, rounded down to ten minutes). With `live`
    time goes on from there as `clock` (epoch seconds) does: conversations arrive, go on, close, are rated late.
    """

    def __init__(
        self, *, seed: int = 1, conversations: int = 20_000, days: int = 90, anchor: datetime | None = None,
        live: bool = False, clock: Callable[[], float] = time.time, effects: Effects | None = None,
    ) -> None:  # fmt: skip
        self.seed, self.conversations, self.days, self.live = seed, conversations, days, live
        self.id = f"sandbox-{seed}"
        self.lock = threading.RLock()
        self._clock = clock
        self._numbers = itertools.count(1)
        self.anchor = anchor or datetime.fromtimestamp(int(clock()) // 600 * 600, UTC)
        self._anchor_ms = int(self.anchor.timestamp() * 1000)
        self.effects = effects or Effects()
        self._calendar = calendar(days, self._anchor_ms)
        self._rate = max(2.0, 3.0 * conversations / 20_000)  # arrivals a minute while live
        self.codes = Codes()
        for agent in AGENTS:
            self.codes.alias(agent.pid, str(agent.id))
        drafted = history(seed, conversations, days, self._anchor_ms, self.effects)
        # An account without a past plays for who comes what some past would have been.
        played = drafted if conversations else history(seed, 100, days, self._anchor_ms, self.effects)
        self._pool = Pool(seed, played.fates)
        self._episodes = _played(seed, self._pool.parts, not self.effects.mood)
        self._settled = Settled(seed, self._episodes, self.codes, self._calendar.half)
        self.table = Table()
        self._plan = cast(drafted, self._pool.episodes[:conversations], self._episodes, self.effects)
        self._ids: list[str] = []
        self._row_of: dict[str, int] = {}
        self._planned: list[int] = []  # row -> position in the plan, -1 for hand-made records
        self._first: list[bool] = []
        self._seen: set[int] = set()
        self._made: dict[int, Json] = {}
        self._blocks = 0
        self._append(self._plan, 0)
        self.refresh()

    def time(self) -> float:
        """The clock that everything around the account goes by, epoch seconds; it may stand still in tests."""
        return self._clock()

    def next_number(self) -> int:
        """Grows with each answer. To be taken under the lock, so that numbers tell the order of states."""
        return next(self._numbers)

    def now(self) -> int:
        """The account's instant, epoch ms: the anchor, or the clock once it has passed it."""
        return max(self._anchor_ms, int(self._clock() * 1000)) if self.live else self._anchor_ms

    def refresh(self) -> int:
        """Brings the table to the present instant, which is returned (epoch ms)."""
        with self.lock:
            now = self.now()
            self._catch_up(now)
            table = self.table
            due = (table["until"] <= now) & (table["start"] <= now) & (table["gone"] == 0)
            for row in np.flatnonzero(due).tolist():
                self._recompute(row, now)
            return now

    def _catch_up(self, now: int) -> None:
        """Takes in the hours that have begun since the last look."""
        begun = (now - self._anchor_ms) // BLOCK + 1 if self.live else 0
        if begun <= self._blocks:
            return
        missing = range(self._blocks, begun)
        known = (self._rate, self.conversations, self._anchor_ms, self._calendar, self.effects)
        drafted = blocks(self.seed, missing, *known)
        chosen = self._pool.choose(drafted.fates, drafted.luck[:, 0])
        plan = cast(drafted, chosen, self._episodes, self.effects)
        begin = len(self._plan)
        self._plan = self._plan.joined(plan)
        self._blocks = begun
        self._append(plan, begin)

    def _append(self, plan: Plan, begin: int) -> None:
        """Takes conversations of the plan, whose positions start at `begin`, into the table."""
        added = self._settled.table(plan)
        added["until"][added["updated"] > self.now()] = 0
        ids = [uuid_text("conversation", self.seed, key) for key in plan.key.tolist()]
        self._row_of.update(zip(ids, range(len(self.table), len(self.table) + len(ids)), strict=True))
        self._ids.extend(ids)
        self._planned.extend(range(begin, begin + len(ids)))
        for who in added["consumer"].tolist():
            self._first.append(who not in self._seen)
            self._seen.add(who)
        self.table.extend(added)

    def _recompute(self, row: int, now: int) -> None:
        later = [each for each in self.conversation(row).times if each > now]
        [record] = render([self.conversation(row)], [now if later else None], ALL, by_id=True)
        self.table.put(row, facts(orjson.loads(record), self.codes), min(later) if later else FOREVER)

    def conversation(self, row: int) -> Conversation:
        plan, position = self._plan, self._planned[row]
        return Conversation(
            id=self._ids[row],
            account=self.id,
            episode=self._episodes[int(plan.episode[position])],
            start=int(plan.start[position]),
            pace=float(plan.pace[position]),
            agents=tuple(plan.agents[position].tolist()),
            consumer=int(plan.consumer[position]),
            mix=int(plan.mix[position]),
            first=self._first[position],
            half=self._calendar.half,
            seed=self.seed,
            opinion=tuple(plan.opinion[position].tolist()),
            asides=int(plan.asides[position]),
            track=int(plan.track[position]),
        )

    def planted(self) -> Json:
        """The effects in the prepared history: sizes, what they came to, true means (see `effects.truth`)."""
        plan, rows = self._plan, slice(self.conversations)
        chosen = plan.episode[rows]

        def told(name: str) -> Any:
            return np.array([getattr(each, name) for each in self._episodes])[chosen]

        credited = np.array([CAST_ROLES.index(each.credited) for each in self._episodes])[chosen]
        outcome = Outcome(
            start=plan.start[rows],
            agent=plan.agents[np.arange(self.conversations), credited],
            skill=told("skill"),
            language=told("language"),
            arc=told("arc"),
            opinion=plan.opinion[rows, RATING_],
            rated=np.array([each.csat is not None for each in self._episodes])[chosen],
            harmed=told("harmed"),
            assured=told("assured"),
            asides=plan.asides[rows],
            mcs=self._settled.table(plan)["mcs"][rows],
        )
        settings = {"account": self.id, "conversations": self.conversations, "days": self.days}
        return settings | {"anchor": self.anchor.isoformat()} | truth(self.effects, outcome, self._calendar)

    def id_of(self, row: int) -> str:
        return self._ids[row]

    def records(
        self, rows: list[int], content: frozenset[str] = ALL, *, now: int, by_id: bool = True, v: int = 2
    ) -> list[bytes]:
        """The JSON of rows as of an instant (epoch ms, as `refresh` gave it)."""
        planned = [row for row in rows if row not in self._made]
        instants = [None if self.table["until"][row] == FOREVER else now for row in planned]
        talks = [self.conversation(row) for row in planned]
        found = dict(zip(planned, render(talks, instants, content, by_id=by_id, v=v), strict=True))
        return [found[row] if row in found else self._hand_made(row, content) for row in rows]

    def _hand_made(self, row: int, content: frozenset[str]) -> bytes:
        """The containers wanted, and those the API does not know: they are there to surprise."""
        wanted = {"info", *content} | (self._made[row].keys() - ALL)
        return orjson.dumps({key: each for key, each in self._made[row].items() if key in wanted})

    def words(self, row: int, now: int) -> str:
        """All that was said in a row, for the keyword filter."""
        if row not in self._made and self.table["until"][row] == FOREVER:
            return words(self.conversation(row))
        messages = orjson.loads(self.records([row], now=now)[0]).get("messageRecords") or []
        return "\n".join(str(((m.get("messageData") or {}).get("msg") or {}).get("text", "")) for m in messages)

    def visible(self, now: int) -> Flags:
        """Which rows exist at an instant."""
        found: Flags = (self.table["gone"] == 0) & (self.table["start"] <= now)
        return found

    def row_of(self, conversation_id: str, now: int) -> int | None:
        row = self._row_of.get(conversation_id)
        return row if row is not None and self.table["start"][row] <= now else None

    def truth(self) -> Iterator[Json]:
        """Every record in full as of now, in order of start."""
        now = self.refresh()
        rows = np.flatnonzero(self.visible(now))
        for row in rows[np.argsort(self.table["start"][rows], kind="stable")].tolist():
            yield orjson.loads(self.records([row], now=now)[0])

    def put(self, record: Json) -> None:
        """Adds a hand-made record, or replaces the one with the same conversation id.

        Raises OverflowError for a number beyond 64 bits and TypeError for what is no JSON, before anything changes.
        """
        with self.lock:
            identifier = str(record["info"]["conversationId"])
            added = Table(1)
            added.put(0, facts(record, self.codes), FOREVER)
            orjson.dumps(record)  # as searches will do
            self.remove(identifier)
            row = len(self.table)
            self.table.extend(added)
            self._ids.append(identifier)
            self._planned.append(-1)
            self._row_of[identifier] = row
            self._made[row] = record

    def remove(self, conversation_id: str) -> bool:
        """Takes a conversation away, as if LivePerson had forgotten it; False when there is none."""
        with self.lock:
            row = self._row_of.pop(conversation_id, None)
            if row is None:
                return False
            self.table["gone"][row] = 1
            self._made.pop(row, None)
            return True
