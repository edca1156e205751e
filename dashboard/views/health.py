"""Whether Readback does its work, for machines that watch it: no sign-in, no detail."""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Min
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from interactions.ingest.status import Freshness, freshness

logger = logging.getLogger(__name__)
LONGEST_INCOMPLETE = timedelta(days=1)


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """JSON `status database data_age_seconds incomplete_windows`; 200 only while `status` is "ok"."""
    now = timezone.now()
    try:
        report = _report(freshness(now), now)
    except DatabaseError as error:
        logger.error("database not read", extra={"error": type(error).__name__})
        report = {"status": "database", "database": "error", "data_age_seconds": None, "incomplete_windows": None}
    return JsonResponse(report, status=200 if report["status"] == "ok" else 503)


def _report(state: Freshness, now: datetime) -> dict[str, Any]:
    return {
        "status": _status(state, now),
        "database": "ok",
        "data_age_seconds": state.data_age_seconds,
        "incomplete_windows": state.incomplete_count,
    }


def _status(state: Freshness, now: datetime) -> str:
    stale_after = timedelta(minutes=settings.STALE_AFTER_MINUTES)
    # Before the first refresh there is no age: then the time since the first start counts.
    newest = state.read_to or state.first_started_at or _set_up_at()
    if newest is not None and now - newest > stale_after:
        return "stale"
    if state.incomplete_since is not None and now - state.incomplete_since >= LONGEST_INCOMPLETE:
        return "incomplete"
    return "ok"


def _set_up_at() -> datetime | None:
    """When the database was made: no worker that would write down its first start has ever run."""
    applied: datetime | None = MigrationRecorder.Migration.objects.aggregate(first=Min("applied"))["first"]
    return applied
