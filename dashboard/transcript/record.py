"""What is shown but never filtered, decoded from the record as LivePerson gave it (design.md, RawRecord)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from .deliveries import Delivery, deliveries
from .intents import intents_by_message

_NOTHING = frozenset({"", "undefined", "null", "NA", "N/A", "-1"})
# Labels in the order in which they are shown: (container, key, label).
_FACTS = (
    ("campaign", "campaignName", "Campaign"),
    ("campaign", "campaignEngagementName", "Engagement"),
    ("campaign", "goalName", "Goal"),
    ("campaign", "lobName", "Line of business"),
    ("campaign", "engagementSource", "Engagement source"),
    ("campaign", "locationName", "Location"),
    ("monitoring", "conversationStartPageTitle", "Began on page"),
    ("monitoring", "country", "Country"),
    ("monitoring", "city", "City"),
    ("info", "deviceModel", "Device"),
    ("info", "operatingSystem", "System"),
    ("info", "browser", "Browser"),
    ("info", "integration", "Came through"),
    ("info", "language", "Language"),
    ("info", "timeZone", "Consumer's time zone"),
)


@dataclass(frozen=True, slots=True)
class Record:
    """`facts` are (label, value); `intents` labels. By message id: `contents` of the asked messages as they came,
    `detected` intents in words, `deliveries`."""

    facts: tuple[tuple[str, str], ...] = ()
    intents: tuple[str, ...] = ()
    contents: Mapping[str, Any] = field(default_factory=dict)
    detected: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    deliveries: Mapping[str, Delivery] = field(default_factory=dict)


def decode(body: bytes | None, wanted: frozenset[str] = frozenset()) -> Record:
    """The record's surroundings, and the content of the `wanted` messages; what cannot be read is left out."""
    try:
        raw = orjson.loads(body) if body else None
    except orjson.JSONDecodeError:
        raw = None
    if not isinstance(raw, dict):
        return Record()
    return Record(
        tuple(_facts(raw)),
        tuple(_intents(raw)),
        dict(_contents(raw, wanted)),
        intents_by_message(raw),
        deliveries(raw),
    )


def _facts(raw: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for container, key, label in _FACTS:
        value = _text(_object(raw, container).get(key))
        if value:
            yield label, value


def _intents(raw: Mapping[str, Any]) -> list[str]:
    listed = raw.get("uniqueIntents")
    named = [intent for intent in listed if isinstance(intent, dict)] if isinstance(listed, list) else []
    labels = (_text(intent.get("intentLabel")) or _text(intent.get("intentName")) for intent in named)
    return [label for label in dict.fromkeys(labels) if label]


def _contents(raw: Mapping[str, Any], wanted: frozenset[str]) -> Iterator[tuple[str, Any]]:
    messages = raw.get("messageRecords") if wanted else None
    for message in messages if isinstance(messages, list) else ():
        ident = message.get("messageId") if isinstance(message, dict) else None
        if isinstance(ident, str) and ident in wanted:
            yield ident, message.get("messageData")


def _object(raw: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = raw.get(key)
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    words = value.strip() if isinstance(value, str) else ""
    return "" if words in _NOTHING else words
