"""How far the reading of history is: what is read, what remains, how long it takes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from dashboard import formats
from interactions.models import Account, SyncRun, SyncWindow, WorkState

# The pace of the last minutes says more than that of the whole reading, which may have been interrupted.
RECENT = timedelta(minutes=10)


@dataclass(frozen=True)
class Progress:
    """`to_go` and `seconds` are estimates, None while nothing is known to estimate from."""

    read: int
    to_go: int | None
    seconds: float | None

    @property
    def share(self) -> float | None:
        """Percent of history that is read."""
        return None if self.to_go is None else 100 * self.read / max(self.read + self.to_go, 1)

    @property
    def text(self) -> str:
        parts = [f"{formats.count(self.read)} read"]
        if self.to_go:
            parts.append(f"about {formats.count(_rounded(self.to_go))} to go")
        if self.to_go and self.seconds:
            parts.append(f"about {coarse(self.seconds)}")
        return ", ".join(parts)


def progress(now: datetime) -> Progress:
    """Over the windows of history; three queries."""
    windows = list(SyncWindow.objects.filter(kind=SyncWindow.Kind.BACKFILL))
    done = [window for window in windows if window.state == WorkState.COMPLETE]
    rest = [window for window in windows if window.state in (WorkState.WAITING, WorkState.RUNNING)]
    read = sum(_read(window) for window in windows)
    counted = Account.objects.values_list("history_count", flat=True).first()
    # What LivePerson itself counted, where it has said.
    to_go = max(counted - read, 0) if counted else _to_go(done, rest)
    pace = _pace(now)
    return Progress(read, to_go, to_go / pace if to_go and pace else None)


def _read(window: SyncWindow) -> int:
    is_ended = window.state in (WorkState.COMPLETE, WorkState.INCOMPLETE)
    return window.seen_count if is_ended else window.done_count


def _to_go(done: list[SyncWindow], rest: list[SyncWindow]) -> int | None:
    """Unread windows are taken to be as busy as the read ones, where LivePerson has not said how many they hold."""
    span = sum((window.start_to - window.start_from for window in done), timedelta())
    per_second = sum(window.seen_count for window in done) / span.total_seconds() if span else None
    found = 0.0
    for window in rest:
        if window.total_count is not None:
            found += max(window.total_count - window.done_count, 0)
        elif per_second is None:
            return None
        else:
            found += per_second * (window.start_to - window.start_from).total_seconds()
    return round(found)


def _pace(now: datetime) -> float | None:
    """Conversations of history read in a second of the last minutes, by all workers together."""
    runs = SyncRun.objects.filter(kind=SyncRun.Kind.BACKFILL, started_at__gt=now - RECENT).order_by("started_at")
    read, seconds, until = 0, 0.0, now - RECENT
    for started_at, ended_at, count, so_far in runs.values_list(
        "started_at", "ended_at", "read_count", "window__done_count"
    ):
        # A run writes its counts when it ends.
        read += count if ended_at else so_far or 0
        # Workers read side by side, and there may be hours in between: what counts is when anybody was reading.
        end = ended_at or now
        seconds += max((end - max(started_at, until)).total_seconds(), 0.0)
        until = max(until, end)
    return read / seconds if read and seconds else None


def _rounded(number: int) -> int:
    """Two figures of an estimate are all that it knows: 36,812 is 37,000."""
    digits = len(str(number))
    return round(number, 2 - digits) if digits > 2 else number


def coarse(seconds: float) -> str:
    """ "2 min", "1 h 10 min": nobody waits by the second."""
    minutes = max(1, round(seconds / 60))
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60 // 10 * 10} min"
