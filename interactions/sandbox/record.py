"""Turns a planned conversation into the bytes of its record, whole or as of an instant."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import orjson

from .cast import AGENTS, FRONT_BOT, GROUPS, SURVEY_BOT, SYSTEM, USER_TYPES, Agent, consumer, digest
from .episode import Episode
from .plan import CAST_ROLES
from .stage import skill_name
from .timetext import time_texts
from .wording import GREETING, LOCALES

Json = dict[str, Any]
Values = dict[bytes, bytes | int]
CONTAINERS = (
    "campaign", "messageRecords", "agentParticipants", "agentParticipantsLeave", "agentParticipantsActive",
    "consumerParticipants", "transfers", "interactions", "messageScores", "messageStatuses", "conversationSurveys",
    "coBrowseSessions", "summary", "sdes", "unAuthSdes", "monitoring", "dialogs", "responseTime", "skillChanges",
    "intents", "uniqueIntents", "latestAgentSurvey", "previouslySubmittedAgentSurveys",
)  # fmt: skip
DEFAULT_CONTENT = frozenset(CONTAINERS[:14])
SPELLINGS = {"consumerParticipants": "consumerParticipant", "messageScores": "messageScore"}
ALL = frozenset((*CONTAINERS, *SPELLINGS.values()))
_WEB = [("DESKTOP", "CHROME", "126.0", "WINDOWS", "11"), ("DESKTOP", "FIREFOX", "127.0", "LINUX", "NA"),
        ("DESKTOP", "SAFARI", "17.4", "OSX", "14.5"), ("MOBILE", "SAFARI", "17.4", "IOS", "17.4"),
        ("MOBILE", "CHROME", "126.0", "ANDROID", "14"), ("TABLET", "SAFARI", "17.2", "IOS", "17.2"),
        ("undefined", "undefined", "undefined", "NA", "NA")]  # fmt: skip
_APP = [("MOBILE", "undefined", "undefined", "IOS", "17.5"), ("MOBILE", "undefined", "undefined", "ANDROID", "14"),
        ("TABLET", "undefined", "undefined", "ANDROID", "13")]  # fmt: skip
_ELSEWHERE = [("NA", "NA", "NA", "NA", "NA"), ("undefined", "undefined", "undefined", "undefined", "undefined")]
_CITIES = ("Leeds", "Lyon", "Amman", "Bristol", "Nantes", "Utrecht", "undefined")


def devices(channel: str) -> list[tuple[str, str, str, str, str]]:
    """Device, browser with version, system with version, that a channel is used from."""
    return {"SHARK": _WEB, "APP": _APP}.get(channel, _ELSEWHERE)


@dataclass(frozen=True)
class Conversation:
    """A planned conversation ready to be rendered."""

    id: str
    account: str
    episode: Episode
    start: int
    pace: float
    agents: tuple[int, ...]
    consumer: int
    mix: int
    first: bool
    half: int  # agents who moved did so at this instant
    seed: int

    @property
    def times(self) -> list[int]:
        """Instants of the episode's events, epoch ms."""
        found: list[int] = (self.start + (self.episode.offsets * self.pace).astype(np.int64)).tolist()
        return found

    @property
    def device(self) -> tuple[str, str, str, str, str]:
        choices = devices(self.episode.channel)
        return choices[self.mix % len(choices)]

    @property
    def survey_dialog(self) -> str:
        h = digest("survey", self.id)
        return f"{h[:8]}-{h[8:12]}-4{h[13:16]}-a{h[17:20]}-{h[20:32]}"

    def group_of(self, agent: Agent) -> int:
        return agent.moved_from if agent.moved_from and self.start < self.half else agent.group


@dataclass(frozen=True)
class Instants:
    """When an episode's events happen in a conversation: epoch ms, and the API's text for each."""

    times: list[int]
    texts: list[bytes]

    def text(self, event: int) -> str:
        return self.texts[event].decode()


def instants_of(talk: Conversation) -> Instants:
    return Instants(talk.times, time_texts(np.array(talk.times, dtype=np.int64)))


