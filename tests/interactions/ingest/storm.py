"""A storm: the product's own workers and beat read a live account in which everything goes wrong, one after the other
and some at once, while workers are killed and the broker is emptied; then it calms down, and they may finish.
"""

import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
from django.db.models import Min

from interactions.ingest import poison, refresh
from interactions.models import Account, Conversation, SyncWindow, UnreadableRecord
from interactions.sandbox.calls import Answer, Call
from tests.interactions.ingest.groups import Groups, kill
from tests.interactions.ingest.gusts import Gust, Weather
from tests.interactions.ingest.test_refresh import ms, record
from tests.ledger import stored

CHANGING, VICTIM, POISONED = 30, "c-5", 10
# Seconds within which a fault has to be met, and in which a worker is killed after a gust has begun.
PATIENCE, MOMENT = 300.0, 4.0
# Seconds in which an answer that was hit has gone out.
SETTLING = 2.0
LOOK, TRIES = 0.1, 3


class Clock:
    """The account's: the machine's own, until it stands still."""

    def __init__(self) -> None:
        self._stopped_at: float | None = None

    def __call__(self) -> float:
        return time.time() if self._stopped_at is None else self._stopped_at

    def stop(self) -> None:
        self._stopped_at = time.time()


@dataclass
class Storm:
    """One storm over one served account; `say` gets a line whenever something has happened."""

    importer: Any
    groups: Groups
    clock: Clock
    seed: int
    outage: float
    deadly: Path
    say: Callable[[str], None] = print
    served: Counter[str] = field(default_factory=Counter)
    kills: int = 0
    kills_at_work: int = 0
    emptied: int = 0
    bells_lost: int = 0
    deaths: int = 0
    came_back: int = 0

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self._began = time.monotonic()
        self._playing: Sequence[Gust] = ()
        self._answer = self.importer.served.sandbox.answer
        self.importer.served.sandbox.answer = self._watched
        self._round = 0

    def _watched(self, call: Call) -> Answer:
        answer: Answer = self._answer(call)
        for gust in self._playing:
            gust.note(call, answer)
        return answer

    def start(self) -> None:
        self.change()
        self.groups.beat()
        self.worker = self.groups.worker()

    def change(self) -> None:
        """Records that were read, or are about to be read, change under the reader's hands."""
        self._round += 1
        now = datetime.now(UTC)
        for number in range(CHANGING):
            started = ms(self.importer.account.anchor - timedelta(hours=3 + 7 * number))
            self.importer.account.put(
                record(f"c-{number}", started, csatRate=1 + self._round % 5, changed_ms=ms(now), turn=self._round)
            )

    def play(self, gusts: Sequence[Gust], *, strikes: bool = False, tries: int = TRIES) -> None:
        """Let these begin together, perhaps strike down the workers meanwhile, and wait until all have happened."""
        self.change()
        ids = [f"c-{number}" for number in self.chance.sample(range(CHANGING), POISONED) if f"c-{number}" != VICTIM]
        faults = [fault for gust in gusts for fault in gust.begin(Weather(self.outage, ids))]
        self._playing = gusts
        began = time.monotonic()
        self.importer.served.faults.script(*faults)
        if strikes:
            time.sleep(self.chance.uniform(0.0, MOMENT))
            self.strike()
        self._until(lambda: all(gust.is_spent for gust in gusts), PATIENCE / len(gusts))
        self._until(lambda: all(gust.has_happened for gust in gusts), SETTLING)
        time.sleep(max(0.0, began + max(gust.lasts for gust in gusts) - time.monotonic()))
        self.importer.served.faults.clear()
        self._playing = ()
        for gust in gusts:
            self.served[gust.name] += min(gust.counts)
        self.tell(" + ".join(f"{gust.name} {gust.counts}" for gust in gusts))
        for gust in gusts:
            if not gust.has_happened and tries > 1:  # another fault was in its way, or what was left of one
                self.play([gust], tries=tries - 1)

    def strike(self) -> None:
        """Kill the group of workers, whatever it is doing, and start another."""
        self.kills += 1
        self.kills_at_work += SyncWindow.objects.filter(state="running").exists()
        kill(self.worker)
        self.worker = self.groups.worker()

    def empty(self) -> None:
        """The broker forgets every bell, and some more than usual hung there."""
        for _ in range(5):
            self.groups.ring()
        self.bells_lost += self.groups.empty()
        self.emptied += 1

    def kill_by_a_record(self) -> None:
        """One record ends each process that looks at it, until it has been put aside."""
        self.deadly.write_text(VICTIM)
        self.change()
        given_up = UnreadableRecord.objects.filter(key=VICTIM, reason=poison.WHY)
        self._until(given_up.exists, PATIENCE)
        self.deaths = self.deadly.read_text().count("died")
        self.deadly.unlink()
        self.served["a record that kills its process"] += self.deaths
        self.tell(f"a record that kills its process: {self.deaths} died of it")

    def calm(self, patience: float) -> bool:
        """All is well from now on, and the account stands still; whether the workers finished in time."""
        self.change()
        self.importer.served.faults.clear()
        self.clock.stop()
        self.bring_back()
        since, began, rung = datetime.now(UTC), time.monotonic(), 0
        while (left := unfinished(since)) and time.monotonic() < began + patience:
            self.groups.ring()  # beat rings every five seconds only
            rung += 1
            if rung % 10 == 0:
                self.tell(f"calm, but {', '.join(left)}")
            time.sleep(1.0)
        kill(self.groups.started[0])  # beat: nothing new begins, and what is under way comes to its end
        self._until(lambda: not SyncWindow.objects.exclude(state="complete").exists(), 0 if left else 30)
        self.tell("the calm is over")
        return not left

    def bring_back(self) -> None:
        """What left LivePerson before anybody could store it, as it was shown last, comes back.

        A worker may have been killed with the one answer in hand that showed it so, or had only a part of it.
        """
        versions, held = self.importer.served.versions, stored()
        present = {each["info"]["conversationId"] for each in self.importer.account.truth()}
        behind = set(UnreadableRecord.objects.values_list("key", flat=True))
        for ident in set(versions.ids()) - present:
            if ident in behind or held.get(ident) != versions.expected(ident).digest:
                self.importer.account.put(orjson.loads(versions.body(ident)))
                self.came_back += 1

    def _until(self, is_so: Callable[[], bool], patience: float) -> bool:
        until = time.monotonic() + patience
        while not (found := is_so()) and time.monotonic() < until:
            time.sleep(LOOK)
        return found

    def tell(self, words: str) -> None:
        stored = Conversation.objects.count()
        self.say(f"{time.monotonic() - self._began:5.0f} s, {stored} stored, {self.kills} kills: {words}")

    @property
    def never_served(self) -> list[str]:
        return [name for name, count in self.served.items() if not count]

    def summary(self, wrong: int) -> str:
        faults = ", ".join(f"{name} {count}" for name, count in sorted(self.served.items()))
        told = f"{self.kills} kills ({self.kills_at_work} while a period was being read), "
        told += f"broker emptied {self.emptied} times ({self.bells_lost} bells lost), {self.deaths} died of a record, "
        told += f"{self.came_back} left before they could be stored and came back"
        seconds = time.monotonic() - self._began
        return f"seed {self.seed}, {seconds:.0f} s: {wrong} wrong; {told}; served: {faults}"


def unfinished(since: datetime) -> list[str]:
    """What the workers still have to do before everything that was there at an instant must be stored."""
    found = []
    if left := SyncWindow.objects.filter(kind="backfill").exclude(state="complete").count():
        found.append(f"{left} periods of history are open")
    covered = refresh.covered_to()
    if covered is None or covered <= since:
        found.append("no refresh is whole")
    if not _is_compared(since):
        found.append("not all is compared")
    if trouble := Account.objects.values_list("trouble", flat=True).first():
        found.append(f"trouble: {trouble}")
    return found


def _is_compared(since: datetime) -> bool:
    """Whether a comparison that began later has come round."""
    sweeps = SyncWindow.objects.filter(kind="sweep", planned_at__gt=since)
    oldest = sweeps.aggregate(at=Min("start_from"))["at"]
    whole = SyncWindow.objects.filter(kind="backfill").aggregate(at=Min("start_from"))["at"]
    is_round = oldest is not None and whole is not None and oldest <= whole + timedelta(hours=1)
    return is_round and not sweeps.exclude(state="complete").exists()
