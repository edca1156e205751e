"""The shapes that derivation fills: one tuple per table row, times in epoch milliseconds, people by LivePerson's id."""

from typing import Any, NamedTuple


class ConversationRow(NamedTuple):
    """Columns of `Conversation`; agents, group, skill and consumer are LivePerson's ids."""

    conversation_id: str
    status: str
    started_ms: int
    ended_ms: int | None
    duration_seconds: int | None
    csat: int | None
    mcs: int | None
    mcs_band: int | None
    mcs_first: int | None
    mcs_lowest: int | None
    mcs_fall: int | None
    nps: int | None
    fcr: bool | None
    survey: str
    last_agent: str | None
    last_human_agent: str | None
    credited_agent: str | None
    group: str | None
    skill: str | None
    consumer: str | None
    channel: str
    device: str
    language: str
    close_reason: str
    queue: str
    first_contact: bool | None
    has_human: bool
    agent_count: int
    message_count: int
    consumer_message_count: int
    agent_message_count: int
    bot_message_count: int
    automatic_message_count: int
    transfer_count: int
    first_response_seconds: int | None
    median_response_seconds: int | None
    longest_response_seconds: int | None
    shuffle_key: int


class DetailRow(NamedTuple):
    comment: str
    summary: str
    close_detail: str
    credit_rule: str
    problems: list[dict[str, str]]


class MessageRow(NamedTuple):
    """Columns of `Message` but the position, which is the place in the list."""

    message_id: str
    dialog: int
    seq: int | None
    sent_ms: int | None
    speaker: str
    agent: str | None
    rule: int | None
    type: str
    text: str
    payload: dict[str, Any] | None
    raw_score: int | None
    mcs: int | None


class ParticipationRow(NamedTuple):
    agent: str
    group: str | None
    part: str
    joined_ms: int | None
    is_counted: bool


class TransferRow(NamedTuple):
    at_ms: int | None
    reason: str
    by: str | None
    source_agent: str | None
    target_agent: str | None
    source_skill: str | None
    target_skill: str | None
    explanation: str
    dialog: int


class AnswerRow(NamedTuple):
    question_id: str
    question: str
    kind: str
    format: str
    answer: str
    is_valid: bool | None


class AttributeRow(NamedTuple):
    kind: str
    name: str
    value: str
    is_authenticated: bool


class AgentSeen(NamedTuple):
    """What one conversation says about an agent; None where it says nothing."""

    agent_id: str
    pid: str | None = None
    full_name: str | None = None
    nickname: str | None = None
    login_name: str | None = None
    kind: str | None = None
    is_deleted: bool | None = None


class ConsumerSeen(NamedTuple):
    participant_id: str
    first_name: str
    last_name: str
    display_name: str
    email: str
    phone: str


class Derived(NamedTuple):
    """Everything that one record fills; `texts` are the columns of `TranscriptText`, part by part."""

    conversation: ConversationRow
    detail: DetailRow
    messages: list[MessageRow]
    participations: list[ParticipationRow]
    transfers: list[TransferRow]
    answers: list[AnswerRow]
    attributes: list[AttributeRow]
    texts: list[dict[str, str]]
    agents: list[AgentSeen]
    groups: dict[str, str]
    skills: dict[str, str]
    consumer: ConsumerSeen | None