def values(talk: Conversation, instants: Instants | None) -> Values:
    """What goes into the slots; without `instants` only what the words need."""
    person = consumer(talk.seed, talk.episode.language, talk.consumer)
    found: Values = dict(_CONSTANT)
    for role, position in zip(CAST_ROLES, talk.agents, strict=True):
        if role in talk.episode.roles:
            found.update(_role(role, position, talk.group_of(AGENTS[position])))
    hello = GREETING[talk.episode.language]
    device, browser, _, system, _ = talk.device
    raw = {
        b"C": talk.id,
        b"account": talk.account,
        b"U": person.id,
        b"first": person.first,
        b"last": person.last or "undefined",
        b"consumer": person.first,
        b"email": person.email if person.known else "undefined",
        b"phone": person.phone,
        b"hi": f"{hello} {person.first}" if person.known else hello,
        b"order": f"HP{talk.mix % 900_000 + 100_000}",
        b"tail": f"{talk.mix // 1000 % 9000 + 1000}",
        b"device": device,
        b"browser": browser,
        b"os": system,
        b"ip": f"203.0.113.{talk.mix % 250 + 1}",
        b"city": _CITIES[talk.mix % 7],
    }
    found[b"due"] = -1
    for key, value in raw.items():
        found[key] = value.encode()
    if talk.episode.surveyed:
        found[b"D"] = talk.survey_dialog.encode()
    if instants is not None:
        text_keys, number_keys = talk.episode.time_keys
        found.update(zip(text_keys, instants.texts, strict=True))
        found.update(zip(number_keys, instants.times, strict=True))
    return found


@cache
def _role(role: str, position: int, group: int) -> Values:
    return _slots(role, AGENTS[position], group)


def _slots(role: str, agent: Agent, group: int) -> Values:
    raw = {
        "id": str(agent.id), "pid": agent.pid, "full": agent.full_name, "nick": agent.nickname, "login": agent.login,
        "deleted": "true" if agent.deleted else "false", "type": agent.user_type, "kind": USER_TYPES[agent.user_type],
        "role": agent.role, "group": GROUPS[group][0],
    }  # fmt: skip
    return {f"{role}.{key}".encode(): value.encode() for key, value in raw.items()} | {f"{role}.gid".encode(): group}


_CONSTANT: Values = {}
for _letter, _agent in (("F", FRONT_BOT), ("S", SURVEY_BOT), ("X", SYSTEM)):
    _CONSTANT |= _slots(_letter, _agent, _agent.group)


def render(
    talks: list[Conversation], now: list[int | None], content: frozenset[str], *, by_id: bool = False, v: int = 2
) -> list[bytes]:
    """The JSON of records as of an instant each (None: everything has happened), with the containers of `content`."""
    offsets = [talk.start + (talk.episode.offsets * talk.pace).astype(np.int64) for talk in talks]
    together = np.concatenate(offsets) if offsets else np.zeros(0, np.int64)
    times, texts = together.tolist(), time_texts(together)
    found, begin = [], 0
    for talk, instant, mine in zip(talks, now, offsets, strict=True):
        end = begin + len(mine)
        found.append(_record(talk, Instants(times[begin:end], texts[begin:end]), instant, content, by_id, v))
        begin = end
    return found


def _record(
    talk: Conversation, instants: Instants, now: int | None, content: frozenset[str], by_id: bool, v: int
) -> bytes:
    filled = values(talk, instants)
    if now is None:
        forms = talk.episode.whole(by_id, v)
    else:
        forms = talk.episode.cut([each <= now for each in instants.times], by_id, v)
        filled[b"due"] = _due(talk, instants.times, now)
    parts = [b'"info":' + orjson.dumps(info(talk, instants, now, by_id))]
    parts += [form % filled for name, form in forms.items() if name in content]
    return b"{" + b",".join(parts) + b"}"


def words(talk: Conversation) -> str:
    """All that was said, for the keyword filter."""
    return str(orjson.loads(talk.episode.words % values(talk, None)))


def _due(talk: Conversation, times: list[int], now: int) -> int:
    if times[talk.episode.closed] <= now:
        return -1
    return max(each for each in times if each <= now) + 600_000


