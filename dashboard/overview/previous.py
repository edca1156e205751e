"""The equally long period before the one that is asked for."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from dashboard.links import started_between
from interactions.search import ConversationQuery

# The earliest year that an address may name (interactions.search).
FIRST_YEAR = 1970


def previous(query: ConversationQuery) -> ConversationQuery | None:
    """`query` over as many days right before its own; None where its period is open or reaches back too far."""
    first, last = query.period_bounds()
    if first is None or last is None:
        return None
    last = min(last, query.asked_at.astimezone(ZoneInfo(query.zone)).date())
    days = (last - first).days + 1
    if days < 1 or (first.year - FIRST_YEAR) * 365 < days:
        return None
    return started_between(query, first - timedelta(days=days), first - timedelta(days=1))
