"""One reading in the foreground, asked for by a person or by cron."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import QuerySet

from interactions import jobs
from interactions.ingest import sync, windows
from interactions.ingest.reading import Reading, Tools
from interactions.ingest.store import Outcome
from interactions.liveperson import Client
from interactions.models import SyncWindow, WorkState

# While a worker holds what is left, we look again this often.
LOOK_AGAIN = 0.5


@dataclass(slots=True)
class Summary:
    """What a reading did; `incomplete` are the reasons of the periods that were not read whole."""

    outcome: Outcome = field(default_factory=Outcome)
    window_count: int = 0
    incomplete: list[str] = field(default_factory=list)

    @property
    def read(self) -> int:
        done = self.outcome
        return done.new + done.changed + done.unchanged + done.unreadable


def read_range(client: Client, tools: Tools, since: datetime, until: datetime, watch: Callable[[int], None]) -> Summary:
    """Read all conversations that started in a range. Raises LivePersonError."""
    sync.run_configuration(client, tools)
    rows = windows.manual_windows(tools.clock(), since, until)
    try:
        return _work(client, tools, rows, watch)
    finally:
        windows.drop_manual(rows)


def read_all(client: Client, tools: Tools, watch: Callable[[int], None]) -> Summary:
    """Do once what the worker does: history that is not read yet, then a refresh. Raises LivePersonError."""
    sync.run_configuration(client, tools)
    now = tools.clock()
    sync.plan(now)
    return _work(client, tools, windows.next_windows(), watch)


def _work(client: Client, tools: Tools, rows: QuerySet[SyncWindow], watch: Callable[[int], None]) -> Summary:
    summary = Summary()
    tools.watch = lambda reading: watch(summary.read + _so_far(reading))
    # A person who asks now does not wait for a pause to end.
    rows.filter(state__in=(WorkState.WAITING, WorkState.INCOMPLETE)).order_by().update(not_before=None)
    tried: set[int] = set()
    while True:
        claim = jobs.claim(rows.exclude(pk__in=tried), tools.clock())
        if claim is not None:
            tried.add(claim.row.pk)
            reading = sync.run_window(client, claim, tools)
            if reading is not None:
                summary.outcome.add(reading.outcome)
        elif rows.filter(state=WorkState.RUNNING).exists():
            tools.sleep(LOOK_AGAIN)
        else:
            break
    summary.window_count = len(tried)
    open_ones = rows.exclude(state=WorkState.COMPLETE)
    summary.incomplete = [f"{window}: {window.error or 'not read'}" for window in open_ones]
    return summary


def _so_far(reading: Reading) -> int:
    done = reading.outcome
    return done.new + done.changed + done.unchanged + done.unreadable
