"""Working through what is due: configuration, refreshes, history; each piece of work is a SyncRun."""

import logging
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet

from interactions import jobs
from interactions.ingest import account, configuration, counting, gate, one, poison, refresh, sweep, windows
from interactions.ingest.prune import prune
from interactions.ingest.reading import Ending, Reading, Tools, read_window, resumed
from interactions.ingest.refusals import LISTS
from interactions.ingest.store import SERVER_ERRORS
from interactions.jobs import Claim, LostClaim, StopRequested
from interactions.liveperson import AuthenticationFailed, Client, LivePersonError, RateLimited
from interactions.models import RefreshRequest, SyncRun, SyncWindow, WorkState

logger = logging.getLogger(__name__)
TURN = timedelta(minutes=10)
AFTER_A_FAULT, AFTER_THE_DATABASE = timedelta(minutes=5), timedelta(seconds=30)
# How much longer than the whole account a failed window waits: history longer each time, a refresh as long as it
# takes for history to get its turn.
FIRST_WAIT, LONGEST_WAIT, REFRESH_WAITS = timedelta(seconds=30), timedelta(minutes=30), timedelta(seconds=90)
ATTEMPTS_BEFORE_SAID = 3
_Kind = SyncRun.Kind


def run_due(client: Client, tools: Tools | None = None, *, turn: timedelta = TURN) -> bool:
    """Work for at most `turn`, refreshes first; says whether something is left that is due now.

    Failures of the API end the turn: they are noted at the account, with the instant of the next try.
    """
    tools = tools or Tools()
    # By a clock that nobody can set: corrected by an hour, the other would end the turn at once or an hour too late.
    ends_at = time.monotonic() + turn.total_seconds()
    while time.monotonic() < ends_at:
        if not account.may_call(tools.clock()):
            return False
        try:
            if tools.is_ending() or not run_next(client, tools):
                return False
            account.note_clock(client.seconds_ahead)
        except Ending:
            return False
        except LivePersonError as error:
            retry_at = account.note_trouble(error, tools.clock())
            logger.warning("reading stopped", extra={"until": f"{retry_at:%H:%M:%S}", "reason": str(error)})
            return False
    return True


def run_next(client: Client, tools: Tools) -> bool:
    """Do the next piece of work that is due; False when there is none."""
    if due := configuration.due_lists(tools.clock()):
        run_configuration(client, tools, due)
    if run_request(client, tools):
        return True
    # Not before: a clock that is wrong makes the lists due, and their answers correct it.
    now = tools.clock()
    plan(now)
    claim = jobs.claim(windows.next_windows(), now)
    if claim is None:
        return False
    run_window(client, claim, tools)
    counting.count_history(client, now, settings.BACKFILL_DAYS)
    return True


def plan(now: datetime) -> None:
    """Write down what is to be read: history once, refreshes and comparisons when they are due."""
    windows.plan_backfill(now, settings.BACKFILL_DAYS)
    if refresh.plan_refresh(now, settings.BACKFILL_DAYS, settings.POLL_SECONDS):
        prune(now)
    sweep.plan_sweep(now, settings.BACKFILL_DAYS)


def run_configuration(client: Client, tools: Tools, names: Collection[str] = LISTS) -> None:
    """Users, skills, groups and automatic messages, each as far as it is given. Raises LivePersonError."""
    with _recorded(_Kind.CONFIGURATION, None, tools) as run:
        taken = configuration.read_configuration(client, tools.clock(), names)
        run.request_count = len(names)  # one call gives a whole list
        run.read_count, run.error = taken.count, " ".join(taken.refused)[:300]
        run.state = SyncRun.State.INCOMPLETE if taken.refused else SyncRun.State.COMPLETE


def run_request(client: Client, tools: Tools) -> bool:
    """Read one conversation that somebody waits for; False when nobody does. Raises LivePersonError."""
    claim = one.next_request(tools.clock())
    if claim is None:
        return False
    with _recorded(_Kind.CONVERSATION, None, tools) as run:
        result = one.serve(client, claim, tools)
        run.request_count = run.read_count = 1
        run.changed_count = int(result == RefreshRequest.Result.CHANGED)
        run.unchanged_count = int(result == RefreshRequest.Result.UNCHANGED)
        run.state = SyncRun.State.COMPLETE
    account.clear_trouble()
    return True


