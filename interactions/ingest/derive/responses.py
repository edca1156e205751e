"""How long consumers waited for a person, in whole seconds (fact sheet, section 7)."""

from statistics import median
from typing import NamedTuple

from interactions.ingest.derive.rows import MessageRow
from interactions.ingest.derive.speakers import AGENT, CONSUMER


class Responses(NamedTuple):
    """Seconds; None when no person answered."""

    first: int | None
    median: int | None
    longest: int | None


def responses(messages: list[MessageRow]) -> Responses:
    """The clock starts at the earliest of several consumer messages and stops at the human agent's answer.

    Bots, automatic lines, notes and surveys neither start nor stop it.
    """
    waits: list[int] = []
    asked_ms: int | None = None
    for message in messages:
        if message.sent_ms is None:
            continue
        if message.speaker == CONSUMER:
            asked_ms = message.sent_ms if asked_ms is None else asked_ms
        elif message.speaker == AGENT and asked_ms is not None:
            waits.append(message.sent_ms - asked_ms)
            asked_ms = None
    if not waits:
        return Responses(None, None, None)
    return Responses(waits[0] // 1000, int(median(waits)) // 1000, max(waits) // 1000)
