"""Asking again for what LivePerson cut short: a record that stays as it is, no search lists a second time."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from interactions.ingest.derive import AutomaticTexts
from interactions.ingest.poison import AT_A_PAGE, AT_A_RECORD
from interactions.ingest.store import PART_OF_NEWER, Outcome, prepare, write
from interactions.jobs import Claim
from interactions.liveperson import Client, Refused, Unavailable, UnexpectedResponse
from interactions.models import Conversation, RawRecord, RefreshRequest, SyncWindow, UnreadableRecord, WorkState

logger = logging.getLogger(__name__)
AGAIN_AFTER = timedelta(hours=1)
MOST = 100  # one call
MOST_LOOKED_AT = 1000


def ask_again(
    client: Client, claim: Claim[SyncWindow], automatic: AutomaticTexts, now: Callable[[], datetime]
) -> Outcome | None:
    """Read by id what is stored in part and started in the window; None when nothing is due.

    A failure of this call alone must not keep the window from being complete: it is left for the next pass.
    Raises LivePersonError for what concerns every call, LostClaim and StopRequested.
    """
    asked_at = now()
    due = _due(claim.row, asked_at)
    behind = _behind(claim.row, asked_at)
    if not due and not behind:
        return None
    if claim.row.attempt_count > AT_A_PAGE:
        _leave_to_requests([*due.values(), *behind], asked_at)
        return None
    try:
        records = client.by_id([*due.values(), *behind])
    except (Refused, Unavailable, UnexpectedResponse) as error:
        count = len(due) + len(behind)
        logger.warning("cut records not asked for again", extra={"count": count, "error": type(error).__name__})
        return None
    items = prepare(records, asked_at, automatic)
    with transaction.atomic():
        claim.renew(now())
        outcome = write(items, automatic, window_pk=claim.row.pk)
        # What is as it was, is so by now; this also makes it wait its hour.
        unread = {item.key for item in items if item.reason}
        same = [pk for pk, ident in due.items() if ident not in unread]
        RawRecord.objects.filter(pk__in=same, is_partial=True, read_at__lt=asked_at).update(read_at=asked_at)
        UnreadableRecord.objects.filter(key__in=behind, last_seen_at__lt=asked_at).update(last_seen_at=asked_at)
    return outcome


def _leave_to_requests(idents: list[str], now: datetime) -> None:
    """Have each asked for alone: one of them may end whoever reads it, and a request bears that a few times only."""
    rows = [RefreshRequest(conversation_id=ident, asked_at=now) for ident in idents]
    RefreshRequest.objects.bulk_create(rows, ignore_conflicts=True)


def _due(window: SyncWindow, now: datetime) -> dict[int, str]:
    """LivePerson's ids by key of what is stored in part and was not asked for in the last hour."""
    rows = RawRecord.objects.filter(is_partial=True, read_at__lte=now - AGAIN_AFTER).order_by("read_at")
    # In two steps: joined, SQLite would walk over all conversations of the window instead of the few cut ones.
    found = list(rows.values_list("pk", flat=True)[:MOST_LOOKED_AT])
    if not found:
        return {}
    inside = _to_ask(window, now).filter(pk__in=found)
    return dict(inside.values_list("pk", "conversation_id")[:MOST])


def _behind(window: SyncWindow, now: datetime) -> list[str]:
    """LivePerson's ids of what is stored whole but older than the part that came, not asked for in the last hour."""
    rows = UnreadableRecord.objects.filter(reason=PART_OF_NEWER, last_seen_at__lte=now - AGAIN_AFTER)
    found = list(rows.order_by("last_seen_at").values_list("key", flat=True)[:MOST_LOOKED_AT])
    if not found:
        return []
    inside = _to_ask(window, now).filter(conversation_id__in=found)
    return list(inside.values_list("conversation_id", flat=True)[:MOST])


def _to_ask(window: SyncWindow, now: datetime) -> QuerySet[Conversation]:
    """Those of the window but for what came unreadable within the hour, is asked for alone, or was given up there.

    The last is remembered as long as the request is (`prune`), so that it is tried anew once a day.
    """
    came = UnreadableRecord.objects.filter(key=OuterRef("conversation_id"), last_seen_at__gt=now - AGAIN_AFTER)
    given_up = Q(state=WorkState.FAILED, attempt_count__gt=AT_A_RECORD)
    alone = RefreshRequest.objects.filter(Q(ended_at=None) | given_up, conversation_id=OuterRef("conversation_id"))
    inside = Conversation.objects.filter(started_at__gte=window.start_from, started_at__lt=window.start_to)
    return inside.filter(~Exists(came), ~Exists(alone))
