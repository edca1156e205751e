"""Whether the period of a query was read whole, and how a page says that it was not."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from dashboard import formats
from interactions.ingest.status import Completeness, completeness
from interactions.search import ConversationQuery


def completeness_of(query: ConversationQuery) -> Completeness:
    """Completeness of the local days on which the asked conversations started."""
    first, last = query.period_bounds()
    place = ZoneInfo(query.zone)
    start = _midnight(first, place) if first else None
    return completeness(start, _midnight(last + timedelta(days=1), place) if last else None)


def _midnight(day: date, place: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), place).astimezone(UTC)


def words(found: Completeness) -> str:
    """What stands beside the figures of a period that is not read whole; empty when it is."""
    if found.is_complete:
        return ""
    if found.complete_since is None:
        return "Not complete: this period is still being read."
    since = timezone.localtime(found.complete_since)
    return f"Complete since {formats.day(since)}; earlier days are still being read."
