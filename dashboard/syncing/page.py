"""Everything that the sync page's template prints."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from dashboard import formats
from dashboard.syncing import progress, runs, sentences, unreadable, windows
from interactions.ingest import refresh, refusals, status, sweep
from interactions.models import Account, RawRecord

SIGNS = {"complete": ("✓", "read"), "incomplete": ("!", "incomplete"), "waiting": ("–", "not read yet")}


@dataclass(frozen=True)
class Month:
    name: str
    sign: str
    words: str
    state: str


def context(is_operator: bool) -> dict[str, Any]:
    """The first block for everyone, the rest for operators."""
    now = timezone.now()
    state = status.freshness(now)
    is_paused = state.history_paused_at is not None
    found: dict[str, Any] = {
        "state": f"{state.state}-paused" if is_paused else state.state,
        "is_bad": state.state in ("behind", "incomplete"),
        "is_busy": (state.is_reading_history and not is_paused) or state.state == "never",
        "is_paused": is_paused,
        "headline": sentences.headline(state, now),
        "trouble": sentences.trouble(state),
        "lag": sentences.lag(refresh.lagging(now, settings.POLL_SECONDS), now),
        "is_suspicious": status.empty_answer_is_suspicious(now),
        "months": [_month(month, timezone.localtime(now).year) for month in status.months(formats.zone_name())],
        "progress": progress.progress(now) if state.is_reading_history else None,
        "zone": formats.zone_name(),
        "is_operator": is_operator,
    }
    return found | (_for_operators(state, now) if is_operator else {})


def _month(month: status.MonthCoverage, this_year: int) -> Month:
    sign, words = SIGNS.get(month.state, (f"{month.share:.0%}", f"{month.share:.0%} read"))
    # Thirteen months hold one name twice.
    name = f"{month.month:%b}" if month.month.year == this_year else f"{month.month:%b %Y}"
    return Month(name, sign, f"{month.month:%B %Y}: {words}", month.state)


def _refused(refusal: refusals.Refusal, now: datetime) -> str:
    again = f"at {formats.moment(refusal.retry_at, now)}" if refusal.retry_at > now else "within a minute"
    return f"{refusal.detail} Asked again {again}."


def _for_operators(state: status.Freshness, now: datetime) -> dict[str, Any]:
    account = Account.objects.first()
    return {
        "clock": sentences.clock(account.clock_ahead_seconds if account else 0),
        "account_id": state.account_id,
        "paused_at": state.history_paused_at,
        "refusals": [_refused(refusal, now) for refusal in refusals.refusals(account)],
        "incomplete": windows.incomplete_lines(state.incomplete, now, state.history_paused_at is not None),
        "incomplete_count": state.incomplete_count,
        "running": windows.running_lines(),
        "failed": windows.failed_lines(),
        "waiting_count": windows.waiting_count(),
        "record_count": status.unreadable_count(),
        "reasons": unreadable.reasons(),
        "missing": sentences.missing(RawRecord.objects.filter(missing_since__isnull=False).count()),
        "comparison": sentences.comparison(sweep.progress(now, settings.BACKFILL_DAYS), now),
        "runs": runs.newest(),
        "quiet_count": runs.quiet_count(now),
        "last_hour": status.last_hour(now),
        "worker_count": runs.worker_count(now),
    }
