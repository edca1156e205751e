"""How far the reading of history is: what is read, what remains, how long it takes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from dashboard import formats
from interactions.models import Conversation, SyncRun, SyncWindow, WorkState

# The pace of the last minutes says more than that of the whole reading, which may have been interrupted.
RECENT = timedelta(minutes=10)


@dataclass(frozen=True)
class Progress:
    """`to_go` and `seconds` are estimates, None while nothing is known to estimate from."""

    read: int
    to_go: int | None
    seconds: float | None

    @property
    def text(self) -> str:
        parts = [f"{formats.count(self.read)} read"]
        if self.to_go:
            parts.append(f"about {formats.count(_rounded(self.to_go))} to go")
        if self.to_go and self.seconds:
            parts.append(f"about {_coarse(self.seconds)}")
        return ", ".join(parts)


def progress(now: datetime) -> Progress:
    windows = list(SyncWindow.objects.filter(kind=SyncWindow.Kind.BACKFILL))
    done = [window for window in windows if window.state == WorkState.COMPLETE]
    rest = [window for window in windows if window.state in (WorkState.WAITING, WorkState.RUNNING)]
    read = Conversation.objects.count()
    to_go = _to_go(done, rest)
    pace = _pace(now)
    return Progress(read, to_go, to_go / pace if to_go and pace else None)


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
    """Conversations of history read per second of work in the last minutes."""
    runs = SyncRun.objects.filter(kind=SyncRun.Kind.BACKFILL, started_at__gt=now - RECENT)
    read, seconds = 0, 0.0
    for started_at, ended_at, count in runs.values_list("started_at", "ended_at", "read_count"):
        read += count
        seconds += ((ended_at or now) - started_at).total_seconds()
    return read / seconds if read and seconds else None


def _rounded(number: int) -> int:
    """Two figures of an estimate are all that it knows: 36,812 is 37,000."""
    digits = len(str(number))
    return round(number, 2 - digits) if digits > 2 else number


def _coarse(seconds: float) -> str:
    """ "2 min", "1 h 10 min": nobody waits by the second."""
    minutes = max(1, round(seconds / 60))
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60 // 10 * 10} min"
