"""Erasing a consumer for good: what is stored of them goes, and a tombstone keeps LivePerson from giving it back."""

import logging
import zlib
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from interactions.ingest.store.erased import digests_of, hold, participants_of
from interactions.ingest.store.rows import clear_children
from interactions.ingest.turns import write_turn
from interactions.models import Consumer, Conversation, Tombstone, UnreadableRecord

logger = logging.getLogger(__name__)
# Conversations removed in one transaction, so that pages and importers get their turn.
_TOGETHER = 100


@dataclass(frozen=True, slots=True)
class Erased:
    """How much was stored of a consumer."""

    conversations: int
    unreadable: int


def erase(participant_id: str, now: datetime) -> Erased:
    """Remove everything of a consumer, by LivePerson's id of them, and take nothing of them in again.

    Marks and notes on their conversations go with them; lines of the access audit stay, as they name conversations
    alone. May be repeated: one that was stopped goes on with the rest.
    """
    with transaction.atomic():
        hold(alone=True)
        # First of all: what is imported from now on passes them over.
        Tombstone.objects.get_or_create(digest=digests_of(participant_id)[0], defaults={"erased_at": now})
    conversations = 0
    while pks := _next(participant_id):
        with write_turn(), transaction.atomic():
            clear_children(pks)
            Conversation.objects.filter(pk__in=pks).delete()
        conversations += len(pks)
    unreadable = _erase_unreadable(participant_id)
    Consumer.objects.filter(participant_id=participant_id).delete()
    logger.info("consumer erased", extra={"count": conversations})
    return Erased(conversations, unreadable)


def _next(participant_id: str) -> list[int]:
    theirs = Conversation.objects.filter(consumer__participant_id=participant_id).order_by("pk")
    return list(theirs.values_list("pk", flat=True)[:_TOGETHER])


def _erase_unreadable(participant_id: str) -> int:
    found = [
        pk
        for pk, body in UnreadableRecord.objects.values_list("pk", "body").iterator(chunk_size=20)
        if participant_id in participants_of(zlib.decompress(bytes(body)))
    ]
    return UnreadableRecord.objects.filter(pk__in=found).delete()[0]
