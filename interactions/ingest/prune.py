"""Letting go of what the reading of LivePerson wrote down about itself and nobody will look at again."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from interactions.ingest import poison, refresh
from interactions.ingest.windows import BACKFILL, MANUAL, REFRESH, SIZES, SWEEP, hold_plan
from interactions.models import RefreshRequest, SyncRun, SyncWindow, WorkState

KEEP_REFRESHES = timedelta(hours=6)
KEEP_BY_HAND = timedelta(days=1)
KEEP_SWEEPS = timedelta(days=30)
KEEP_RUNS = timedelta(days=30)
# No worker's task lasts so long.
LONGEST_RUN = timedelta(hours=1)
WORTH_JOINING = 20


def prune(now: datetime) -> None:
    """Delete old refreshes but for the cursors, readings by hand that are done, and runs that brought nothing."""
    _join_pieces()
    old = SyncWindow.objects.filter(kind=REFRESH, state=WorkState.COMPLETE, planned_at__lt=now - KEEP_REFRESHES)
    cursors = [standing.covered for standing in refresh.standings() if standing.covered]
    old.exclude(planned_at__in=cursors).delete()
    # Of readings by hand: those done, and those whose terminal was closed under them.
    by_hand = SyncWindow.objects.filter(kind=MANUAL, incomplete_since=None)
    by_hand.filter(Q(state=WorkState.COMPLETE) | Q(planned_at__lt=now - KEEP_BY_HAND)).delete()
    SyncWindow.objects.filter(kind=SWEEP, state=WorkState.COMPLETE, completed_at__lt=now - KEEP_SWEEPS).delete()
    RefreshRequest.objects.filter(ended_at__lt=now - KEEP_BY_HAND).delete()
    SyncRun.objects.filter(started_at__lt=now - KEEP_RUNS).delete()
    _end_lost_runs(now)
    quiet = {"new_count": 0, "changed_count": 0, "unreadable_count": 0}
    SyncRun.objects.filter(
        kind__in=(SyncRun.Kind.REFRESH, SyncRun.Kind.CONVERSATION),
        state=SyncRun.State.COMPLETE,
        started_at__lt=now - KEEP_REFRESHES,
        **quiet,
    ).delete()


def _end_lost_runs(now: datetime) -> None:
    """A killed worker's run is ended by whoever reads its period next; of one without a period nobody else knows."""
    over = Q(window=None) | ~Q(window__state=WorkState.RUNNING)
    lost = SyncRun.objects.filter(over, state=SyncRun.State.RUNNING, started_at__lt=now - LONGEST_RUN)
    lost.update(state=SyncRun.State.FAILED, ended_at=now, error=poison.ENDED)


def _join_pieces() -> None:
    """History that was split to be read is one period again when it is: every page looks at all periods."""
    # Looked at without the lock first: nearly always there is nothing to join.
    if len(_joined()[1]) < WORTH_JOINING:
        return
    with transaction.atomic():
        # Of two who join at once, one could cut off what the other has joined, and nobody would know it was read.
        hold_plan()
        joined, merged = _joined()
        SyncWindow.objects.filter(pk__in=merged).delete()
        SyncWindow.objects.bulk_update(joined, ["start_to", "seen_count", "expected_count", "completed_at"])


def _joined() -> tuple[list[SyncWindow], list[int]]:
    """The periods of history that were read, joined where they touch, and the keys of those that they take in."""
    joined: list[SyncWindow] = []
    merged: list[int] = []
    for window in SyncWindow.objects.filter(kind=BACKFILL, state=WorkState.COMPLETE).order_by("start_from"):
        last = joined[-1] if joined else None
        if last is not None and last.start_to == window.start_from and window.start_to - last.start_from <= SIZES[-1]:
            last.start_to, last.seen_count = window.start_to, last.seen_count + window.seen_count
            last.expected_count = (last.expected_count or 0) + (window.expected_count or 0)
            last.completed_at = max(filter(None, (last.completed_at, window.completed_at)), default=None)
            merged.append(window.pk)
        else:
            joined.append(window)
    return joined, merged
