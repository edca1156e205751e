"""What happened in a conversation: transfers, assignments, dialogs, surveys."""

from dataclasses import dataclass

from interactions.liveperson.records.coerce import Node
from interactions.liveperson.records.messages import Context, parse_context
from interactions.liveperson.records.reader import read_each, reader


@dataclass(frozen=True, slots=True)
class Transfer:
    """One handing over; `by` is the agent who started it, `context.reason` what was given as reason."""

    at_ms: int | None
    reason: str | None
    by: str | None
    source_skill_id: str | None
    source_skill_name: str | None
    target_skill_id: str | None
    target_skill_name: str | None
    source_agent_id: str | None
    source_agent_full_name: str | None
    source_agent_login_name: str | None
    source_agent_nickname: str | None
    assigned_agent_id: str | None
    assigned_agent_full_name: str | None
    assigned_agent_login_name: str | None
    assigned_agent_nickname: str | None
    dialog_id: str | None
    context: Context | None


@dataclass(frozen=True, slots=True)
class Interaction:
    """That an agent was assigned; `sequence` counts the assignments."""

    agent_id: str | None
    agent_full_name: str | None
    agent_login_name: str | None
    agent_nickname: str | None
    at_ms: int | None
    sequence: int | None
    dialog_id: str | None


@dataclass(frozen=True, slots=True)
class Dialog:
    """The talk itself (`type` MAIN) or a survey by bot after it (POST_SURVEY)."""

    dialog_id: str | None
    type: str | None
    channel_type: str | None
    status: str | None
    started_at_ms: int | None
    ended_at_ms: int | None
    close_reason: str | None
    close_reason_description: str | None
    skill_id: str | None
    skill_name: str | None


@dataclass(frozen=True, slots=True)
class SurveyAnswer:
    """One question and what was answered; `is_valid` is False when the bot did not recognise it."""

    question: str | None
    answer: str | None
    question_id: str | None
    question_name: str | None
    question_type: str | None
    question_format: str | None
    answer_id: str | None
    answer_seq: int | None
    is_valid: bool | None


@dataclass(frozen=True, slots=True)
class Survey:
    """A survey of the consumer with its answers in the order delivered."""

    type: str | None
    status: str | None
    survey_id: str | None
    dialog_id: str | None
    answers: tuple[SurveyAnswer, ...]


# One item of `transfers`.
read_transfer = reader(
    Transfer,
    at_ms=("instant", "time"),
    reason=("text", "reason"),
    by=("person", "by"),
    source_skill_id=("identity", "sourceSkillId"),
    source_skill_name=("name", "sourceSkillName"),
    target_skill_id=("identity", "targetSkillId"),
    target_skill_name=("name", "targetSkillName"),
    source_agent_id=("person", "sourceAgentId"),
    source_agent_full_name=("name", "sourceAgentFullName"),
    source_agent_login_name=("name", "sourceAgentLoginName"),
    source_agent_nickname=("name", "sourceAgentNickname"),
    assigned_agent_id=("person", "assignedAgentId"),
    assigned_agent_full_name=("name", "assignedAgentFullName"),
    assigned_agent_login_name=("name", "assignedAgentLoginName"),
    assigned_agent_nickname=("name", "assignedAgentNickname"),
    dialog_id=("identity", "dialogId"),
    context=("usual", 'None if "contextData" not in data', parse_context),
)


# One item of `interactions`; the documentation spells its names without "assigned".
read_interaction = reader(
    Interaction,
    agent_id=("person", "assignedAgentId|agentId"),
    agent_full_name=("name", "assignedAgentFullName|agentFullName"),
    agent_login_name=("name", "assignedAgentLoginName|agentLoginName"),
    agent_nickname=("name", "assignedAgentNickname|agentNickname"),
    at_ms=("instant", "interactionTime"),
    sequence=("number", "interactiveSequence"),
    dialog_id=("identity", "dialogId"),
)


# One item of `dialogs`.
read_dialog = reader(
    Dialog,
    dialog_id=("identity", "dialogId"),
    type=("text", "dialogType"),
    channel_type=("text", "dialogChannelType"),
    status=("text", "status"),
    started_at_ms=("instant", "startTime"),
    ended_at_ms=("instant", "endTime"),
    close_reason=("text", "closeReason"),
    close_reason_description=("text", "closeReasonDescription"),
    skill_id=("identity", "skillId"),
    skill_name=("name", "skillName"),
)


_read_answer = reader(
    SurveyAnswer,
    question=("verbatim", "question"),
    answer=("verbatim", "answer"),
    question_id=("identity", "questionId"),
    question_name=("text", "questionName"),
    question_type=("text", "questionType"),
    question_format=("text", "questionFormat"),
    answer_id=("identity", "answerId"),
    answer_seq=("number", "answerSeq"),
    is_valid=("flag", "isValidAnswer"),
)


def _answers(node: Node) -> tuple[SurveyAnswer, ...]:
    return read_each(node, "surveyData", _read_answer)


# One item of `conversationSurveys`.
read_survey = reader(
    Survey,
    type=("text", "surveyType"),
    status=("text", "surveyStatus"),
    survey_id=("identity", "surveyId"),
    dialog_id=("identity", "dialogId"),
    answers=_answers,
)
