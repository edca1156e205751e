"""Erasing a consumer for good: what is stored of them goes, and tombstones keep LivePerson from giving it back."""

import logging
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from interactions.ingest.store.erased import CONSUMER, CONVERSATION, hold, known_as, participants_of, remember
from interactions.ingest.store.rows import clear_children
from interactions.ingest.turns import write_turn
from interactions.models import (
    Agent,
    Consumer,
    Conversation,
    Participation,
    RawRecord,
    RefreshRequest,
    UnreadableRecord,
)
from interactions.models.among import among

logger = logging.getLogger(__name__)
# Conversations removed in one transaction, so that pages and importers get their turn; and records looked at together.
_TOGETHER = 100
# How many records were looked at, and how many there are to look at.
Watch = Callable[[int, int], object]


class NotAConsumer(Exception):
    """The id is nobody's, or an agent's: to keep out whatever names it would keep out other people's conversations."""


@dataclass(frozen=True, slots=True)
class Theirs:
    """How much is stored of a consumer."""

    conversations: int
    unreadable: int


def stored_of(participant_id: str, watch: Watch = lambda done, total: None) -> Theirs:
    """What `erase` would remove. Raises NotAConsumer."""
    keys = {key for some in _named_in(_consumer(participant_id), watch) for key in some}
    conversations = Conversation.objects.filter(conversation_id__in=among(keys)).count()
    return Theirs(conversations, UnreadableRecord.objects.filter(key__in=among(keys)).count())


def erase(participant_id: str, now: datetime, watch: Watch = lambda done, total: None) -> Theirs:
    """Remove everything of a consumer, by LivePerson's id of them, and take nothing of them in again.

    Marks and notes on their conversations go with them; lines of the access audit stay, as they name conversations
    alone. May be repeated: one that was stopped goes on with the rest. Raises NotAConsumer.
    """
    ident = _consumer(participant_id)
    with transaction.atomic():
        hold(alone=True)
        # First of all: what is imported from now on passes them over.
        remember([(CONSUMER, ident)], now)
    conversations = unreadable = 0
    for keys in _named_in(ident, watch):
        removed = _remove(keys, now)
        conversations += removed.conversations
        unreadable += removed.unreadable
    Consumer.objects.filter(participant_id=ident).delete()
    _rename_agent(ident)
    logger.info("consumer erased", extra={"count": conversations})
    return Theirs(conversations, unreadable)


def _consumer(participant_id: str) -> str:
    ident = known_as(participant_id)
    if ident is None or not participant_id.strip():
        raise NotAConsumer("This id stands for nobody, so that many records bear it. Nothing was erased.")
    agents = Agent.objects.filter(Q(liveperson_id=ident) | Q(pid=ident))
    if any(not _is_mention(agent) for agent in agents):
        raise NotAConsumer("This is the id of an agent, not of a consumer. Nothing was erased.")
    return ident


def _is_mention(agent: Agent) -> bool:
    """Whether a record alone has made this agent, which took the id of somebody else for an agent's."""
    is_known = bool(agent.pid or agent.full_name or agent.nickname or agent.login_name or agent.group_id)
    return not is_known and not Participation.objects.filter(agent=agent).exists()


def _named_in(ident: str, watch: Watch) -> Iterator[list[str]]:
    """LivePerson's ids of the conversations that name a consumer, by the rule that keeps them out; some at a time.

    No transaction is open meanwhile: of a million records this takes minutes.
    """
    theirs = list(Conversation.objects.filter(consumer__participant_id=ident).values_list("conversation_id", flat=True))
    yield from (theirs[at : at + _TOGETHER] for at in range(0, len(theirs), _TOGETHER))
    done, kinds = 0, ((RawRecord, "conversation__conversation_id"), (UnreadableRecord, "key"))
    total = sum(model._default_manager.count() for model, _ in kinds)
    for model, key in kinds:
        rows = model._default_manager.order_by("pk")
        last = 0
        while page := list(rows.filter(pk__gt=last).values_list("pk", "body")[:_TOGETHER]):
            named = [pk for pk, body in page if ident in participants_of(zlib.decompress(bytes(body)))]
            if named:
                yield list(rows.filter(pk__in=named).values_list(key, flat=True))
            last, done = page[-1][0], done + len(page)
            watch(done, total)
    watch(done, done)  # some that were counted went meanwhile, others came


def _remove(keys: list[str], now: datetime) -> Theirs:
    """Conversations with everything of theirs, also what came of them that could not be read."""
    # By itself: whoever answers one holds it, and waits until nobody erases.
    RefreshRequest.objects.filter(conversation_id__in=keys).delete()
    with write_turn(), transaction.atomic():
        hold(alone=True)
        # Of a record that is too large only its head comes, which names nobody.
        remember([(CONVERSATION, key) for key in keys], now)
        unreadable = UnreadableRecord.objects.filter(key__in=keys).delete()[0]
        pks = list(Conversation.objects.filter(conversation_id__in=keys).values_list("pk", flat=True))
        if pks:
            clear_children(pks)
            Conversation.objects.filter(pk__in=pks).delete()
    return Theirs(len(pks), unreadable)


def _rename_agent(ident: str) -> None:
    """Of an agent who was made from the consumer's id only the number stays.

    To delete the row, the database would look for it in all messages, while nobody else could write.
    """
    for agent in Agent.objects.filter(liveperson_id=ident):
        agent.liveperson_id, agent.is_deleted = f"erased-{agent.pk}", True
        agent.save(update_fields=["liveperson_id", "is_deleted", "name_order"])
