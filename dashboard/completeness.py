"""Whether the period of a query was read whole, and how a page says that it was not."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from dashboard import formats
from interactions.ingest.status import completeness, freshness
from interactions.search import ConversationQuery


@dataclass(frozen=True)
class PeriodCompleteness:
    """`complete_since`: down to it everything was read whole. `is_behind`: what is missing is the newest part.

    `ends_at` is the oldest start that Readback reads, where the period reaches behind it; `is_only_older` says
    that nothing but what is older is missing.
    """

    is_complete: bool
    complete_since: datetime | None
    is_behind: bool = False
    ends_at: datetime | None = None
    is_only_older: bool = False


def completeness_of(query: ConversationQuery) -> PeriodCompleteness:
    """Completeness of the local days on which the asked conversations started."""
    first, last = query.period_bounds()
    place = ZoneInfo(query.zone)
    start = _midnight(first, place) if first else None
    found = completeness(start, _midnight(last + timedelta(days=1), place) if last else None)
    since = found.complete_since
    # Whole down to the first day that is read, and yet not complete: nothing is missing at the old end.
    begin = found.ends_at or start
    is_whole = since is not None and begin is not None and since <= begin
    is_behind = not found.is_complete and (is_whole or (found.is_behind and not found.is_reading))
    is_only_older = found.ends_at is not None and not found.is_reading and not found.is_behind
    return PeriodCompleteness(found.is_complete, since, is_behind, found.ends_at, is_only_older)


def _midnight(day: date, place: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), place).astimezone(UTC)


def words(found: PeriodCompleteness) -> str:
    """What stands beside the figures of a period that is not read whole; empty when it is."""
    if found.is_complete:
        return ""
    older = ""
    if found.ends_at is not None:
        ends_at = formats.day(timezone.localtime(found.ends_at))
        older = f"Readback reads back to {ends_at}; earlier days are not read."
    return " ".join(part for part in ("" if found.is_only_older else _missing(found), older) if part)


def _missing(found: PeriodCompleteness) -> str:
    """What is still to be read of the period."""
    if found.complete_since is None:
        return "Not complete: this period is still being read."
    if found.is_behind:
        read_to = freshness().read_to
        reached = f"Complete to {formats.short_time(read_to)}" if read_to else "Not complete"
        return f"{reached}; what is newer has not been read yet."
    since = timezone.localtime(found.complete_since)
    return f"Complete since {formats.day(since)}; earlier days are still being read."
