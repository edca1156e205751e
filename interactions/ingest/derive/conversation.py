"""The conversation's own columns, put together from the parts (design.md, "Derived values")."""

import hashlib
from collections.abc import Generator
from typing import Any

from interactions.ingest.derive.automatic import AutomaticTexts
from interactions.ingest.derive.credit import owners
from interactions.ingest.derive.dialogs import Dialogs
from interactions.ingest.derive.events import attribute_rows, transfer_rows
from interactions.ingest.derive.limits import CONTROLS, SMALL, Notes
from interactions.ingest.derive.messages import in_order, message_rows
from interactions.ingest.derive.people import (
    ASSIGNED,
    ID_LENGTH,
    JOINED,
    SYSTEM,
    People,
    consumer_of,
    groups_and_skills,
    participations,
)
from interactions.ingest.derive.responses import responses
from interactions.ingest.derive.rows import (
    ConversationRow,
    Derived,
    DetailRow,
    MessageRow,
    ParticipationRow,
)
from interactions.ingest.derive.scores import by_message, course
from interactions.ingest.derive.speakers import AGENT, AUTOMATIC, BOT_SPEAKER, CONSUMER, NOTE, Speakers
from interactions.ingest.derive.surveys import answer_rows, answers_of, comment, fcr, nps, state
from interactions.ingest.derive.words import texts
from interactions.liveperson.records import ConversationRecord, Message

# Raise it whenever a rule changes: `rederive` then fills everything anew from the raw records.
VERSION = 6
OPEN, CLOSED = "open", "closed"
LONGEST_ID = 128
MOST_MESSAGES = 2**16 - 1
_DROPPED = frozenset({".", ".."})
_WROTE = frozenset({AGENT, BOT_SPEAKER, NOTE})


class Unreadable(Exception):
    """The record cannot become a conversation; says why, without anybody's words."""


def derive(record: ConversationRecord, automatic: AutomaticTexts) -> Generator[None, None, Derived]:
    """All rows of one record, in steps, so that the records of a page can take each by turns (`store.understand`).

    Raises Unreadable when it has no usable id or time, or too many messages.
    """
    ident, started_ms = _identity(record), _started(record)
    notes = Notes(record.problems)
    people = People(record, notes)
    yield
    dialogs = Dialogs(record)
    yield
    ordered = in_order(record, dialogs, notes)
    if len(ordered) > MOST_MESSAGES:
        raise Unreadable(f"It has {len(ordered)} messages; at most {MOST_MESSAGES} can be shown.")
    yield
    messages = message_rows(ordered, Speakers(people, dialogs, automatic), by_message(record), notes)
    yield
    answers = answer_rows(answers_of(record), notes)[:SMALL]
    parts = participations(people)[:SMALL]
    moves = transfer_rows(people, dialogs)
    yield
    is_open = _is_open(record, notes)
    ended_ms = None if is_open else _ended(record, started_ms, notes)
    who = owners(people, dialogs, ended_ms)
    consumer = consumer_of(people, _first_writer(ordered, messages))
    words = comment(answers)
    groups, skills = groups_and_skills(people)
    yield
    row = ConversationRow(
        conversation_id=ident,
        status=OPEN if is_open else CLOSED,
        started_ms=started_ms,
        ended_ms=ended_ms,
        duration_seconds=None if ended_ms is None else (ended_ms - started_ms) // 1000,
        first_contact=record.info.first_conversation,
        survey=state(record, dialogs),
        nps=nps(answers),
        fcr=fcr(answers),
        last_agent=who.last,
        last_human_agent=who.last_human,
        credited_agent=who.credited,
        consumer=None if consumer is None else consumer.participant_id,
        has_human=any(part.is_counted for part in parts),
        agent_count=min(_agents(people, parts, messages), SMALL),
        transfer_count=len(moves),
        shuffle_key=_shuffle_key(ident),
        **_scores(record, messages),
        **_codes(record, notes, is_open),
        **_counts(messages),
    )
    yield
    attributes = attribute_rows(record.sdes, notes)
    yield
    said = texts(messages, words)
    yield
    return Derived(
        row,
        DetailRow(words, _summary(record), record.info.close_reason_description or "", who.rule, notes.found),
        messages,
        parts,
        moves,
        answers,
        attributes,
        said,
        list(people.seen.values()),
        groups,
        skills,
        consumer,
    )


