"""Freshness and completeness in sentences."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from dashboard import formats
from interactions.ingest.refresh import TIERS, Tier
from interactions.ingest.status import Freshness
from interactions.ingest.sweep import PASS, Progress


def headline(state: Freshness, now: datetime) -> str:
    """What stands first: how fresh, and since when whole."""
    return " ".join(part for part in (_fresh(state, now), _whole(state, now), _history(state)) if part)


def _fresh(state: Freshness, now: datetime) -> str:
    if not state.account_id:
        return "Nothing has been read yet: no LivePerson account is connected."
    if state.read_to is None:
        return "Reading the first conversations from LivePerson."
    ago = formats.span((now - state.read_to).total_seconds())
    if state.state == "behind":
        return f"Behind: read to {formats.moment(state.read_to, now)}, {ago} ago."
    return f"Up to date to {formats.moment(state.read_to, now)} ({ago} ago)."


def _whole(state: Freshness, now: datetime) -> str:
    if state.history_back_to is None:
        return ""
    since = formats.day(timezone.localtime(state.history_back_to))
    excepted = f", {formats.plural(state.incomplete_count, 'period')} excepted" if state.incomplete else ""
    until = formats.moment(state.read_to, now) if state.state == "behind" and state.read_to else "now"
    return f"Complete from {since} to {until}{excepted}."


def _history(state: Freshness) -> str:
    if not state.is_reading_history:
        return ""
    if state.history_paused_at:
        return "The reading of earlier history is paused; what is new is still read."
    return "Earlier history is being read, newest first."


def trouble(state: Freshness) -> str:
    """What is wrong with LivePerson, what it means for who reads, and when it is tried again."""
    if not state.trouble:
        return ""
    parts = [state.trouble_detail]
    if state.trouble == "unavailable" and state.trouble_since:
        # The stored sentence gives the time in UTC.
        parts = [f"LivePerson has not answered since {formats.moment(state.trouble_since)}."]
    if state.trouble != "slowed":
        parts.append("You are reading what was stored until then.")
    if state.retry_at and state.retry_at > timezone.now():
        parts.append(f"Tried again at {formats.moment(state.retry_at)}.")
    return " ".join(parts)


def lag(lagging: Sequence[tuple[Tier, datetime]], now: datetime) -> str:
    """That changes of older conversations have not been asked for as often as they should be; "" while they have."""
    if not lagging:
        return ""
    tier, covered = lagging[0]
    started = formats.day(timezone.localtime(now - TIERS[TIERS.index(tier) - 1].age))
    return f"Changes to conversations that started before {started} are known only to {formats.moment(covered, now)}."


def missing(count: int) -> str:
    """What LivePerson has no more although it keeps what is as old; "" when nothing is missing."""
    if not count:
        return ""
    are, they = ("is", "it is") if count == 1 else ("are", "they are")
    return f"{formats.plural(count, 'conversation')} {are} no longer at LivePerson; here {they} kept, and marked."


def comparison(found: Progress, now: datetime) -> str:
    """How far the slow comparison with LivePerson has come; "" before the first."""
    if found.begun_at is None:
        return ""
    begun = f"begun {formats.moment(found.begun_at, now)}"
    return (
        f"Comparison of everything stored with LivePerson: {found.share:.0%}, {begun}; one takes {PASS.days} days, "
        "in between other reading."
    )


def clock(seconds_ahead: int) -> str:
    """That the clock of the machine that reads is wrong; "" while it agrees with LivePerson's."""
    if not seconds_ahead:
        return ""
    minutes, side = abs(seconds_ahead) // 60, "behind" if seconds_ahead > 0 else "ahead of"
    return (
        f"The worker's clock is {minutes} min {side} LivePerson's. Reading goes by LivePerson's and misses nothing; "
        "an operator should set the clock right."
    )