def info(talk: Conversation, instants: Instants, now: int | None, by_id: bool) -> Json:
    """The `info` container as of an instant."""
    episode, times = talk.episode, instants.times
    instant = max(times) if now is None else now
    closed, ended = times[episode.closed], times[episode.ended]
    is_closed, is_ended = closed <= instant, ended <= instant
    turn = episode.turn_at(times, instant)
    found: Json = {"startTime": instants.text(0), "startTimeL": talk.start}
    if is_closed:
        last = episode.ended if is_ended else episode.closed
        found |= {"endTime": instants.text(last), "endTimeL": times[last]}
        if not episode.old:
            found |= {"conversationEndTime": instants.text(episode.closed), "conversationEndTimeL": closed}
        if is_ended:
            found |= {"fullDialogEndTime": instants.text(episode.ended), "fullDialogEndTimeL": ended}
    elif talk.mix % 3:
        found |= {"endTime": "undefined", "endTimeL": -1}
    newest = closed if is_closed else max(each for each in times if each <= instant)
    found |= {"duration": newest - talk.start, "conversationId": talk.id, "brandId": talk.account}
    found |= _latest(talk, turn.role, turn.skill, turn.queue, times, instant)
    found["source"] = episode.channel
    if is_closed:
        found |= {"closeReason": episode.closed_by, "closeReasonDescription": episode.close_text}
    found |= _ratings(episode, times, instant)
    found |= {"status": "CLOSE" if is_closed else "OPEN", "fullDialogStatus": "CLOSE" if is_ended else "OPEN"}
    found |= _circumstances(talk)
    if episode.step_up:
        found["wasStepUp"] = True
    found["isPartial"] = episode.long and not by_id
    return found


def _latest(talk: Conversation, role: str | None, skill: int, queue: str, times: list[int], now: int) -> Json:
    if role is None and times[talk.episode.closed] <= now:
        held = [t.role for t in talk.episode.turns if t.role]
        role = held[-1] if held else None
    named: Json = {
        "latestAgentId": "0",
        "latestAgentNickname": "NA",
        "latestAgentFullName": "NA",
        "latestAgentLoginName": "NA",
    }
    group: Json = {"latestAgentGroupId": -1, "latestAgentGroupName": "Unassigned"}
    if role is not None:
        agent = agent_in(talk, role)
        number = talk.group_of(agent)
        named = {
            "latestAgentId": str(agent.id),
            "latestAgentNickname": agent.nickname,
            "latestAgentFullName": agent.full_name,
            "latestAgentLoginName": agent.login,
            "agentDeleted": agent.deleted,
        }
        group = {"latestAgentGroupId": number, "latestAgentGroupName": GROUPS[number][0]}
    named |= {"latestSkillId": skill, "latestSkillName": skill_name(skill)} | group
    named |= {"latestQueueState": queue, "latestHandlerAccountId": talk.account, "latestHandlerSkillId": skill}
    return named


def agent_in(talk: Conversation, role: str) -> Agent:
    fixed = {"F": FRONT_BOT, "S": SURVEY_BOT, "X": SYSTEM}
    return fixed[role] if role in fixed else AGENTS[talk.agents[CAST_ROLES.index(role)]]


def _ratings(episode: Episode, times: list[int], now: int) -> Json:
    found: Json = {}
    mcs = episode.mcs_at(times, now)
    if mcs is not None:
        found |= {"mcs": mcs, "alertedMCS": -1 if mcs < 42 else 1 if mcs > 62 else 0}
    if episode.csat and times[episode.csat[0]] <= now:
        found[episode.csat_key] = episode.csat[1]
    return found


def _circumstances(talk: Conversation) -> Json:
    device, browser, browser_version, system, system_version = talk.device
    found: Json = {"firstConversation": talk.first, "device": device, "operatingSystem": system}
    found |= {"operatingSystemVersion": system_version}
    if talk.episode.channel == "SHARK":
        found |= {"browser": browser, "browserVersion": browser_version, "integration": "WEB_SDK"}
        found |= {"visitorId": digest("v", talk.seed, talk.consumer)[:14], "sessionId": digest("s", talk.mix)[:12]}
        found |= {"interactionContextId": "2", "timeZone": "Europe/Paris", "integrationVersion": "3.0.61"}
        found |= {"appId": "webAsync", "ipAddress": f"203.0.113.{talk.mix % 250 + 1}"}
    auto = "AUTO_MESSAGES" if talk.mix % 2 else "AUTOMESSAGES"
    found |= {"features": ["PHOTO_SHARING", "QUICK_REPLIES", auto, "RICH_CONTENT", "SECURE_FORMS", "MULTI_DIALOG"]}
    found["language"] = LOCALES[talk.episode.language]
    if talk.episode.intent:
        found |= {"firstIntentName": talk.episode.intent[0], "firstIntentLabel": talk.episode.intent[1]}
    return found
