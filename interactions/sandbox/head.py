"""The `info` container of a record, with slots where one conversation differs from the next."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .slots import number, text, word
from .stage import named, skill_name, when
from .wording import LOCALES

if TYPE_CHECKING:
    from .episode import Episode

Json = dict[str, Any]
FEATURES = ["PHOTO_SHARING", "QUICK_REPLIES", text("auto"), "RICH_CONTENT", "SECURE_FORMS", "MULTI_DIALOG"]
NOBODY = {
    "latestAgentId": "0",
    "latestAgentNickname": "NA",
    "latestAgentFullName": "NA",
    "latestAgentLoginName": "NA",
    "latestAgentGroupId": -1,
    "latestAgentGroupName": "Unassigned",
}


def info(episode: Episode, happened: Callable[[int], bool], *, by_id: bool) -> Json:
    """The container once the events that `happened` accepts are past."""
    closed, ended = happened(episode.closed), happened(episode.ended)
    found: Json = {**when(0, "startTime")}
    if closed:
        found |= when(episode.ended if ended else episode.closed, "endTime")
        if not episode.old:
            found |= when(episode.closed, "conversationEndTime")
        if ended:
            found |= when(episode.ended, "fullDialogEndTime")
    elif episode.says_undefined:
        found |= {"endTime": "undefined", "endTimeL": -1}
    found |= {"duration": number("duration"), "conversationId": text("C"), "brandId": text("account")}
    found |= _latest(episode, happened)
    found["source"] = episode.channel
    if closed:
        found |= {"closeReason": episode.closed_by, "closeReasonDescription": episode.close_text}
    found |= _ratings(episode, happened)
    found |= {"status": "CLOSE" if closed else "OPEN", "fullDialogStatus": "CLOSE" if ended else "OPEN"}
    found |= _circumstances(episode)
    if episode.step_up:
        found["wasStepUp"] = True
    found["isPartial"] = episode.long and not by_id
    return found


def _latest(episode: Episode, happened: Callable[[int], bool]) -> Json:
    turn = [turn for turn in episode.turns if happened(turn.event)][-1]
    role = turn.role
    if role is None and happened(episode.closed):
        role = next((each.role for each in reversed(episode.turns) if each.role), None)
    agent = NOBODY
    if role is not None:
        agent = {**named("latestAgent", role), "agentDeleted": word(f"{role}.deleted")}
        agent |= {"latestAgentGroupId": number(f"{role}.gid"), "latestAgentGroupName": text(f"{role}.group")}
    return {
        **agent,
        "latestSkillId": turn.skill,
        "latestSkillName": skill_name(turn.skill),
        "latestQueueState": turn.queue,
        "latestHandlerAccountId": text("account"),
        "latestHandlerSkillId": turn.skill,
    }


def _ratings(episode: Episode, happened: Callable[[int], bool]) -> Json:
    found: Json = {}
    scores = [score for score in episode.scores if happened(score.event)]
    if scores:
        found |= {"mcs": scores[-1].running, "alertedMCS": scores[-1].band}
    if episode.csat is not None and happened(episode.csat):
        found[episode.csat_key] = number("csat")
    return found


def _circumstances(episode: Episode) -> Json:
    found: Json = {"firstConversation": word("first_one"), "device": text("device"), "operatingSystem": text("os")}
    found["operatingSystemVersion"] = text("os_version")
    if episode.channel == "SHARK":
        found |= {"browser": text("browser"), "browserVersion": text("browser_version"), "integration": "WEB_SDK"}
        found |= {"visitorId": text("visitor"), "sessionId": text("session"), "interactionContextId": "2"}
        found |= {"timeZone": "Europe/Paris", "integrationVersion": "3.0.61", "appId": "webAsync"}
        found["ipAddress"] = text("ip")
    found |= {"features": FEATURES, "language": LOCALES[episode.language]}
    if episode.intent:
        found |= {"firstIntentName": episode.intent[0], "firstIntentLabel": episode.intent[1]}
    return found
