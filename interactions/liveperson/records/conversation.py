"""One conversation as the API delivered it, made readable without ever raising."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from interactions.liveperson.records.coerce import Node, Problem
from interactions.liveperson.records.events import (
    Dialog,
    Interaction,
    Survey,
    Transfer,
    parse_dialog,
    parse_interaction,
    parse_survey,
    parse_transfer,
)
from interactions.liveperson.records.info import Info, parse_info
from interactions.liveperson.records.messages import (
    Message,
    Score,
    Status,
    parse_message,
    parse_score,
    parse_status,
)
from interactions.liveperson.records.people import (
    AgentParticipant,
    ConsumerParticipant,
    parse_agent_participant,
    parse_consumer_participant,
)
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


@dataclass(frozen=True, slots=True)
class ConversationRecord:
    """A conversation in our words.

    `raw` is the very JSON that came (usually an object), unknown keys and all; `delivered` names its
    containers, so that a missing list can be told from an empty one; `problems` says what could not be used.
    Lists keep the order of delivery. `info.conversation_id` is None when the record has none.
    """

    raw: Any
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
    statuses: tuple[Status, ...]
    surveys: tuple[Survey, ...]
    sdes: tuple[Sde, ...]
    summary: Summary | None
    response_time: ResponseTime | None
    campaign: Campaign | None
    monitoring: Monitoring | None


def parse_conversation(value: object) -> ConversationRecord:
    """Read one item of `conversationHistoryRecords`, whatever it is; never raises, never changes `value`."""
    problems: list[Problem] = []
    if not isinstance(value, dict):
        problems.append(Problem("", "the record is not an object"))
    record = Node(value if isinstance(value, dict) else {}, (), problems)
    info = parse_info(record.child("info") or Node({}, ("info",), problems))
    if info.conversation_id is None:
        problems.append(Problem("info.conversationId", "missing"))
    return ConversationRecord(
        raw=value,
        delivered=frozenset(key for key in record.data if isinstance(key, str)),
        info=info,
        messages=_each(record, parse_message, "messageRecords", "messagesRecords"),
        agent_participants=_each(record, parse_agent_participant, "agentParticipants"),
        agent_participants_active=_each(record, parse_agent_participant, "agentParticipantsActive"),
        agent_participants_leave=_each(record, parse_agent_participant, "agentParticipantsLeave"),
        consumer_participants=_each(record, parse_consumer_participant, "consumerParticipants", "consumerParticipant"),
        transfers=_each(record, parse_transfer, "transfers"),
        interactions=_each(record, parse_interaction, "interactions"),
        dialogs=_each(record, parse_dialog, "dialogs"),
        scores=_each(record, parse_score, "messageScores", "messageScore"),
        statuses=_each(record, parse_status, "messageStatuses"),
        surveys=_each(record, parse_survey, "conversationSurveys"),
        sdes=parse_sdes(record),
        summary=parse_summary(record),
        response_time=parse_response_time(record),
        campaign=parse_campaign(record),
        monitoring=parse_monitoring(record),
        problems=tuple(problems),
    )


def _each(record: Node, parse: Callable[[Node], T], *spellings: str) -> tuple[T, ...]:
    key = record.first(*spellings)
    return tuple([parse(row) for row in record.rows(key)]) if key in record.data else ()
