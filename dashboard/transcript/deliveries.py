"""When messages reached the other side and were read, from the record's `messageStatuses`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from django.utils import timezone

from dashboard import formats

_LATEST_MS = 253_402_127_999_999  # two days before the year 10000, so that every zone can show it


@dataclass(frozen=True, slots=True)
class Delivery:
    """The first instants at which the other side had the message, and had read it."""

    delivered_at: datetime | None = None
    read_at: datetime | None = None

    def words(self, sent_at: datetime | None) -> str:
        """ "delivered 13:45:02, read 13:45:10"; a day that is not the message's is named."""
        said = (("delivered", self.delivered_at), ("read", self.read_at))
        return ", ".join(f"{what} {_on_its_day(at, sent_at)}" for what, at in said if at)


def _on_its_day(at: datetime, sent_at: datetime | None) -> str:
    today = timezone.localtime(at).date()
    is_same = sent_at is not None and timezone.localtime(sent_at).date() == today
    return formats.clock(at) if is_same else f"{formats.day(today)} {formats.clock(at)}"


def deliveries(raw: Mapping[str, Any]) -> Mapping[str, Delivery]:
    """By message id; what a side says about its own messages tells nothing and is left out."""
    listed = raw.get("messageStatuses")
    statuses = [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []
    if not statuses:
        return {}
    writers = dict(_writers(raw))
    found: dict[str, Delivery] = {}
    for item in statuses:
        message, at = item.get("messageId"), _instant(item.get("timeL"))
        if isinstance(message, str) and at and _side(item.get("participantType")) != writers.get(message, ""):
            found[message] = _with(found.get(message, Delivery()), item.get("messageDeliveryStatus"), at)
    return found


def _with(delivery: Delivery, status: Any, at: datetime) -> Delivery:
    if status == "ACCEPT" and (delivery.delivered_at is None or at < delivery.delivered_at):
        return replace(delivery, delivered_at=at)
    if status == "READ" and (delivery.read_at is None or at < delivery.read_at):
        return replace(delivery, read_at=at)
    return delivery


def _writers(raw: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    messages = raw.get("messageRecords")
    for message in messages if isinstance(messages, list) else ():
        if isinstance(message, dict) and isinstance(message.get("messageId"), str):
            yield message["messageId"], _side(message.get("sentBy"))


def _side(word: Any) -> str:
    return word.lower() if isinstance(word, str) else ""


def _instant(milliseconds: Any) -> datetime | None:
    if not isinstance(milliseconds, int) or not 0 < milliseconds <= _LATEST_MS:
        return None
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
