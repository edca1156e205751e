"""One reading in the foreground, asked for by a person or by cron."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db.models import QuerySet

from interactions import jobs
from interactions.ingest import control, counting, refusals, sync, windows
from interactions.ingest.counting import Tally
from interactions.ingest.reading import Reading, Tools
from interactions.ingest.store import Outcome
from interactions.jobs import Claim
from interactions.liveperson import Client
from interactions.models import Account, SyncWindow, WorkState

# While a worker holds what is left, we look again this often.
LOOK_AGAIN = 0.5
# How often a window is claimed whose reading was lost or broke off.
TRIES = 3
Watch = Callable[[Tally], None]


@dataclass(slots=True)
class Summary:
    """What a reading did; `tally` counts for its progress.

    `incomplete` are the reasons of the periods that were not read whole, `refused` those of the lists that LivePerson
    does not give.
    """

    tally: Tally = field(default_factory=Tally)
    outcome: Outcome = field(default_factory=Outcome)
    incomplete: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    @property
    def read(self) -> int:
        return _sum(self.outcome)

    def add(self, outcome: Outcome, met: int) -> None:
        """Add what became of a window, of which `met` conversations were not met before in this reading."""
        # What refresh and history both list is read twice, but is one conversation.
        again = max(0, _sum(outcome) - met)
        self.outcome.add(replace(outcome, unchanged=max(0, outcome.unchanged - again)))


def _sum(outcome: Outcome) -> int:
    return outcome.new + outcome.changed + outcome.unchanged + outcome.unreadable


def read_range(
    client: Client, tools: Tools, since: datetime, until: datetime | None, watch: Watch, summary: Summary
) -> None:
    """Read all conversations that started in a range, which ends now where no end is given.

    Raises LivePersonError; the summary tells what was read.
    """
    sync.run_configuration(client, tools)
    # By LivePerson's clock, which the first answer has told.
    rows = windows.manual_windows(tools.clock(), since, until or tools.clock())
    try:
        _work(client, tools, rows, rows, watch, summary)
    finally:
        windows.drop_manual(rows)


def read_all(client: Client, tools: Tools, watch: Watch, summary: Summary) -> None:
    """Do once what the worker does: history that is not read yet, then a refresh.

    Raises LivePersonError; the summary tells what was read.
    """
    sync.run_configuration(client, tools)
    sync.plan(tools.clock())
    # While history is paused it is not among what may be claimed; that does not make it read.
    wanted = SyncWindow.objects.exclude(kind=windows.MANUAL, incomplete_since=None).order_by("-start_from")
    _work(client, tools, windows.next_windows(), wanted, watch, summary)


def _work(
    client: Client,
    tools: Tools,
    rows: QuerySet[SyncWindow],
    wanted: QuerySet[SyncWindow],
    watch: Watch,
    summary: Summary,
) -> None:
    """Read what may be claimed of `rows`; the summary tells what is not read of `wanted`."""
    summary.refused = [refusal.detail for refusal in refusals.refusals(Account.objects.first())]
    # A person who asks now does not wait for a pause to end.
    rows.filter(state__in=(WorkState.WAITING, WorkState.INCOMPLETE)).order_by().update(not_before=None)
    summary.tally.expected = counting.expected(client, rows.exclude(state=WorkState.COMPLETE))
    if summary.tally.expected:
        watch(summary.tally)
    tries: Counter[int] = Counter()
    while True:
        over = [pk for pk, times in tries.items() if times >= TRIES]
        claim = jobs.claim(rows.exclude(pk__in=over), tools.clock())
        if claim is not None:
            # A process that was stopped for longer than its lease has lost its window, and nobody else may be there.
            tries[claim.row.pk] += TRIES if _read(client, claim, tools, summary, watch) else 1
        elif _is_held(rows, tools.clock()):
            tools.sleep(LOOK_AGAIN)
        else:
            break
    summary.incomplete = _unread(wanted)
    if not summary.incomplete:
        summary.tally.close()


def _read(client: Client, claim: Claim[SyncWindow], tools: Tools, summary: Summary, watch: Watch) -> bool:
    """Read a window; False when it was lost or broken off. What is stored of it counts either way."""
    latest: list[Reading] = []

    def follow(reading: Reading) -> None:
        latest[:] = [reading]
        summary.tally.see(reading)
        watch(summary.tally)

    tools.watch = follow
    before = summary.tally.done
    try:
        return sync.run_window(client, claim, tools) is not None
    finally:
        for reading in latest:
            summary.add(reading.outcome, summary.tally.done - before)


def _is_held(rows: QuerySet[SyncWindow], now: datetime) -> bool:
    """Whether somebody else reads one of these, as far as the leases tell."""
    running = rows.filter(state=WorkState.RUNNING, lease_until__gte=now).order_by()
    return running.exclude(pk__in=jobs.due(rows.order_by(), now).values("pk")).exists()


def _unread(wanted: QuerySet[SyncWindow]) -> list[str]:
    """In words what of these is not read whole; of paused history only how much it is, unless it was tried."""
    open_ones = list(wanted.exclude(state=WorkState.COMPLETE))
    paused: list[SyncWindow] = []
    if control.is_paused():
        paused = [window for window in open_ones if window.kind in (windows.BACKFILL, windows.SWEEP)]
    untried = {window.pk for window in paused if window.incomplete_since is None}
    said = [f"{window}: {window.error or 'not read'}" for window in open_ones if window.pk not in untried]
    if paused:
        said.insert(0, f"History is paused; periods that wait until it is resumed on the page /sync/: {len(paused)}.")
    return said
