"""The head of a conversation record."""

from dataclasses import dataclass

from interactions.liveperson.records.coerce import Node
from interactions.liveperson.records.quick import quick


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


_new_info = quick(Info)


def parse_info(node: Node) -> Info:
    """The container `info`."""
    return _new_info(
        conversation_id=node.identity("conversationId"),
        account_id=node.identity("brandId"),
        started_at_ms=node.instant("startTime"),
        ended_at_ms=node.instant("endTime"),
        conversation_ended_at_ms=node.instant("conversationEndTime"),
        full_dialog_ended_at_ms=node.instant("fullDialogEndTime"),
        duration=node.number("duration"),
        status=node.text("status"),
        full_dialog_status=node.text("fullDialogStatus"),
        close_reason=node.text("closeReason"),
        close_reason_description=node.text("closeReasonDescription"),
        csat=_csat(node),
        mcs=node.within("mcs", 0, 100),
        mcs_band=node.within("alertedMCS", -1, 1),
        first_conversation=node.flag("firstConversation"),
        agent_deleted=node.flag("agentDeleted"),
        is_partial=node.flag("isPartial"),
        was_step_up=node.flag("wasStepUp"),
        pending_agent_survey=node.flag("pendingAgentSurvey"),
        source=node.text("source"),
        device=node.text("device"),
        device_model=node.text("deviceModel"),
        browser=node.text("browser"),
        browser_version=node.text("browserVersion"),
        operating_system=node.text("operatingSystem"),
        operating_system_version=node.text("operatingSystemVersion"),
        latest_agent_id=node.person("latestAgentId"),
        latest_agent_nickname=node.name("latestAgentNickname"),
        latest_agent_full_name=node.name("latestAgentFullName"),
        latest_agent_login_name=node.name("latestAgentLoginName"),
        latest_skill_id=node.identity("latestSkillId"),
        latest_skill_name=node.name("latestSkillName"),
        latest_agent_group_id=node.group("latestAgentGroupId", "latestAgentGroupName"),
        latest_agent_group_name=node.name("latestAgentGroupName"),
        latest_queue_state=node.text("latestQueueState"),
        latest_handler_account_id=node.identity("latestHandlerAccountId"),
        latest_handler_skill_id=node.identity("latestHandlerSkillId"),
        visitor_id=node.identity("visitorId"),
        session_id=node.identity("sessionId"),
        interaction_context_id=node.identity("interactionContextId"),
        time_zone=node.text("timeZone"),
        language=node.text("language"),
        integration=node.text("integration"),
        integration_version=node.text("integrationVersion"),
        app_id=node.identity("appId"),
        app_version=node.text("appVersion"),
        ip_address=node.text("ipAddress"),
        features=node.words("features") if "features" in node.data else (),
        first_intent_name=node.text("firstIntentName"),
        first_intent_label=node.text("firstIntentLabel"),
    )


def _csat(node: Node) -> int | None:
    # 0 and -1 stand for "nobody answered", which the API otherwise says by leaving the field out.
    key = node.first("csatRate", "csat")
    found = node.number(key)
    if found is None or 1 <= found <= 5:
        return found
    if found not in (0, -1):
        node.note(key, "outside 1 to 5")
    return None
