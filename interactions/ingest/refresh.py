"""Refreshes: what changed since the last one, asked for over the whole history, the newest starts most often.

The rule, per tier of starts: those of the last 28 days are asked for at every poll, those of the 85 days before at
least every 10 minutes, all older ones every hour. Each tier has its own cursor: the instant of its last refresh of
which every window was read whole. Freshness is that of the first tier.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Exists, Max, Min, OuterRef, Q, QuerySet

from interactions.ingest.windows import BACKFILL, REFRESH, Span, hold_plan, slices
from interactions.models import SyncWindow, WorkState
from interactions.models.prepared import Prepared

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


# What `_planned` says of a tier that was never planned.
_NEVER = (None, None, None)


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a tier has come: when it was last planned, up to when it is covered, and what is not complete.

    `ended` is when the last of its windows was completed.
    """

    latest: datetime | None
    covered: datetime | None
    ended: datetime | None
    unfinished: tuple[SyncWindow, ...]

    def is_due(self, tier: Tier, now: datetime, poll: timedelta) -> bool:
        if self.latest is not None and self.latest <= now < self.latest + max(poll, tier.every):
            return False
        return all(_is_put_off(window, now) for window in self.unfinished)

    def has_rested(self, now: datetime) -> bool:
        """Whether as much time has passed since the last refresh as it took: in between, history is read."""
        if self.latest is None or self.ended is None or not self.latest <= self.ended <= now:
            return True
        return now >= self.ended + (self.ended - self.latest)


def standings(now: datetime | None = None) -> list[Standing]:
    """Of every tier. Of plans later than `now` it is not known what they covered: a clock that has been set back
    since made them, and the last one before them counts.
    """
    planned = _planned(now)
    unfinished = list(_unfinished().order_by("pk"))
    return [
        Standing(*planned.get(tier, _NEVER), tuple([window for window in unfinished if window.tier == tier]))
        for tier in range(len(TIERS))
    ]


def _unfinished() -> QuerySet[SyncWindow]:
    return SyncWindow.objects.filter(kind=REFRESH).exclude(state=WorkState.COMPLETE)


def _planned(now: datetime | None = None) -> dict[int, tuple[datetime | None, datetime | None, datetime | None]]:
    """By tier: when it was last planned, the last of its plans that was read whole, and when the last window was."""
    rows = _TIERS() if now is None else _tiers(Q(planned_at__lte=now))
    return {tier: (latest, covered, ended) for tier, latest, covered, ended in rows}


def _tiers(known: Q) -> QuerySet[SyncWindow, tuple[Any, ...]]:
    whole = ~Exists(_unfinished().filter(tier=OuterRef("tier"), planned_at=OuterRef("planned_at")))
    found = SyncWindow.objects.filter(kind=REFRESH).values("tier").order_by()
    covered = Max("planned_at", filter=Q(whole) & known)
    tiers = found.annotate(latest=Max("planned_at"), covered=covered, ended=Max("completed_at"))
    return tiers.values_list("tier", "latest", "covered", "ended")


_TIERS = Prepared(lambda: _tiers(Q()))


def covered_to(tier: int = 0) -> datetime | None:
    """The instant up to which the newest complete refresh covers the tier; None before the first."""
    return _planned().get(tier, _NEVER)[1]


def _begun(now: datetime) -> datetime | None:
    """From which instant on changes are asked for by a tier's first refresh; None before history is planned."""
    begun: datetime | None = SyncWindow.objects.filter(kind=BACKFILL).aggregate(at=Min("planned_at"))["at"]
    return None if begun is None else min(begun, now)


def plan_refresh(now: datetime, days: int, poll_seconds: int) -> bool:
    """Write the windows of every tier that is due and not under way; says whether there were any."""
    poll = timedelta(seconds=poll_seconds)
    # Looked at without the lock first: nearly always nothing is due.
    if not _due(now, poll) or (begun := _begun(now)) is None:
        return False
    with transaction.atomic():
        hold_plan()
        planned = [_plan(tier, standing, begun, now, days) for tier, standing in _due(now, poll)]
    return any(planned)


def _due(now: datetime, poll: timedelta) -> list[tuple[int, Standing]]:
    found = enumerate(standings(now))
    due = [(number, standing) for number, standing in found if standing.is_due(TIERS[number], now, poll)]
    if due and SyncWindow.objects.filter(kind=BACKFILL).exclude(state=WorkState.COMPLETE).exists():
        return [(number, standing) for number, standing in due if standing.has_rested(now)]
    return due


def _is_put_off(window: SyncWindow, now: datetime) -> bool:
    waits = window.state in (WorkState.INCOMPLETE, WorkState.WAITING, WorkState.STOPPED, WorkState.FAILED)
    return waits and (window.not_before is None or window.not_before > now) and window.incomplete_since is not None


def _plan(tier: int, standing: Standing, begun: datetime, now: datetime, days: int) -> bool:
    since, put_off = standing.covered or begun, standing.unfinished
    # What could not be read whole is asked for again by the new refresh, which starts from the same cursor: what was
    # complete of the given-up one goes too, or it would pass for whole. Plans of the future would keep the cursor
    # behind them for ever.
    over = Q(planned_at__in={window.planned_at for window in put_off}) | Q(planned_at__gt=now)
    SyncWindow.objects.filter(over, kind=REFRESH, tier=tier).delete()
    spans = list(tier_spans(tier, now, days, since))
    SyncWindow.objects.bulk_create([_successor(tier, span, since - OVERLAP, now, put_off) for span in spans])
    return bool(spans)


def tier_spans(tier: int, now: datetime, days: int, since: datetime | None = None) -> Iterator[Span]:
    """The starts of a tier, newest first, in pieces that LivePerson answers; nothing where history ends before.

    A tier reaches back to what was young enough at its last refresh: of what has grown too old for it meanwhile,
    nobody else has asked for the changes `since`.
    """
    oldest = min(now - timedelta(days=days), _oldest_of_backfill() or now)
    newest = now + MARGIN if tier == 0 else now - TIERS[tier - 1].age
    age = TIERS[tier].age
    end = oldest if age == timedelta.max else max(oldest, min(now, since or now) - age)
    yield from slices(end, newest)


def _oldest_of_backfill() -> datetime | None:
    found: datetime | None = SyncWindow.objects.filter(kind=BACKFILL).aggregate(at=Min("start_from"))["at"]
    return found


def _successor(tier: int, span: Span, since: datetime, now: datetime, open_ones: Sequence[SyncWindow]) -> SyncWindow:
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
    for tier, standing in list(zip(TIERS, standings(), strict=True))[1:]:
        covered = standing.covered
        if covered is not None and now - covered > 2 * max(poll, tier.every) + MARGIN:
            found.append((tier, covered))
    return found
