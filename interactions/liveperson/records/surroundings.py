"""What surrounds a conversation: attributes of the consumer, campaign, visit, summary, intents."""

from dataclasses import dataclass
from typing import Any

from interactions.liveperson.records.coerce import Node
from interactions.liveperson.records.messages import json_inside
from interactions.liveperson.records.quick import quick

_NO_BODY = frozenset({"sdeType", "serverTimeStamp", "originalTimeStamp", "isAuthenticated"})


@dataclass(frozen=True, slots=True)
class Sde:
    """One engagement attribute event: `body` is its JSON without the wrapping, `name` the wrapping's key."""

    type: str | None
    name: str | None
    body: dict[str, Any]
    at_ms: int | None
    original_at_ms: int | None
    is_authenticated: bool


@dataclass(frozen=True, slots=True)
class Note:
    """One note of a summary."""

    text: str | None
    agent_id: str | None
    name: str | None
    note_id: str | None
    is_automatic: bool | None
    at_ms: int | None


@dataclass(frozen=True, slots=True)
class Summary:
    """What agents wrote about the conversation: `text` as delivered, `notes` when it is a list of them."""

    text: str | None
    notes: tuple[Note, ...]
    updated_at_ms: int | None


@dataclass(frozen=True, slots=True)
class ResponseTime:
    """When the agent's answer is due; None while waiting for the consumer."""

    due_at_ms: int | None
    configured_ms: int | None


@dataclass(frozen=True, slots=True)
class Campaign:
    """The campaign and engagement through which the consumer came."""

    campaign_id: str | None
    campaign_name: str | None
    engagement_id: str | None
    engagement_name: str | None
    engagement_source: str | None
    goal_id: str | None
    goal_name: str | None
    lob_id: str | None
    lob_name: str | None
    location_id: str | None
    location_name: str | None
    profile_system_default: bool | None
    behavior_system_default: bool | None


@dataclass(frozen=True, slots=True)
class Monitoring:
    """Where the consumer was and what they looked at; personal data."""

    country: str | None
    country_code: str | None
    state: str | None
    city: str | None
    isp: str | None
    org: str | None
    device: str | None
    ip_address: str | None
    browser: str | None
    operating_system: str | None
    start_page: str | None
    start_page_title: str | None


_new_sde = quick(Sde)


def parse_sdes(record: Node) -> tuple[Sde, ...]:
    """The containers `sdes` (in any case) and `unAuthSdes`, authenticated ones first."""
    if "sdes" not in "\n".join(record.data).lower():
        return ()
    ordered = [key for wanted in ("sdes", "unauthsdes") for key in record.data if key.lower() == wanted]
    return tuple([sde for key in ordered for sde in _events(record, key)])


def _events(record: Node, key: str) -> list[Sde]:
    if isinstance(record.data[key], list):
        rows = record.rows(key)
    else:
        holder = record.child(key)
        rows = iter(()) if holder is None else holder.rows(holder.first("events", "Events"))
    return [_sde(row, is_authenticated=key.lower() == "sdes") for row in rows]


def _sde(node: Node, *, is_authenticated: bool) -> Sde:
    name = next((key for key, value in node.data.items() if isinstance(value, dict) and key not in _NO_BODY), None)
    outer = node if name is None else node.inner(node.data[name], "body")
    said = node.flag("isAuthenticated")
    at_ms = node.stamp("serverTimeStamp")
    return _new_sde(
        type=node.text("sdeType"),
        name=None if name is None else _clean_name(node, name),
        body={} if name is None else _unwrapped(outer, name),
        at_ms=outer.stamp("serverTimeStamp") if at_ms is None else at_ms,
        original_at_ms=outer.stamp("originalTimeStamp"),
        is_authenticated=is_authenticated if said is None else said,
    )


def _clean_name(node: Node, name: str) -> str | None:
    return node.inner({"name": name}).text("name")


def _unwrapped(outer: Node, name: str) -> dict[str, Any]:
    if isinstance(outer.data.get(name), dict):
        body = outer.tree(name)
    else:
        bare = {key: value for key, value in outer.data.items() if key not in _NO_BODY}
        body = outer.inner({"body": bare}).tree("body")
    return body if isinstance(body, dict) else {}


def parse_summary(record: Node) -> Summary | None:
    """The container `summary`; newer accounts put a JSON list of notes into its text."""
    if isinstance(record.data.get("summary"), str):
        text = record.verbatim("summary")
        return None if text is None else Summary(text=text, notes=(), updated_at_ms=None)
    node = record.child("summary")
    if node is None:
        return None
    text = node.verbatim("text")
    notes: tuple[Note, ...] = ()
    if text is not None and text.startswith("[{"):
        listed = node.inner({"text": json_inside(node, "text")})
        notes = tuple(_note(row) for row in listed.rows("text"))
    return Summary(text=text, notes=notes, updated_at_ms=node.stamp("lastUpdatedTime"))


def _note(node: Node) -> Note:
    return Note(
        text=node.verbatim("noteContent"),
        agent_id=node.person("agentId"),
        name=node.name("name"),
        note_id=node.identity("noteId"),
        is_automatic=node.flag("isAutoSummary"),
        at_ms=node.stamp("time"),
    )


def parse_response_time(record: Node) -> ResponseTime | None:
    """The container `responseTime`."""
    node = record.child("responseTime")
    if node is None:
        return None
    return ResponseTime(
        due_at_ms=node.stamp("latestEffectiveResponseDueTime"),
        configured_ms=node.number("configuredResponseTime"),
    )


def parse_campaign(record: Node) -> Campaign | None:
    """The container `campaign`."""
    node = record.child("campaign")
    if node is None:
        return None
    return Campaign(
        campaign_id=node.identity("campaignId"),
        campaign_name=node.name("campaignName"),
        engagement_id=node.identity("campaignEngagementId"),
        engagement_name=node.name("campaignEngagementName"),
        engagement_source=node.text("engagementSource"),
        goal_id=node.identity("goalId"),
        goal_name=node.name("goalName"),
        lob_id=node.identity("lobId"),
        lob_name=node.name("lobName"),
        location_id=node.identity(node.first("locationId", "LocationId")),
        location_name=node.name(node.first("locationName", "LocationName")),
        profile_system_default=node.flag("profileSystemDefault"),
        behavior_system_default=node.flag("behaviorSystemDefault"),
    )


def parse_monitoring(record: Node) -> Monitoring | None:
    """The container `monitoring`."""
    node = record.child("monitoring")
    if node is None:
        return None
    return Monitoring(
        country=node.text("country"),
        country_code=node.text("countryCode"),
        state=node.text("state"),
        city=node.text("city"),
        isp=node.text("isp"),
        org=node.text("org"),
        device=node.text("device"),
        ip_address=node.text("ipAddress"),
        browser=node.text("browser"),
        operating_system=node.text("operatingSystem"),
        start_page=node.text("conversationStartPage"),
        start_page_title=node.text("conversationStartPageTitle"),
    )