def _identity(record: ConversationRecord) -> str:
    ident = record.info.conversation_id
    if ident is None:
        raise Unreadable("It has no conversation id.")
    if len(ident) > LONGEST_ID:
        raise Unreadable(f"Its conversation id has more than {LONGEST_ID} characters.")
    # Its id is a conversation's address: browsers leave out such parts, and filters take no control characters.
    if CONTROLS.search(ident):
        raise Unreadable("Its conversation id has control characters, which no address can hold.")
    if not _DROPPED.isdisjoint(ident.split("/")):
        raise Unreadable("Its conversation id has a part that is . or .., which no address can hold.")
    return ident


def _started(record: ConversationRecord) -> int:
    """The start as given, else the earliest instant that the record tells."""
    if record.info.started_at_ms is not None:
        return record.info.started_at_ms
    told = [dialog.started_at_ms for dialog in record.dialogs] + [message.sent_at_ms for message in record.messages]
    known = [at for at in told if at is not None]
    if not known:
        raise Unreadable("It has no start time.")
    return min(known)


def _is_open(record: ConversationRecord, notes: Notes) -> bool:
    said = (record.info.status or "").upper()
    if said in ("OPEN", "CLOSE", "CLOSED"):
        return said == "OPEN"
    notes.add("info.status", "neither OPEN nor CLOSE")
    return record.info.conversation_ended_at_ms is None and record.info.ended_at_ms is None


def _ended(record: ConversationRecord, started_ms: int, notes: Notes) -> int | None:
    ended = record.info.conversation_ended_at_ms
    if ended is None:
        ended = record.info.ended_at_ms
    if ended is not None and ended < started_ms:
        notes.add("info.endTime", "before the start")
        return None
    return ended


def _first_writer(ordered: list[Message], rows: list[MessageRow]) -> str | None:
    pairs = zip(ordered, rows, strict=True)
    return next((said.participant_id for said, row in pairs if row.speaker == CONSUMER and said.participant_id), None)


def _agents(people: People, parts: list[ParticipationRow], messages: list[MessageRow]) -> int:
    """Distinct people and bots who were assigned, joined or wrote, also if only a note."""
    took_part = {part.agent for part in parts if part.part in (ASSIGNED, JOINED)}
    took_part |= {message.agent for message in messages if message.speaker in _WROTE and message.agent is not None}
    return sum(people.kind(agent) != SYSTEM for agent in took_part)


def _scores(record: ConversationRecord, messages: list[MessageRow]) -> dict[str, Any]:
    info, way, waits = record.info, course(messages), responses(messages)
    return {
        "csat": info.csat,
        "mcs": info.mcs,
        "mcs_band": info.mcs_band,
        "mcs_first": way.first,
        "mcs_lowest": way.lowest,
        "mcs_fall": way.fall,
        "first_response_seconds": waits.first,
        "median_response_seconds": waits.median,
        "longest_response_seconds": waits.longest,
    }


def _codes(record: ConversationRecord, notes: Notes, is_open: bool) -> dict[str, Any]:
    info = record.info
    return {
        "group": notes.key(info.latest_agent_group_id, ID_LENGTH, "info.latestAgentGroupId"),
        "skill": notes.key(info.latest_skill_id, ID_LENGTH, "info.latestSkillId"),
        "channel": notes.code(info.source, 40, "info.source"),
        "device": notes.code(info.device, 40, "info.device"),
        "language": notes.code(info.language, 20, "info.language"),
        # An open conversation can still carry the reason of an earlier close.
        "close_reason": "" if is_open else notes.code(info.close_reason, 40, "info.closeReason"),
        "queue": notes.code(info.latest_queue_state, 20, "info.latestQueueState"),
    }


def _counts(messages: list[MessageRow]) -> dict[str, Any]:
    speakers = [message.speaker for message in messages]
    return {
        "message_count": len(messages),
        "consumer_message_count": speakers.count(CONSUMER),
        "agent_message_count": speakers.count(AGENT),
        "bot_message_count": speakers.count(BOT_SPEAKER),
        "automatic_message_count": speakers.count(AUTOMATIC),
    }


def _summary(record: ConversationRecord) -> str:
    summary = record.summary if "summary" in record.delivered else None
    if summary is None:
        return ""
    return "\n".join(note.text for note in summary.notes if note.text) or summary.text or ""


def _shuffle_key(ident: str) -> int:
    # 32 bits with sign: what both databases hold in an integer column.
    return int.from_bytes(hashlib.blake2b(ident.encode(), digest_size=4).digest(), signed=True)
