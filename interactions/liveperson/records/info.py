"""The head of a conversation record."""

from dataclasses import dataclass

from interactions.liveperson.records.coerce import Node
from interactions.liveperson.records.reader import reader


@dataclass(frozen=True, slots=True)
class Info:
    """State, times, scores and last owner of a conversation.

    Times are epoch milliseconds. `csat` is 1 to 5, `mcs` 0 to 100, `mcs_band` -1, 0 or 1; None when absent.
    `duration` is as delivered, in a unit that the API does not state; so are words such as `status`.
    """

    conversation_id: str | None
    account_id: str | None
    started_at_ms: int | None
    ended_at_ms: int | None
    conversation_ended_at_ms: int | None
    full_dialog_ended_at_ms: int | None
    duration: int | None
    status: str | None
    full_dialog_status: str | None
    close_reason: str | None
    close_reason_description: str | None
    csat: int | None
    mcs: int | None
    mcs_band: int | None
    first_conversation: bool | None
    agent_deleted: bool | None
    is_partial: bool | None
    was_step_up: bool | None
    pending_agent_survey: bool | None
    source: str | None
    device: str | None
    device_model: str | None
    browser: str | None
    browser_version: str | None
    operating_system: str | None
    operating_system_version: str | None
    latest_agent_id: str | None
    latest_agent_nickname: str | None
    latest_agent_full_name: str | None
    latest_agent_login_name: str | None
    latest_skill_id: str | None
    latest_skill_name: str | None
    latest_agent_group_id: str | None
    latest_agent_group_name: str | None
    latest_queue_state: str | None
    latest_handler_account_id: str | None
    latest_handler_skill_id: str | None
    visitor_id: str | None
    session_id: str | None
    interaction_context_id: str | None
    time_zone: str | None
    language: str | None
    integration: str | None
    integration_version: str | None
    app_id: str | None
    app_version: str | None
    ip_address: str | None
    features: tuple[str, ...]
    first_intent_name: str | None
    first_intent_label: str | None


def _csat(node: Node) -> int | None:
    # 0 and -1 stand for "nobody answered", which the API otherwise says by leaving the field out.
    key = node.first("csatRate", "csat")
    found = node.number(key)
    if found is None or 1 <= found <= 5:
        return found
    if found not in (0, -1):
        node.note(key, "outside 1 to 5")
    return None


def _features(node: Node) -> tuple[str, ...]:
    return node.words("features")


# The container `info`.
read_info = reader(
    Info,
    conversation_id=("identity", "conversationId"),
    account_id=("identity", "brandId"),
    started_at_ms=("instant", "startTime"),
    ended_at_ms=("instant", "endTime"),
    conversation_ended_at_ms=("instant", "conversationEndTime"),
    full_dialog_ended_at_ms=("instant", "fullDialogEndTime"),
    duration=("number", "duration"),
    status=("text", "status"),
    full_dialog_status=("text", "fullDialogStatus"),
    close_reason=("text", "closeReason"),
    close_reason_description=("text", "closeReasonDescription"),
    csat=("usual", 'None if "csatRate" not in data and "csat" not in data', _csat),
    mcs=("within", "mcs", 0, 100),
    mcs_band=("within", "alertedMCS", -1, 1),
    first_conversation=("flag", "firstConversation"),
    agent_deleted=("flag", "agentDeleted"),
    is_partial=("flag", "isPartial"),
    was_step_up=("flag", "wasStepUp"),
    pending_agent_survey=("flag", "pendingAgentSurvey"),
    source=("text", "source"),
    device=("text", "device"),
    device_model=("text", "deviceModel"),
    browser=("text", "browser"),
    browser_version=("text", "browserVersion"),
    operating_system=("text", "operatingSystem"),
    operating_system_version=("text", "operatingSystemVersion"),
    latest_agent_id=("person", "latestAgentId"),
    latest_agent_nickname=("name", "latestAgentNickname"),
    latest_agent_full_name=("name", "latestAgentFullName"),
    latest_agent_login_name=("name", "latestAgentLoginName"),
    latest_skill_id=("identity", "latestSkillId"),
    latest_skill_name=("name", "latestSkillName"),
    latest_agent_group_id=("group", "latestAgentGroupId", "latestAgentGroupName"),
    latest_agent_group_name=("name", "latestAgentGroupName"),
    latest_queue_state=("text", "latestQueueState"),
    latest_handler_account_id=("identity", "latestHandlerAccountId"),
    latest_handler_skill_id=("identity", "latestHandlerSkillId"),
    visitor_id=("identity", "visitorId"),
    session_id=("identity", "sessionId"),
    interaction_context_id=("identity", "interactionContextId"),
    time_zone=("text", "timeZone"),
    language=("text", "language"),
    integration=("text", "integration"),
    integration_version=("text", "integrationVersion"),
    app_id=("identity", "appId"),
    app_version=("text", "appVersion"),
    ip_address=("text", "ipAddress"),
    features=_features,
    first_intent_name=("text", "firstIntentName"),
    first_intent_label=("text", "firstIntentLabel"),
)
