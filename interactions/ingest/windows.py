"""Ranges of starts to read: those of the history, newest first, those asked for by hand, and which comes next."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Case, Exists, Min, Q, QuerySet, When

from interactions.models import Account, SyncWindow

# Small at first, so that the newest conversations are there within seconds.
SIZES = (timedelta(days=1), timedelta(days=2), timedelta(days=4), timedelta(days=7))
# LivePerson answers for at most three months of starts.
SLICE = timedelta(days=85)
BACKFILL, REFRESH = SyncWindow.Kind.BACKFILL, SyncWindow.Kind.REFRESH
MANUAL, SWEEP = SyncWindow.Kind.MANUAL, SyncWindow.Kind.SWEEP


class Span(NamedTuple):
    """A range of starts; the end is excluded."""

    start_from: datetime
    start_to: datetime


def backfill_spans(newest: datetime, oldest: datetime, sizes: tuple[timedelta, ...] = SIZES) -> Iterator[Span]:
    """Spans from `newest` back to `oldest`, small ones first; the last size repeats."""
    to, number = newest, 0
    while to > oldest:
        start = max(oldest, to - sizes[min(number, len(sizes) - 1)])
        yield Span(start, to)
        to, number = start, number + 1


def slices(oldest: datetime, newest: datetime) -> list[Span]:
    """The range in pieces that LivePerson answers, newest first."""
    found, to = [], newest
    while to > oldest:
        start = max(oldest, to - SLICE)
        found.append(Span(start, to))
        to = start
    return found


def plan_backfill(now: datetime, days: int) -> None:
    """Write the history's windows once; more of them when more days are asked for than before."""
    if _missing_history(now, days):
        with transaction.atomic():
            hold_plan()
            SyncWindow.objects.bulk_create(_missing_history(now, days))


def hold_plan() -> None:
    """Two workers plan one after the other; on SQLite the transaction alone sees to that."""
    list(Account.objects.select_for_update().values_list("pk"))


def _missing_history(now: datetime, days: int) -> list[SyncWindow]:
    planned = SyncWindow.objects.filter(kind=BACKFILL)
    known = planned.aggregate(oldest=Min("start_from"), begun=Min("planned_at"))
    oldest = now - timedelta(days=days)
    if known["oldest"] is None:
        spans = backfill_spans(now, oldest)
    elif oldest < known["oldest"] - timedelta(days=1):
        spans = backfill_spans(known["oldest"], oldest, SIZES[-1:])
    else:
        return []
    begun = known["begun"] or now
    return [SyncWindow(kind=BACKFILL, start_from=a, start_to=b, planned_at=begun) for a, b in spans]


def manual_windows(now: datetime, since: datetime, until: datetime) -> QuerySet[SyncWindow]:
    """Windows of one reading asked for by hand, newest first; each belongs to that reading alone."""
    rows = [SyncWindow(kind=MANUAL, start_from=a, start_to=b, planned_at=now) for a, b in backfill_spans(until, since)]
    SyncWindow.objects.bulk_create(rows)
    # By the instant of the plan: one that holds much is split while it is read.
    return SyncWindow.objects.filter(kind=MANUAL, planned_at=now).order_by("-start_from")


def drop_manual(rows: QuerySet[SyncWindow]) -> None:
    """End a reading asked for by hand: what it tried and could not read whole is left for the worker."""
    rows.filter(incomplete_since=None).order_by().delete()


def next_windows() -> QuerySet[SyncWindow]:
    """What the worker may claim: a refresh, then what a reading by hand left incomplete, history, comparisons.

    The newest starts come first, but of history what has failed before comes last: it may fail for ever. While
    history is paused only what is new is read.
    """
    order = Case(When(kind=REFRESH, then=0), When(kind=MANUAL, then=1), When(kind=BACKFILL, then=2), default=3)
    has_failed = Case(When(~Q(error="") & Q(kind=BACKFILL), then=1), default=0)
    of_history = Q(kind__in=(BACKFILL, SWEEP)) & ~Exists(Account.objects.filter(history_paused_at__isnull=False))
    mine = Q(kind=REFRESH) | Q(kind=MANUAL, incomplete_since__isnull=False) | of_history
    return SyncWindow.objects.filter(mine).order_by(order, "tier", has_failed, "-start_from")
