"""The windows an operator looks at: incomplete ones, those being read, how many wait."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from dashboard import formats
from interactions.models import SyncWindow, WorkState

MOST = 50


@dataclass(frozen=True)
class Line:
    """One window: its range, what it is, what happened, and how far it is (None: not known).

    `can_try` says that it waits for its next try, which may be had at once, or was stopped.
    """

    pk: int
    range: str
    kind: str
    text: str
    done: int
    total: int | None
    can_try: bool


def incomplete_lines(windows: list[SyncWindow], now: datetime, is_paused: bool = False) -> list[Line]:
    return [_line(window, _shortfall(window, now, is_paused)) for window in windows[:MOST]]


def _shortfall(window: SyncWindow, now: datetime, is_paused: bool) -> str:
    parts = []
    if window.expected_count is not None:
        counts = f"LivePerson counts {formats.count(window.expected_count)}"
        parts.append(f"{counts}, {formats.count(window.seen_count)} arrived")
    if window.error:
        parts.append(window.error.rstrip("."))
    parts.append(f"tried {formats.plural(window.attempt_count, 'time')}{_again(window, now, is_paused)}")
    return " · ".join(parts)


def _again(window: SyncWindow, now: datetime, is_paused: bool) -> str:
    if window.state == WorkState.RUNNING:
        return ", being read again now"
    if window.state == WorkState.STOPPED:
        return ", not again by itself"
    if is_paused and waits_for_history(window):
        return ", again when history goes on"
    if window.not_before is None or window.not_before <= now:
        return ", again within a minute"
    return f", again at {formats.moment(window.not_before, now)}"


def waits_for_history(window: SyncWindow | None) -> bool:
    """Whether it is not read while history is paused."""
    return window is not None and window.kind in (SyncWindow.Kind.BACKFILL, SyncWindow.Kind.SWEEP)


def running_lines() -> list[Line]:
    running = SyncWindow.objects.filter(state=WorkState.RUNNING).order_by("-start_from")[:MOST]
    return [_line(window, _so_far(window)) for window in running]


def read_now_count(now: datetime) -> int:
    """How many windows somebody is at work on; what a killed worker held is not one of them for long."""
    return SyncWindow.objects.filter(state=WorkState.RUNNING, lease_until__gte=now).count()


def failed_lines() -> list[Line]:
    """Windows that nobody will read again by themselves."""
    failed = SyncWindow.objects.filter(state__in=(WorkState.FAILED, WorkState.STOPPED)).order_by("-start_from")[:MOST]
    return [_line(window, window.error or window.get_state_display()) for window in failed]


def _so_far(window: SyncWindow) -> str:
    if window.total_count is None:
        return f"{formats.count(window.done_count)} read"
    return f"{formats.count(window.done_count)} of {formats.count(window.total_count)}"


def _line(window: SyncWindow, text: str) -> Line:
    return Line(
        window.pk,
        range_words(window.start_from, window.start_to),
        SyncWindow.Kind(window.kind).label,
        text,
        window.done_count,
        window.total_count,
        window.state in (WorkState.INCOMPLETE, WorkState.STOPPED),
    )


def range_words(start: datetime, end: datetime) -> str:
    """ "12 Oct 08:00-20:00", or both days where they differ."""
    first, last = timezone.localtime(start), timezone.localtime(end)
    if first.date() == last.date():
        return f"{formats.short_time(start)}-{last:%H:%M}"
    return f"{formats.short_time(start)} to {formats.short_time(end)}"


def waiting_count() -> int:
    return SyncWindow.objects.filter(state=WorkState.WAITING, kind=SyncWindow.Kind.BACKFILL).count()
