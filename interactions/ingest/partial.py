"""Asking again for what LivePerson cut short: a record that stays as it is, no search lists a second time."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from interactions.ingest.derive import AutomaticTexts
from interactions.ingest.store import Outcome, prepare, write
from interactions.jobs import Claim
from interactions.liveperson import Client, Refused, Unavailable, UnexpectedResponse
from interactions.models import RawRecord, SyncWindow

logger = logging.getLogger(__name__)
AGAIN_AFTER = timedelta(hours=1)
MOST = 100  # one call


def ask_again(
    client: Client, claim: Claim[SyncWindow], automatic: AutomaticTexts, now: Callable[[], datetime]
) -> Outcome | None:
    """Read by id what is stored in part and started in the window; None when nothing is due.

    A failure of this call alone must not keep the window from being complete: it is left for the next pass.
    Raises LivePersonError for what concerns every call, LostClaim and StopRequested.
    """
    asked_at = now()
    window = claim.row
    rows = RawRecord.objects.filter(
        is_partial=True,
        read_at__lte=asked_at - AGAIN_AFTER,
        conversation__started_at__gte=window.start_from,
        conversation__started_at__lt=window.start_to,
    )
    due = dict(rows.order_by("read_at").values_list("pk", "conversation__conversation_id")[:MOST])
    if not due:
        return None
    try:
        records = client.by_id(list(due.values()))
    except (Refused, Unavailable, UnexpectedResponse) as error:
        logger.warning("%d records cut short were not asked for again (%s)", len(due), type(error).__name__)
        return None
    items = prepare(records, asked_at, automatic)
    with transaction.atomic():
        claim.renew(now())
        outcome = write(items, automatic, window_pk=window.pk)
        # What is as it was, is so by now; this also makes it wait its hour.
        RawRecord.objects.filter(pk__in=due, is_partial=True, read_at__lt=asked_at).update(read_at=asked_at)
    return outcome
