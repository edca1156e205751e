"""Whether the period of a query was read whole, and how a page says that it was not."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from dashboard import formats
from dashboard.syncing.progress import coarse, progress
from dashboard.syncing.windows import range_words
from interactions.ingest.status import Freshness, completeness, freshness
from interactions.models import SyncWindow
from interactions.search import ConversationQuery


@dataclass(frozen=True)
class PeriodCompleteness:
    """`complete_since`: down to it everything was read whole. `is_behind`: what is missing is the newest part.

    `ends_at` is the oldest start that Readback reads, where the period reaches behind it; `is_only_older` says
    that nothing but what is older is missing. Of the ranges `incomplete` not everything arrived; `is_unread` says
    that more than these is missing, `read_since` down to where nothing is. `read_to` is up to when anything is.
    History that `is_paused` is not being read.
    """

    is_complete: bool
    complete_since: datetime | None
    is_behind: bool = False
    ends_at: datetime | None = None
    is_only_older: bool = False
    incomplete: tuple[SyncWindow, ...] = ()
    is_unread: bool = False
    read_since: datetime | None = None
    read_to: datetime | None = None
    is_paused: bool = False


def completeness_of(query: ConversationQuery, known: Freshness | None = None) -> PeriodCompleteness:
    """Completeness of the local days on which the asked conversations started.

    `known` is what the page asked about the whole account already, so that it is asked once.
    """
    known = known or freshness()
    first, last = query.period_bounds()
    place = ZoneInfo(query.zone)
    start = _midnight(first, place) if first else None
    end = _midnight(last + timedelta(days=1), place) if last else None
    since = _whole_since(known)
    if since and all(side is None or side >= since for side in (start, end)):
        return PeriodCompleteness(True, since, read_to=known.read_to)
    found = completeness(start, end, known=known)
    reached = found.complete_since
    # Whole down to the first day that is read, and yet not complete: nothing is missing at the old end.
    begin = found.ends_at or start
    is_whole = reached is not None and begin is not None and reached <= begin
    is_newest_missing = found.is_behind or (is_whole and not found.incomplete)
    is_behind = not found.is_complete and not found.is_unread and is_newest_missing
    is_only_older = found.ends_at is not None and not found.is_reading and not found.is_behind
    return PeriodCompleteness(
        found.is_complete,
        reached,
        is_behind,
        found.ends_at,
        is_only_older,
        found.incomplete,
        found.is_unread,
        found.read_since,
        known.read_to,
        known.history_paused_at is not None,
    )


def _whole_since(known: Freshness) -> datetime | None:
    """From when on everything is read, where nothing is missing anywhere and the newest is fresh."""
    return known.complete_since if known.state == "current" and not known.is_reading_history else None


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


def words_of_nothing(query: ConversationQuery, found: PeriodCompleteness, now: datetime) -> str:
    """The same beside an empty list: of a period of which nothing was read yet, that it is and how long it takes."""
    last, since = query.period_bounds()[1], found.read_since
    if not found.is_unread or since is None or last is None:
        return words(found)
    if _midnight(last + timedelta(days=1), ZoneInfo(query.zone)) > since:
        return words(found)
    before = f"Nothing yet before {formats.day(timezone.localtime(since))}:"
    if found.is_paused:
        return f"{before} that time is not read yet, and history is paused."
    seconds = progress(now).seconds
    return f"{before} Readback is still reading that time{f', about {coarse(seconds)} more' if seconds else ''}."


def _missing(found: PeriodCompleteness) -> str:
    """What is still to be read of the period."""
    if found.is_behind:
        reached = f"Complete to {formats.short_time(found.read_to)}" if found.read_to else "Not complete"
        newer = f"{reached}; what is newer has not been read yet."
        return f"{newer} {_short_of(found)}".strip()
    if found.incomplete and not found.is_unread:
        return _short_of(found)
    still = "not read yet, and history is paused" if found.is_paused else "still being read"
    if found.read_since is None:
        return f"Not complete: this period is {still}."
    since = formats.day(timezone.localtime(found.read_since))
    excepted = f", except {_ranges(found.incomplete)}" if found.incomplete else ""
    return f"Complete since {since}{excepted}; earlier days are {still}."


def _short_of(found: PeriodCompleteness) -> str:
    if not found.incomplete:
        return ""
    return f"Not everything has arrived of {_ranges(found.incomplete)}; it is asked for again."


def _ranges(windows: tuple[SyncWindow, ...]) -> str:
    """ "12 Oct 08:00-20:00 and 2 other periods"."""
    first = range_words(windows[0].start_from, windows[0].start_to)
    others = len(windows) - 1
    return f"{first} and {formats.plural(others, 'other period')}" if others else first
