"""What a conversation search may be narrowed by, and the JSON body that says so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

DEFAULT_CONTENT = (
    "messageRecords",
    "agentParticipants",
    "agentParticipantsLeave",
    "agentParticipantsActive",
    "consumerParticipants",
    "transfers",
    "interactions",
    "messageScores",
    "messageStatuses",
    "conversationSurveys",
    "summary",
    "sdes",
    "unAuthSdes",
    "dialogs",
    "campaign",
    "responseTime",
    "monitoring",
    "coBrowseSessions",
)


@dataclass(frozen=True, slots=True)
class Between:
    """A range, both bounds included; an absent bound is open where the API allows it."""

    lowest: int | None = None
    highest: int | None = None

    def body(self) -> dict[str, int]:
        bounds = {"from": self.lowest, "to": self.highest}
        return {name: bound for name, bound in bounds.items() if bound is not None}


@dataclass(frozen=True, slots=True)
class AgentSurveySearch:
    """Filters on surveys that agents fill in; the parts combine with AND."""

    pending: Sequence[bool] = ()
    question_ids: Sequence[str] = ()
    question_names: Sequence[str] = ()
    question_keywords: Sequence[str] = ()
    answer_keywords: Sequence[str] = ()
    survey_ids: Sequence[str] = ()

    def body(self) -> dict[str, object]:
        parts = {
            "pendingAgentSurvey": self.pending,
            "questionId": self.question_ids,
            "questionName": self.question_names,
            "questionKeywords": self.question_keywords,
            "answerKeywords": self.answer_keywords,
            "surveyId": self.survey_ids,
        }
        return {name: list(values) for name, values in parts.items() if values}


@dataclass(frozen=True, slots=True)
class Filters:
    """Conditions of a search, all to be met; the defaults mean "no filter".

    Times are epoch milliseconds, which the API widens to ten minutes; `duration` is in seconds. Words are
    LivePerson's own: status OPEN or CLOSE, sources such as SHARK (the web), devices such as MOBILE.
    """

    status: Sequence[str] = ()
    ended: Between | None = None
    full_dialog_ended: Between | None = None
    updated_since_ms: int | None = None
    skill_ids: Sequence[str] = ()
    latest_skill_ids: Sequence[str] = ()
    agent_ids: Sequence[str] = ()
    latest_agent_ids: Sequence[str] = ()
    agent_group_ids: Sequence[str] = ()
    user_permissions: Sequence[str] = ()
    keyword: str | None = None
    summary: str | None = None
    duration: Between | None = None
    mcs: Between | None = None
    mcs_bands: Sequence[int] = ()
    csat: Between | None = None
    nps: Between | None = None
    fcr: Sequence[str] = ()
    sources: Sequence[str] = ()
    devices: Sequence[str] = ()
    message_types: Sequence[str] = ()
    queue_state: str | None = None
    sdes: Mapping[str, object] | None = None
    response_due: Between | None = None
    question_brick: str | None = None
    answer_texts: Sequence[str] = ()
    survey_ids: Sequence[str] = ()
    survey_bot_only: bool = False
    invalid_free_text_only: bool = False
    question_type_and_format: Mapping[str, str] | None = None
    selected_intent_only: bool | None = None
    step_up_only: bool | None = None
    agent_surveys: AgentSurveySearch | None = None
    annotation_states: Sequence[str] = ()
    capping: str | None = None

    def body(self) -> dict[str, object]:
        """The conditions under the API's names."""
        said = {_NAMES[each.name]: _value(each.name, getattr(self, each.name)) for each in fields(self)}
        return {name: value for name, value in said.items() if value not in (None, [], {})}


_NAMES = {
    "status": "status",
    "ended": "end",
    "full_dialog_ended": "fullDialogEndTime",
    "updated_since_ms": "latestUpdateTime",
    "skill_ids": "skillIds",
    "latest_skill_ids": "latestSkillIds",
    "agent_ids": "agentIds",
    "latest_agent_ids": "latestAgentIds",
    "agent_group_ids": "agentGroupIds",
    "user_permissions": "userPermissions",
    "keyword": "keyword",
    "summary": "summary",
    "duration": "duration",
    "mcs": "mcs",
    "mcs_bands": "alertedMcsValues",
    "csat": "csat",
    "nps": "nps",
    "fcr": "fcr",
    "sources": "source",
    "devices": "device",
    "message_types": "messageContentTypes",
    "queue_state": "latestConversationQueueState",
    "sdes": "sdeSearch",
    "response_due": "responseTime",
    "question_brick": "questionBrick",
    "answer_texts": "answerText",
    "survey_ids": "surveyIds",
    "survey_bot_only": "surveyBotConversations",
    "invalid_free_text_only": "invalidFreeTextAnswer",
    "question_type_and_format": "questionTypeAndFormatToRetrieve",
    "selected_intent_only": "selectedIntentOnly",
    "step_up_only": "conversationsWithStepUpOnly",
    "agent_surveys": "agentSurveySearch",
    "annotation_states": "annotationStates",
    "capping": "cappingConfiguration",
}


def _value(name: str, value: object) -> object:
    match name:
        case "updated_since_ms":
            return None if value is None else {"from": value}
        case "survey_bot_only":
            return "SURVEY_BOT" if value else None
        case "invalid_free_text_only":
            return "INVALID_FREE_TEXT_ANSWER" if value else None
        case "mcs_bands":
            return [str(band) for band in value] if isinstance(value, Sequence) else None
    return _plain(value)


def _plain(value: object) -> object:
    if isinstance(value, (Between, AgentSurveySearch)):
        return value.body()
    if isinstance(value, str):
        return value or None
    return list(value) if isinstance(value, Sequence) else value
