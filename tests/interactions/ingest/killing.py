"""Workers killed at random moments, spread over one import: no kill is spent on an import that is over."""

import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from interactions.models import Conversation, SyncWindow
from tests.interactions.ingest.test_refresh import ms, record
from tests.interactions.ingest.worker import Worker

CHANGING = 20
POLL = 5.0  # seconds between two refreshes of these workers
# Records on most pages. What is not even one page is, on the average, a page for some lives and none for others.
_PAGE = 90
# Seconds. On the average the kill falls into the middle of what comes after the last page that was waited for.
_MOMENT = 0.3
# So many lives are left over for what random moments do not reach.
_SPARE = 5


@dataclass
class Kills:
    """What became of the workers: killed while history was left to read, after that, or ended before their kill."""

    in_time: int = 0
    late: int = 0
    missed: int = 0
    stored: list[int] = field(default_factory=list)

    def __str__(self) -> str:
        told = f"{self.in_time} kills while history was left, {self.late} later, {self.missed} came too late"
        return f"{told}; conversations stored at every tenth: {', '.join(map(str, self.stored[9::10]))}"


def change(importer: Any, round_number: int) -> None:
    """Records that the importer has seen, or is about to see, change under its hands.

    Now is the machine's own: workers go by it, and what changed at the test's start they would have read long ago.
    """
    for number in range(CHANGING):
        started = ms(importer.clock.now - timedelta(hours=3 + 7 * number))
        now = ms(datetime.now(UTC))
        importer.account.put(record(f"c-{number}", started, csatRate=1 + round_number % 5, changed_ms=now))


def kill_often(
    importer: Any, total: int, count: int, seed: int, *arguments: str, say: Callable[[str], None] = lambda words: None
) -> Kills:
    """Kill so many workers one after the other, then leave the last one to end; `total` is what it has to import."""
    chance, kills = random.Random(seed), Kills()
    for number in range(count + 1):
        if number < count:
            change(importer, number)
        else:
            time.sleep(POLL)  # else what changed last might not be due again before the last worker has ended
        worker = Worker(importer, *arguments)
        try:
            worker.until_ready()
            if number < count:
                left = max(0, total - Conversation.objects.count())
                _live(worker, chance, 2 * left / (count - number + _SPARE))
                _kill(worker, kills)
            worker.until_ended(3600)
        finally:
            worker.end()
        if number % 20 == 19:
            say(f"{number + 1} workers: {kills}")
    return kills


def _live(worker: Worker, chance: random.Random, most: float) -> None:
    """Until some records are stored, up to `most`, and then to any moment of the next page."""
    goal = chance.uniform(0, most)
    if goal >= _PAGE or chance.random() < goal / _PAGE:
        read = 0
        while read < goal and (line := worker.line()):
            read += int(line.split()[1]) if line.startswith("page ") else 0
    time.sleep(chance.uniform(0.0, _MOMENT))


def _kill(worker: Worker, kills: Kills) -> None:
    is_left = not SyncWindow.objects.filter(kind="backfill").exists() or has_history_left()
    if worker.process.poll() is not None:
        kills.missed += 1
        return
    worker.send(signal.SIGKILL)
    kills.in_time += is_left
    kills.late += not is_left
    kills.stored.append(Conversation.objects.count())


def has_history_left() -> bool:
    return SyncWindow.objects.filter(kind="backfill").exclude(state="complete").exists()
