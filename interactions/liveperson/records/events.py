"""What happened in a conversation: transfers, assignments, dialogs, surveys."""

from dataclasses import dataclass

from interactions.liveperson.records.coerce import Node
from interactions.liveperson.records.messages import Context, parse_context
from interactions.liveperson.records.quick import quick


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


_new_transfer = quick(Transfer)
_new_interaction = quick(Interaction)
_new_dialog = quick(Dialog)
_new_survey_answer = quick(SurveyAnswer)
_new_survey = quick(Survey)


def parse_transfer(node: Node) -> Transfer:
    """One item of `transfers`."""
    return _new_transfer(
        at_ms=node.instant("time"),
        reason=node.text("reason"),
        by=node.person("by"),
        source_skill_id=node.identity("sourceSkillId"),
        source_skill_name=node.name("sourceSkillName"),
        target_skill_id=node.identity("targetSkillId"),
        target_skill_name=node.name("targetSkillName"),
        source_agent_id=node.person("sourceAgentId"),
        source_agent_full_name=node.name("sourceAgentFullName"),
        source_agent_login_name=node.name("sourceAgentLoginName"),
        source_agent_nickname=node.name("sourceAgentNickname"),
        assigned_agent_id=node.person("assignedAgentId"),
        assigned_agent_full_name=node.name("assignedAgentFullName"),
        assigned_agent_login_name=node.name("assignedAgentLoginName"),
        assigned_agent_nickname=node.name("assignedAgentNickname"),
        dialog_id=node.identity("dialogId"),
        context=parse_context(node),
    )


def parse_interaction(node: Node) -> Interaction:
    """One item of `interactions`; the documentation spells its names without "assigned"."""
    return _new_interaction(
        agent_id=node.person(node.first("assignedAgentId", "agentId")),
        agent_full_name=node.name(node.first("assignedAgentFullName", "agentFullName")),
        agent_login_name=node.name(node.first("assignedAgentLoginName", "agentLoginName")),
        agent_nickname=node.name(node.first("assignedAgentNickname", "agentNickname")),
        at_ms=node.instant("interactionTime"),
        sequence=node.number("interactiveSequence"),
        dialog_id=node.identity("dialogId"),
    )


def parse_dialog(node: Node) -> Dialog:
    """One item of `dialogs`."""
    return _new_dialog(
        dialog_id=node.identity("dialogId"),
        type=node.text("dialogType"),
        channel_type=node.text("dialogChannelType"),
        status=node.text("status"),
        started_at_ms=node.instant("startTime"),
        ended_at_ms=node.instant("endTime"),
        close_reason=node.text("closeReason"),
        close_reason_description=node.text("closeReasonDescription"),
        skill_id=node.identity("skillId"),
        skill_name=node.name("skillName"),
    )


def parse_survey(node: Node) -> Survey:
    """One item of `conversationSurveys`."""
    return _new_survey(
        type=node.text("surveyType"),
        status=node.text("surveyStatus"),
        survey_id=node.identity("surveyId"),
        dialog_id=node.identity("dialogId"),
        answers=tuple(_answer(row) for row in node.rows("surveyData")),
    )


def _answer(node: Node) -> SurveyAnswer:
    return _new_survey_answer(
        question=node.verbatim("question"),
        answer=node.verbatim("answer"),
        question_id=node.identity("questionId"),
        question_name=node.text("questionName"),
        question_type=node.text("questionType"),
        question_format=node.text("questionFormat"),
        answer_id=node.identity("answerId"),
        answer_seq=node.number("answerSeq"),
        is_valid=node.flag("isValidAnswer"),
    )
