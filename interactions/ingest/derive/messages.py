"""The transcript in reading order: sorted, numbered, each message once, with its score."""

import hashlib
from collections import Counter

from interactions.ingest.derive.content import payload_of, text_of
from interactions.ingest.derive.dialogs import Dialogs
from interactions.ingest.derive.limits import SMALL, WHOLE, Notes
from interactions.ingest.derive.rows import MessageRow
from interactions.ingest.derive.speakers import Speakers
from interactions.liveperson.records import ConversationRecord, Message, Score

ID_LENGTH, TYPE_LENGTH = 200, 40
# How our own ids begin, and how long they may be before a number is put behind those of messages alike.
UNNAMED, _ROOMY = "unnamed:", 180
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
    given: Counter[str] = Counter()
    numbers, main, speaker_of = speakers.dialogs.numbers, speakers.dialogs.main, speakers.of
    for message in ordered:
        ident, text, kind = message.message_id, message.text, message.type
        score = scores.get(ident)
        columns = (
            ident if ident is not None and len(ident) <= ID_LENGTH else _stand_in(message, given, notes),
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


def _stand_in(message: Message, given: Counter[str], notes: Notes) -> str:
    """For an id that is missing or too long: marks and links hold on to it, so that it must last."""
    ident = message.message_id
    if ident is not None:
        return _shortened(ident, notes)
    notes.add("messageRecords.messageId", "missing")
    # Not its position, which a late message moves.
    place = str(message.seq) if message.seq is not None else f"{message.sent_at_ms or ''}:{_digest(message)}"
    ident = f"{UNNAMED}{message.dialog_id or ''}:{place}"
    ident = ident if len(ident) <= _ROOMY else _shortened(ident, notes)
    given[ident] += 1
    return ident if given[ident] == 1 else f"{ident}:{given[ident]}"


def _shortened(ident: str, notes: Notes) -> str:
    notes.add("messageRecords.messageId", f"longer than {ID_LENGTH} characters")
    return f"{ident[:120]}:{hashlib.blake2b(ident.encode(), digest_size=16).hexdigest()}"


def _digest(message: Message) -> str:
    """Who said what, as it came: no rule of ours changes it."""
    said = "\0".join(word or "" for word in (message.participant_id, message.type, message.text))
    return hashlib.blake2b(said.encode(), digest_size=8).hexdigest()
