"""The transcript in reading order: sorted, numbered, each message once, with its score."""

import hashlib

from interactions.ingest.derive.content import payload_of, text_of
from interactions.ingest.derive.dialogs import Dialogs
from interactions.ingest.derive.limits import SMALL, WHOLE, Notes
from interactions.ingest.derive.rows import MessageRow
from interactions.ingest.derive.speakers import Speakers
from interactions.liveperson.records import ConversationRecord, Message, Score

ID_LENGTH, TYPE_LENGTH = 200, 40
_TYPE = "messageRecords.type"
_new = tuple.__new__  # what MessageRow(...) calls after sorting its arguments, in a third of the time


def in_order(record: ConversationRecord, dialogs: Dialogs, notes: Notes) -> list[Message]:
    """Messages by time, dialog and `seq`; one without time stays behind the one delivered before it."""
    latest: dict[int, int] = {}
    placed: list[tuple[int, int, int, int, Message]] = []
    numbers, main = dialogs.numbers, dialogs.main
    for index, message in enumerate(record.messages):
        number = numbers.get(message.dialog_id or main, 0)
        at = message.sent_at_ms
        if at is None:
            at = latest.get(number, record.info.started_at_ms or 0)
            notes.add("messageRecords.time", "missing: placed by order of delivery")
        latest[number] = at
        placed.append((at, number, message.seq or 0, index, message))
    placed.sort()
    return _once([each[-1] for each in placed], notes)


def _once(messages: list[Message], notes: Notes) -> list[Message]:
    idents = {message.message_id for message in messages}
    if len(idents) == len(messages) and None not in idents:
        return messages
    kept: dict[str, Message] = {}
    for index, message in enumerate(messages):
        other = kept.setdefault(message.message_id or f"\0{index}", message)
        if other is not message and other.raw != message.raw:
            notes.add("messageRecords.messageId", "given to two different messages: the first one is shown")
    return list(kept.values())


def message_rows(
    ordered: list[Message], speakers: Speakers, scores: dict[str | None, Score], notes: Notes
) -> list[MessageRow]:
    rows = []
    numbers, main, speaker_of = speakers.dialogs.numbers, speakers.dialogs.main, speakers.of
    for index, message in enumerate(ordered):
        ident, text, kind = message.message_id, message.text, message.type
        score = scores.get(ident)
        columns = (
            ident if ident is not None and len(ident) <= ID_LENGTH else _stand_in(message, index, notes),
            min(numbers.get(message.dialog_id or main, 0), SMALL),
            message.seq,
            message.sent_at_ms,
            *speaker_of(message),
            kind if kind is not None and len(kind) <= TYPE_LENGTH else notes.fit(kind, TYPE_LENGTH, _TYPE),
            text if text is not None else text_of(message),
            payload_of(message),
            None if score is None else notes.whole(score.raw_score, WHOLE, "messageScores.messageRawScore"),
            None if score is None else score.mcs,
        )
        rows.append(_new(MessageRow, columns))
    return rows


def _stand_in(message: Message, index: int, notes: Notes) -> str:
    """For an id that is missing or too long: marks and links hold on to it, so that it must last."""
    ident = message.message_id
    if ident is None:
        notes.add("messageRecords.messageId", "missing")
        place = f"p{index}" if message.seq is None else str(message.seq)
        ident = f"unnamed:{message.dialog_id or ''}:{place}"
        if len(ident) <= ID_LENGTH:
            return ident
    notes.add("messageRecords.messageId", f"longer than {ID_LENGTH} characters")
    return f"{ident[:120]}:{hashlib.blake2b(ident.encode(), digest_size=16).hexdigest()}"
