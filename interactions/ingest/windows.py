"""What to read next: the backfill's windows, newest first, and the slices of each refresh."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Case, Max, Min, Q, QuerySet, When

from interactions.models import Account, SyncRun, SyncWindow, WorkState

# Small at first, so that the newest conversations are there within seconds.
SIZES = (timedelta(days=1), timedelta(days=2), timedelta(days=4), timedelta(days=7))
# LivePerson answers for at most three months of starts.
SLICE = timedelta(days=85)
# Filters are widened to 10 minutes, data is a minute late, and clocks differ.
OVERLAP = timedelta(minutes=20)
# Starts lie up to this far behind the plan's instant: what arrives while a refresh is read belongs to the next.
MARGIN = timedelta(minutes=20)
KEEP_REFRESHES = timedelta(hours=6)
KEEP_MANUAL = timedelta(days=1)
KEEP_RUNS = timedelta(days=30)
BACKFILL, REFRESH, MANUAL = SyncWindow.Kind.BACKFILL, SyncWindow.Kind.REFRESH, SyncWindow.Kind.MANUAL


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
            _hold_plan()
            SyncWindow.objects.bulk_create(_missing_history(now, days))


def _hold_plan() -> None:
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


def covered_to() -> datetime | None:
    """The instant up to which the newest complete refresh covers the account; None before the first."""
    found = SyncWindow.objects.filter(kind=REFRESH).exclude(planned_at__in=_unfinished())
    covered: datetime | None = found.aggregate(at=Max("planned_at"))["at"]
    return covered


def _unfinished() -> QuerySet[SyncWindow, datetime]:
    rest = SyncWindow.objects.filter(kind=REFRESH).exclude(state=WorkState.COMPLETE)
    return rest.values_list("planned_at", flat=True).distinct()


def cursor() -> datetime | None:
    """From which instant on changes are still to be asked for: the last complete refresh, else the first plan."""
    begun: datetime | None = SyncWindow.objects.filter(kind=BACKFILL).aggregate(at=Min("planned_at"))["at"]
    return covered_to() or begun


def plan_refresh(now: datetime, days: int, poll_seconds: int) -> bool:
    """Write the next refresh's windows when it is due and no other is under way; says whether it did."""
    if not _is_refresh_due(now, poll_seconds):
        return False
    with transaction.atomic():
        _hold_plan()
        since = cursor()
        if since is None or not _is_refresh_due(now, poll_seconds):
            return False
        # What could not be read whole is asked for again by the new refresh, which starts from the same cursor.
        put_off = list(SyncWindow.objects.filter(kind=REFRESH).exclude(state=WorkState.COMPLETE))
        SyncWindow.objects.filter(pk__in=[window.pk for window in put_off]).delete()
        oldest = min(now - timedelta(days=days), _oldest_of_backfill() or now)
        SyncWindow.objects.bulk_create(
            [_successor(span, since - OVERLAP, now, put_off) for span in slices(oldest, now + MARGIN)]
        )
        _prune(now)
    return True


def _is_refresh_due(now: datetime, poll_seconds: int) -> bool:
    latest = SyncWindow.objects.filter(kind=REFRESH).aggregate(at=Max("planned_at"))["at"]
    if latest is not None and now < latest + timedelta(seconds=poll_seconds):
        return False
    under_way = SyncWindow.objects.filter(kind=REFRESH).exclude(state=WorkState.COMPLETE)
    return cursor() is not None and all(_is_put_off(window, now) for window in under_way)


def _oldest_of_backfill() -> datetime | None:
    found: datetime | None = SyncWindow.objects.filter(kind=BACKFILL).aggregate(at=Min("start_from"))["at"]
    return found


def _is_put_off(window: SyncWindow, now: datetime) -> bool:
    waits = window.state in (WorkState.INCOMPLETE, WorkState.WAITING, WorkState.STOPPED, WorkState.FAILED)
    return waits and (window.not_before is None or window.not_before > now) and window.incomplete_since is not None


def _successor(span: Span, since: datetime, now: datetime, open_ones: list[SyncWindow]) -> SyncWindow:
    """A refresh window; one that could not be read whole hands on since when and how often it was tried."""
    window = SyncWindow(
        kind=REFRESH, start_from=span.start_from, start_to=span.start_to, updated_since=since, planned_at=now
    )
    for old in open_ones:
        middle = old.start_from + (old.start_to - old.start_from) / 2
        if span.start_from <= middle < span.start_to:
            window.state, window.not_before = WorkState.INCOMPLETE, old.not_before
            window.incomplete_since, window.attempt_count = old.incomplete_since, old.attempt_count
            window.expected_count, window.seen_count, window.error = old.expected_count, old.seen_count, old.error
    return window


def _prune(now: datetime) -> None:
    covered = covered_to()
    if covered is not None:
        old = SyncWindow.objects.filter(kind=REFRESH, state=WorkState.COMPLETE, planned_at__lt=now - KEEP_REFRESHES)
        old.exclude(planned_at=covered).delete()
    # Of readings by hand: those done, and those whose terminal was closed under them.
    by_hand = SyncWindow.objects.filter(kind=MANUAL, incomplete_since=None)
    by_hand.filter(Q(state=WorkState.COMPLETE) | Q(planned_at__lt=now - KEEP_MANUAL)).delete()
    SyncRun.objects.filter(started_at__lt=now - KEEP_RUNS).delete()
    quiet = {"new_count": 0, "changed_count": 0, "unreadable_count": 0}
    SyncRun.objects.filter(
        kind=SyncRun.Kind.REFRESH, state=SyncRun.State.COMPLETE, started_at__lt=now - KEEP_REFRESHES, **quiet
    ).delete()


def manual_windows(now: datetime, since: datetime, until: datetime) -> list[SyncWindow]:
    """Windows of one reading asked for by hand, newest first; each belongs to that reading alone."""
    rows = [SyncWindow(kind=MANUAL, start_from=a, start_to=b, planned_at=now) for a, b in backfill_spans(until, since)]
    return SyncWindow.objects.bulk_create(rows)


def drop_manual(planned: list[int]) -> None:
    """End a reading asked for by hand: what it tried and could not read whole is left for the worker."""
    SyncWindow.objects.filter(pk__in=planned, incomplete_since=None).delete()


def next_windows() -> QuerySet[SyncWindow]:
    """What the worker may claim: a refresh, then what a reading by hand left incomplete, then history.

    The newest starts come first, but of history what has failed before comes last: it may fail for ever.
    """
    # "refresh" sorts behind "manual", and that behind "backfill".
    has_failed = Case(When(~Q(error="") & Q(kind=BACKFILL), then=1), default=0)
    mine = Q(kind__in=(BACKFILL, REFRESH)) | Q(kind=MANUAL, incomplete_since__isnull=False)
    return SyncWindow.objects.filter(mine).order_by("-kind", has_failed, "-start_from")
