"""One conversation as the API delivered it, made readable without ever raising."""

import re
from dataclasses import dataclass
from typing import Any, TypeVar

from interactions.liveperson.codec import decode_strictly, encode, encode_strictly
from interactions.liveperson.records.coerce import Node, Problem
from interactions.liveperson.records.events import (
    Dialog,
    Interaction,
    Survey,
    Transfer,
    read_dialog,
    read_interaction,
    read_survey,
    read_transfer,
)
from interactions.liveperson.records.info import Info, read_info
from interactions.liveperson.records.messages import (
    Message,
    Score,
    Status,
    read_message,
    read_score,
    read_status,
)
from interactions.liveperson.records.people import (
    AgentParticipant,
    ConsumerParticipant,
    read_agent_participant,
    read_consumer_participant,
)
from interactions.liveperson.records.quick import quick
from interactions.liveperson.records.reader import Read, read_each
from interactions.liveperson.records.surroundings import (
    Campaign,
    Monitoring,
    ResponseTime,
    Sde,
    Summary,
    parse_campaign,
    parse_monitoring,
    parse_response_time,
    parse_sdes,
    parse_summary,
)

T = TypeVar("T")
# A regular expression looks for its rare first character, which takes half the time of `in`.
_NUL = re.compile(rb"\\u0000")
_UNREAD = "readback:unread"  # a key of our own among the API's


@dataclass(frozen=True, slots=True)
class ConversationRecord:
    """A conversation in our words.

    `raw` is the very JSON that came (usually an object), unknown keys and all, and `encoded` the same as bytes;
    `delivered` names its containers, so that a missing list can be told from an empty one; `problems` says what
    could not be used.
    Lists keep the order of delivery. `info.conversation_id` is None when the record has none.
    """

    raw: Any
    encoded: bytes
    problems: tuple[Problem, ...]
    delivered: frozenset[str]
    info: Info
    messages: tuple[Message, ...]
    agent_participants: tuple[AgentParticipant, ...]
    agent_participants_active: tuple[AgentParticipant, ...]
    agent_participants_leave: tuple[AgentParticipant, ...]
    consumer_participants: tuple[ConsumerParticipant, ...]
    transfers: tuple[Transfer, ...]
    interactions: tuple[Interaction, ...]
    dialogs: tuple[Dialog, ...]
    scores: tuple[Score, ...]
    surveys: tuple[Survey, ...]
    sdes: tuple[Sde, ...]

    @property
    def unread(self) -> str:
        """Why this is only the head of a record that could not be read whole; "" for all others."""
        return str(self.raw.get(_UNREAD, "")) if isinstance(self.raw, dict) else ""

    # What is shown but never filtered is read when a transcript opens; what is odd in it is None.

    @property
    def statuses(self) -> tuple[Status, ...]:
        """That messages were accepted and read."""
        return _each(self._node(), read_status, "messageStatuses")

    @property
    def summary(self) -> Summary | None:
        """What agents wrote about the conversation."""
        return parse_summary(self._node())

    @property
    def response_time(self) -> ResponseTime | None:
        """When an answer is due."""
        return parse_response_time(self._node())

    @property
    def campaign(self) -> Campaign | None:
        """Through which campaign the consumer came."""
        return parse_campaign(self._node())

    @property
    def monitoring(self) -> Monitoring | None:
        """Where the consumer was."""
        return parse_monitoring(self._node())

    def _node(self) -> Node:
        return Node(self.raw if isinstance(self.raw, dict) else {}, (), [])


_new_conversation_record = quick(ConversationRecord)


def parse_conversation(value: object) -> ConversationRecord:
    """Read one item of `conversationHistoryRecords`, whatever it is; never raises, never changes `value`."""
    strict = encode_strictly(value)
    return _record(value, encode(value) if strict is None else strict, is_strict=strict is not None)


def parse_encoded(encoded: bytes) -> ConversationRecord:
    """Read one record from its own bytes. Raises ValueError when they are no JSON to the letter, or no object."""
    value = decode_strictly(encoded)
    if not isinstance(value, dict):
        raise ValueError("the record is not an object")
    return _record(value, encoded, is_strict=True)


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A record of which exactly these bytes were read before, and stored whole: it is not even decoded.

    `digest` is the hash by which they were recognised.
    """

    conversation_id: str
    digest: bytes
    encoded: bytes

    def read(self) -> ConversationRecord:
        return parse_encoded(self.encoded)


def _record(value: object, encoded: bytes, *, is_strict: bool) -> ConversationRecord:
    problems: list[Problem] = []
    if not isinstance(value, dict):
        problems.append(Problem("", "the record is not an object"))
    is_clean = is_strict and _NUL.search(encoded) is None
    record = Node(value if isinstance(value, dict) else {}, (), problems, is_clean)
    head = record.child("info")
    info = read_info({} if head is None else head.data, record, ("info",))
    if info.conversation_id is None:
        problems.append(Problem("info.conversationId", "missing"))
    return _new_conversation_record(
        raw=value,
        encoded=encoded,
        delivered=frozenset(record.data if is_strict else [key for key in record.data if isinstance(key, str)]),
        info=info,
        messages=_each(record, read_message, "messageRecords", "messagesRecords"),
        agent_participants=_each(record, read_agent_participant, "agentParticipants"),
        agent_participants_active=_each(record, read_agent_participant, "agentParticipantsActive"),
        agent_participants_leave=_each(record, read_agent_participant, "agentParticipantsLeave"),
        consumer_participants=_each(record, read_consumer_participant, "consumerParticipants", "consumerParticipant"),
        transfers=_each(record, read_transfer, "transfers"),
        interactions=_each(record, read_interaction, "interactions"),
        dialogs=_each(record, read_dialog, "dialogs"),
        scores=_each(record, read_score, "messageScores", "messageScore"),
        surveys=_each(record, read_survey, "conversationSurveys"),
        sdes=parse_sdes(record),
        problems=tuple(problems),
    )


def marked(record: ConversationRecord, why: str) -> ConversationRecord:
    """The record as the head of one that cannot be read whole; the reason stays with its JSON."""
    return parse_conversation({**record.raw, _UNREAD: why} if isinstance(record.raw, dict) else record.raw)


def _each(record: Node, read: Read[T], *spellings: str) -> tuple[T, ...]:
    for key in spellings:
        if record.data.get(key) is not None:
            return read_each(record, key, read)
    return ()