def run_window(client: Client, claim: Claim[SyncWindow], tools: Tools) -> Reading | None:
    """Read a claimed window and record the run; None when it was lost, stopped or broken off.

    Raises LivePersonError after putting the window back.
    """
    _end_lost_runs(claim.row, tools.clock())
    with _recorded(_Kind(claim.row.kind), claim.row, tools) as run:
        reading = resumed(claim.row)
        try:
            at_end = partial(sweep.compare, client, claim, tools) if claim.row.kind == windows.SWEEP else _nothing
            read_window(client, claim, tools, reading, at_end)
        except LostClaim:
            run.error = "Another worker has taken this period over."
        except StopRequested:
            run.error = "Stopped on request."
            # A pause ends again, perhaps by now, and what it stopped goes on.
            goes_on = claim.row.kind in (windows.BACKFILL, windows.SWEEP)
            state = WorkState.WAITING if goes_on else WorkState.STOPPED
            _let_go(claim, state, stop_requested=False, attempt_count=claim.row.attempt_count - 1)
        except LivePersonError as error:
            run.error = account.trouble_of(error, tools.clock())[1][:300]
            _after_failure(claim, error, run.error, tools.clock())
            raise
        except (KeyboardInterrupt, Ending):
            run.state, run.error = SyncRun.State.INCOMPLETE, "Interrupted."
            # Else the next reading would wait for the lease to run out. Nothing was tried in vain.
            _let_go(claim, WorkState.WAITING, attempt_count=claim.row.attempt_count - 1)
            raise
        except SERVER_ERRORS as error:  # no fault of this period
            logger.error("window broke off", extra={"window": claim.row.pk, "error": type(error).__name__})
            run.error = f"The database could not be written to ({type(error).__name__})."
            connection.close_if_unusable_or_obsolete()
            not_before = tools.clock() + AFTER_THE_DATABASE
            _let_go(claim, WorkState.WAITING, not_before=not_before, error=run.error)
        except Exception as error:  # a fault of ours in one period must not stop the others
            # Without the error's words: they can quote a record.
            logger.error("window broke off", extra={"window": claim.row.pk, "error": type(error).__name__})
            run.error = f"Reading broke off ({type(error).__name__})."
            _put_aside(claim, run.error, tools.clock())
        else:
            run.state = SyncRun.State.INCOMPLETE if reading.shortfall else SyncRun.State.COMPLETE
            run.error = reading.shortfall
            account.clear_trouble()
            return reading
        finally:
            _count(run, reading)
    return None


def _nothing(reading: Reading) -> None:
    """What most windows need besides."""


def _end_lost_runs(window: SyncWindow, now: datetime) -> None:
    """Who holds a window knows that its earlier holders are dead, or will find their claim lost."""
    lost = SyncRun.objects.filter(window=window, state=SyncRun.State.RUNNING)
    lost.update(state=SyncRun.State.FAILED, ended_at=now, error=poison.ENDED)


def _after_failure(claim: Claim[SyncWindow], error: LivePersonError, why: str, now: datetime) -> None:
    """Put the window back so that the others come first: it may itself be what LivePerson cannot answer."""
    if isinstance(error, (AuthenticationFailed, RateLimited)) or getattr(error, "status", None) == 403:
        _let_go(claim, WorkState.WAITING, not_before=None, error=why)
        return
    attempts, is_refresh = claim.row.attempt_count, claim.row.kind == windows.REFRESH
    wait = REFRESH_WAITS if is_refresh else min(FIRST_WAIT * 2 ** min(attempts, 10), LONGEST_WAIT) - 2 * FIRST_WAIT
    not_before = now + account.pause_after(error) + wait
    if attempts < ATTEMPTS_BEFORE_SAID:
        _let_go(claim, WorkState.WAITING, not_before=not_before, error=why)
    else:
        since = claim.row.incomplete_since or now
        _let_go(claim, WorkState.INCOMPLETE, not_before=not_before, incomplete_since=since, error=why)


def _put_aside(claim: Claim[SyncWindow], why: str, now: datetime) -> None:
    since = claim.row.incomplete_since or now
    _let_go(claim, WorkState.INCOMPLETE, not_before=now + AFTER_A_FAULT, incomplete_since=since, error=why)


def _let_go(claim: Claim[SyncWindow], state: WorkState, **columns: Any) -> None:
    """Finish a claim that another worker may have taken over while LivePerson kept us waiting."""
    with suppress(LostClaim):
        claim.finish(state, **columns)


def _count(run: SyncRun, reading: Reading) -> None:
    outcome = reading.outcome
    run.request_count = reading.requests
    run.read_count = outcome.new + outcome.changed + outcome.unchanged + outcome.unreadable
    run.new_count, run.changed_count = outcome.new, outcome.changed
    run.unchanged_count, run.unreadable_count = outcome.unchanged, outcome.unreadable


@contextmanager
def _recorded(kind: SyncRun.Kind, window: SyncWindow | None, tools: Tools) -> Iterator[SyncRun]:
    """A SyncRun that says how the work ended, whatever way it did."""
    run = SyncRun.objects.create(kind=kind, window=window, started_at=tools.clock())
    slowed = gate.slowed()
    try:
        yield run
    except LivePersonError as error:
        run.error = run.error or account.trouble_of(error, tools.clock())[1][:300]
        raise
    finally:
        if run.state == SyncRun.State.RUNNING:
            run.state = SyncRun.State.FAILED
        run.ended_at, run.slowed_count = tools.clock(), gate.slowed() - slowed
        run.save()
        logger.info("run ended", extra=told(run, run.ended_at - run.started_at))


def told(run: SyncRun, took: timedelta) -> dict[str, Any]:
    counts = {"requests": run.request_count, "read": run.read_count, "new": run.new_count}
    counts |= {"changed": run.changed_count, "unchanged": run.unchanged_count, "unreadable": run.unreadable_count}
    ended = {"run": run.pk, "window": run.window_id, "kind": run.kind, "state": run.state}
    return ended | counts | {"slowed": run.slowed_count, "seconds": round(took.total_seconds(), 1)}


def resume(rows: QuerySet[SyncWindow] | None = None, *, now: datetime) -> int:
    """At the start of the only worker: what a killed one held can be claimed at once."""
    held = windows.next_windows() if rows is None else rows
    SyncRun.objects.filter(state=SyncRun.State.RUNNING, window__in=held.order_by()).update(
        state=SyncRun.State.FAILED, ended_at=now, error=poison.ENDED
    )
    return jobs.take_over(held.order_by(), now)
