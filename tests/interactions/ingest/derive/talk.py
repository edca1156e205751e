"""Records by hand, as short as a rule's test wants them; times are seconds after the start."""

from collections.abc import Generator
from typing import Any

from interactions.ingest.derive import AutomaticTexts, Derived, derive
from interactions.liveperson import parse_conversation

START = 1_900_000_000_000
MAIN, SURVEY = "talk-1", "survey-1"


def at(seconds: float) -> int:
    return START + round(seconds * 1000)


def say(seconds: float | None, sender: str | None = "Consumer", text: str = "hello", **fields: Any) -> dict[str, Any]:
    """A message; the consumer is c-1, "Agent" is the person h-1 unless `participantId` says otherwise."""
    who = {"Consumer": "c-1", "Agent": "h-1"}.get(sender or "")
    given = {
        "type": "TEXT_PLAIN",
        "messageData": {"msg": {"text": text}},
        "messageId": f"m-{seconds}-{sender}-{text}",
        "timeL": None if seconds is None else at(seconds),
        "sentBy": sender,
        "participantId": who,
        "dialogId": MAIN,
        **fields,
    }
    return {key: value for key, value in given.items() if value is not None}


def joins(
    ident: str, seconds: float = 0, kind: str | None = "1", part: str = "ASSIGNED_AGENT", **fields: Any
) -> dict[str, Any]:
    given = {"agentId": ident, "timeL": at(seconds), "userType": kind, "permission": part, "dialogId": MAIN, **fields}
    return {key: value for key, value in given.items() if value is not None}


def dialogs(survey_at: float | None = None) -> list[dict[str, Any]]:
    found = [{"dialogId": MAIN, "dialogType": "MAIN", "startTimeL": at(0)}]
    if survey_at is not None:
        found.append({"dialogId": SURVEY, "dialogType": "POST_SURVEY", "startTimeL": at(survey_at)})
    return found


PEOPLE = (joins("h-1"), joins("b-1", kind="2"), joins("s-1", kind="0", part="CONTROLLER"))


def record(*messages: dict[str, Any], people: Any = PEOPLE, info: Any = None, **containers: Any) -> dict[str, Any]:
    """A closed conversation of an hour; `info` replaces fields, None leaves one out."""
    head = {
        "conversationId": MAIN,
        "startTimeL": START,
        "endTimeL": at(3600),
        "conversationEndTimeL": at(3600),
        "status": "CLOSE",
        "source": "SHARK",
        **(info or {}),
    }
    whole = {
        "info": {key: value for key, value in head.items() if value is not None},
        "messageRecords": list(messages),
        "agentParticipants": None if people is None else list(people),
        "consumerParticipants": [{"participantId": "c-1", "firstName": "Ilse"}],
        **containers,
    }
    return {key: value for key, value in whole.items() if value is not None}


def finished(steps: Generator[None, None, Derived]) -> Derived:
    """What comes of all steps."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def derived(*messages: dict[str, Any], automatic: tuple[str, ...] = (), **given: Any) -> Derived:
    return finished(derive(parse_conversation(record(*messages, **given)), AutomaticTexts(automatic)))
