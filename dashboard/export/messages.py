"""messages.csv: one row per message of the list's conversations, in the order of list and transcript."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from operator import attrgetter
from typing import NamedTuple

from interactions.models import Conversation, Message, message_range
from interactions.models.message import POSITION_BITS

from .directory import Directory, Known
from .lines import Clock, Column

PAGE = 2000
MOST_CONVERSATIONS = 1000


class Row(NamedTuple):
    conversation_id: str
    message_id: str
    position: int
    sent_at: datetime | None
    speaker: str
    agent: Known
    type: str
    text: str
    raw_score: int | None
    mcs: int | None
    dialog: int


_STORED = ("id", "message_id", "sent_at", "speaker", "agent_id", "type", "text", "raw_score", "mcs", "dialog")


def message_columns(clock: Clock) -> list[Column]:
    """The file's columns in the contract's order; new ones are appended."""
    return [
        Column("conversation_id", attrgetter("conversation_id")),
        Column("message_id", attrgetter("message_id")),
        Column("position", attrgetter("position")),
        Column("sent_at", lambda row: clock.write(row.sent_at)),
        Column("speaker", attrgetter("speaker")),
        Column("agent_id", attrgetter("agent.liveperson_id")),
        Column("agent", attrgetter("agent.name")),
        Column("type", attrgetter("type")),
        Column("text", attrgetter("text")),
        Column("raw_score", attrgetter("raw_score")),
        Column("mcs", attrgetter("mcs")),
        Column("dialog", attrgetter("dialog")),
    ]


def message_pages(keyset: Iterable[Sequence[int]], directory: Directory) -> Iterator[list[Row]]:
    """Pages of about PAGE rows in the order of `keyset` (pages of conversation keys); no cursor outlives one."""
    for keys in keyset:
        heads = Conversation.objects.filter(pk__in=keys).values_list("pk", "conversation_id", "message_count")
        known = {pk: (ident, count) for pk, ident, count in heads}
        for batch in _batches([(pk, known[pk][1]) for pk in keys if pk in known]):
            for page in _read(batch):
                yield [_row(line, known[line.pk >> POSITION_BITS][0], directory) for line in page]


def _batches(counts: Iterable[tuple[int, int]]) -> Iterator[list[int]]:
    """Conversations whose messages fit a page together; one that is longer than a page comes alone."""
    batch: list[int] = []
    held = 0
    for pk, count in counts:
        if batch and (held + count > PAGE or len(batch) == MOST_CONVERSATIONS):
            yield batch
            batch, held = [], 0
        batch.append(pk)
        held += count
    if batch:
        yield batch


def _read(batch: Sequence[int]) -> Iterator[list[Message]]:
    if len(batch) == 1:
        yield from _slices(batch[0])
        return
    found: dict[int, list[Message]] = defaultdict(list)
    for message in sorted(Message.objects.of_several(batch, _STORED), key=lambda message: message.pk):
        found[message.pk >> POSITION_BITS].append(message)
    yield [message for pk in batch for message in found.get(pk, ())]


def _slices(pk: int) -> Iterator[list[Message]]:
    """One conversation, also of 65,535 messages, a page at a time."""
    after, last = message_range(pk)
    while True:
        page = list(Message.objects.filter(pk__gt=after, pk__lte=last).order_by("pk").only(*_STORED)[:PAGE])
        if page:
            yield page
        if len(page) < PAGE:
            return
        after = page[-1].pk


def _row(message: Message, conversation_id: str, directory: Directory) -> Row:
    return Row(
        conversation_id,
        message.message_id,
        message.position,
        message.sent_at,
        message.speaker,
        directory.agent(message.agent_id),
        message.type,
        message.text,
        message.raw_score,
        message.mcs,
        message.dialog,
    )
