"""Refreshes: what changed since the last one, asked for over the whole history, the newest starts most often.

The rule, per tier of starts: those of the last 28 days are asked for at every poll, those of the 85 days before at
least every 10 minutes, all older ones every hour. Each tier has its own cursor: the instant of its last refresh of
which every window was read whole. Freshness is that of the first tier.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Max, Min, QuerySet

from interactions.ingest.windows import BACKFILL, REFRESH, Span, hold_plan, slices
from interactions.models import SyncWindow, WorkState

# Filters are widened to 10 minutes, data is a minute late, and clocks differ.
OVERLAP = timedelta(minutes=20)
# Starts lie up to this far behind the plan's instant: what arrives while a refresh is read belongs to the next.
MARGIN = timedelta(minutes=20)


class Tier(NamedTuple):
    """Starts younger than `age` (of the last tier: all), asked for at least so often."""

    age: timedelta
    every: timedelta


TIERS = (
    Tier(timedelta(days=28), timedelta(0)),
    Tier(timedelta(days=28 + 85), timedelta(minutes=10)),
    Tier(timedelta.max, timedelta(hours=1)),
)


def plan_refresh(now: datetime, days: int, poll_seconds: int) -> bool:
    """Write the windows of every tier that is due and not under way; says whether there were any."""
    poll = timedelta(seconds=poll_seconds)
    # Looked at without the lock first: nearly always nothing is due.
    if not any(_is_due(tier, now, poll) for tier in range(len(TIERS))):
        return False
    with transaction.atomic():
        hold_plan()
        planned = [_plan(tier, now, days) for tier in range(len(TIERS)) if _is_due(tier, now, poll)]
    return any(planned)


def _of(tier: int) -> QuerySet[SyncWindow]:
    return SyncWindow.objects.filter(kind=REFRESH, tier=tier)


def covered_to(tier: int = 0) -> datetime | None:
    """The instant up to which the newest complete refresh covers the tier; None before the first."""
    covered: datetime | None = _complete(tier).aggregate(at=Max("planned_at"))["at"]
    return covered


def _complete(tier: int) -> QuerySet[SyncWindow]:
    unfinished = _of(tier).exclude(state=WorkState.COMPLETE).values("planned_at")
    return _of(tier).exclude(planned_at__in=unfinished)


def cursor(tier: int, now: datetime) -> datetime | None:
    """From which instant on changes are still to be asked for: the last complete refresh, else the first plan.

    None before history is planned. Plans of the future were made by a clock that has been set back since; what
    they covered is not known, so that the last one before them counts.
    """
    begun: datetime | None = SyncWindow.objects.filter(kind=BACKFILL).aggregate(at=Min("planned_at"))["at"]
    covered: datetime | None = _complete(tier).filter(planned_at__lte=now).aggregate(at=Max("planned_at"))["at"]
    return covered or (None if begun is None else min(begun, now))


def _is_due(tier: int, now: datetime, poll: timedelta) -> bool:
    latest = _of(tier).aggregate(at=Max("planned_at"))["at"]
    if latest is not None and latest <= now < latest + max(poll, TIERS[tier].every):
        return False
    under_way = _of(tier).exclude(state=WorkState.COMPLETE)
    return cursor(tier, now) is not None and all(_is_put_off(window, now) for window in under_way)


def _is_put_off(window: SyncWindow, now: datetime) -> bool:
    waits = window.state in (WorkState.INCOMPLETE, WorkState.WAITING, WorkState.STOPPED, WorkState.FAILED)
    return waits and (window.not_before is None or window.not_before > now) and window.incomplete_since is not None


def _plan(tier: int, now: datetime, days: int) -> bool:
    since = cursor(tier, now)
    if since is None:
        return False
    # What could not be read whole is asked for again by the new refresh, which starts from the same cursor.
    put_off = list(_of(tier).exclude(state=WorkState.COMPLETE))
    _of(tier).filter(pk__in=[window.pk for window in put_off]).delete()
    # Plans of the future would keep the cursor behind them for ever.
    _of(tier).filter(planned_at__gt=now).delete()
    spans = list(tier_spans(tier, now, days))
    SyncWindow.objects.bulk_create([_successor(tier, span, since - OVERLAP, now, put_off) for span in spans])
    return bool(spans)


def tier_spans(tier: int, now: datetime, days: int) -> Iterator[Span]:
    """The starts of a tier, newest first, in pieces that LivePerson answers; nothing where history ends before."""
    oldest = min(now - timedelta(days=days), _oldest_of_backfill() or now)
    newest = now + MARGIN if tier == 0 else now - TIERS[tier - 1].age
    age = TIERS[tier].age
    end = oldest if age == timedelta.max else max(oldest, now - age)
    yield from slices(end, newest)


def _oldest_of_backfill() -> datetime | None:
    found: datetime | None = SyncWindow.objects.filter(kind=BACKFILL).aggregate(at=Min("start_from"))["at"]
    return found


def _successor(tier: int, span: Span, since: datetime, now: datetime, open_ones: list[SyncWindow]) -> SyncWindow:
    """A refresh window; one that could not be read whole hands on since when and how often it was tried."""
    window = SyncWindow(
        kind=REFRESH, tier=tier, start_from=span.start_from, start_to=span.start_to, updated_since=since, planned_at=now
    )
    for old in open_ones:
        middle = old.start_from + (old.start_to - old.start_from) / 2
        if span.start_from <= middle < span.start_to:
            window.state, window.not_before = WorkState.INCOMPLETE, old.not_before
            window.incomplete_since, window.attempt_count = old.incomplete_since, old.attempt_count
            window.expected_count, window.seen_count, window.error = old.expected_count, old.seen_count, old.error
    return window


def lagging(now: datetime, poll_seconds: int) -> list[tuple[Tier, datetime]]:
    """Older tiers whose last complete refresh is more than twice their rule ago, with its instant."""
    poll = timedelta(seconds=poll_seconds)
    found = []
    for number, tier in enumerate(TIERS[1:], 1):
        covered = covered_to(number)
        if covered is not None and now - covered > 2 * max(poll, tier.every) + MARGIN:
            found.append((tier, covered))
    return found
