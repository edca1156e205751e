"""messages.csv: one row per message of the list's conversations, in the order of list and transcript."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from django.db.models import Q

from interactions.models import MAX_MESSAGES, Conversation, Message, message_range

from .directory import Directory, Known
from .lines import Clock, Column

PAGE = 2000
# Ranges joined by OR in one query: SQLite's parser goes no deeper than 1,000.
MOST_RANGES = 100


Values = tuple[Any, ...]


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


_STORED = ("pk", "message_id", "sent_at", "speaker", "agent_id", "type", "text", "raw_score", "mcs", "dialog")


def message_columns(clock: Clock) -> list[Column]:
    """The file's columns in the contract's order; new ones are appended."""
    return [
        Column("conversation_id", lambda row: row.conversation_id),
        Column("message_id", lambda row: row.message_id),
        Column("position", lambda row: row.position),
        Column("sent_at", lambda row: clock.write(row.sent_at)),
        Column("speaker", lambda row: row.speaker),
        Column("agent_id", lambda row: row.agent.liveperson_id),
        Column("agent", lambda row: row.agent.name),
        Column("type", lambda row: row.type),
        Column("text", lambda row: row.text),
        Column("raw_score", lambda row: row.raw_score),
        Column("mcs", lambda row: row.mcs),
        Column("dialog", lambda row: row.dialog),
    ]


def message_pages(keyset: Iterable[Sequence[int]], directory: Directory) -> Iterator[list[Row]]:
    """Pages of about PAGE rows in the order of `keyset` (pages of conversation keys); no cursor outlives one."""
    for keys in keyset:
        heads = Conversation.objects.filter(pk__in=keys).values_list("pk", "conversation_id", "message_count")
        known = {pk: (ident, count) for pk, ident, count in heads}
        for batch in _batches([(pk, known[pk][1]) for pk in keys if pk in known]):
            for page in _read(batch):
                yield [_row(values, known[values[0] >> 16][0], directory) for values in page]


def _batches(counts: Iterable[tuple[int, int]]) -> Iterator[list[int]]:
    """Conversations whose messages fit a page together; one that is longer than a page comes alone."""
    batch: list[int] = []
    held = 0
    for pk, count in counts:
        if batch and (held + count > PAGE or len(batch) == MOST_RANGES):
            yield batch
            batch, held = [], 0
        batch.append(pk)
        held += count
    if batch:
        yield batch


def _read(batch: Sequence[int]) -> Iterator[list[Values]]:
    if len(batch) == 1:
        yield from _slices(batch[0])
        return
    ranges = reduce(or_, (Q(pk__range=message_range(pk)) for pk in batch))
    found: dict[int, list[Values]] = defaultdict(list)
    for values in Message.objects.filter(ranges).order_by("pk").values_list(*_STORED):
        found[values[0] >> 16].append(values)
    yield [values for pk in batch for values in found.get(pk, ())]


def _slices(pk: int) -> Iterator[list[Values]]:
    """One conversation, also of 65,535 messages, a page at a time."""
    after, last = message_range(pk)
    while True:
        page = list(Message.objects.filter(pk__gt=after, pk__lte=last).order_by("pk").values_list(*_STORED)[:PAGE])
        if page:
            yield page
        if len(page) < PAGE:
            return
        after = page[-1][0]


def _row(values: Values, conversation_id: str, directory: Directory) -> Row:
    pk, message_id, sent_at, speaker, agent, type, text, raw_score, mcs, dialog = values
    return Row(
        conversation_id,
        message_id,
        pk & MAX_MESSAGES,
        sent_at,
        speaker,
        directory.agent(agent),
        type,
        text,
        raw_score,
        mcs,
        dialog,
    )
