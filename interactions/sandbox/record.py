"""Turns a planned conversation into the bytes of its record, whole or as of an instant."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import orjson

from .answers import answers
from .cast import AGENTS, FRONT_BOT, GROUPS, SURVEY_BOT, SYSTEM, USER_TYPES, Agent, consumer, digest
from .effects.asides import said
from .effects.scores import track_values
from .episode import Episode, record_of
from .plan import CAST_ROLES
from .timetext import time_texts
from .wording import GREETING

Json = dict[str, Any]
Values = dict[bytes, bytes | int]
CONTAINERS = (
    "campaign", "messageRecords", "agentParticipants", "agentParticipantsLeave", "agentParticipantsActive",
    "consumerParticipants", "transfers", "interactions", "messageScores", "messageStatuses", "conversationSurveys",
    "coBrowseSessions", "summary", "sdes", "unAuthSdes", "monitoring", "dialogs", "responseTime", "skillChanges",
    "intents", "uniqueIntents", "latestAgentSurvey", "previouslySubmittedAgentSurveys",
)  # fmt: skip
DEFAULT_CONTENT = frozenset(CONTAINERS[:14])  # and `info`, always
SPELLINGS = {"consumerParticipants": "consumerParticipant", "messageScores": "messageScore"}
ALL = frozenset(("info", *CONTAINERS, *SPELLINGS.values()))
_WEB = [("DESKTOP", "CHROME", "126.0", "WINDOWS", "11"), ("DESKTOP", "FIREFOX", "127.0", "LINUX", "NA"),
        ("DESKTOP", "SAFARI", "17.4", "OSX", "14.5"), ("MOBILE", "SAFARI", "17.4", "IOS", "17.4"),
        ("MOBILE", "CHROME", "126.0", "ANDROID", "14"), ("TABLET", "SAFARI", "17.2", "IOS", "17.2"),
        ("undefined", "undefined", "undefined", "NA", "NA")]  # fmt: skip
_APP = [("MOBILE", "undefined", "undefined", "IOS", "17.5"), ("MOBILE", "undefined", "undefined", "ANDROID", "14"),
        ("TABLET", "undefined", "undefined", "ANDROID", "13")]  # fmt: skip
_ELSEWHERE = [("NA", "NA", "NA", "NA", "NA"), ("undefined", "undefined", "undefined", "undefined", "undefined")]
_CITIES = (b"Leeds", b"Lyon", b"Amman", b"Bristol", b"Nantes", b"Utrecht", b"undefined")


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
    opinion: tuple[int, ...] = (3, 3, 3)  # what the rating, the scores and the other answers follow
    asides: int = 0
    track: int = 0

    @property
    def times(self) -> list[int]:
        """Instants of the episode's events, epoch ms."""
        found: list[int] = (self.start + (self.episode.offsets * self.pace).astype(np.int64)).tolist()
        return found

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


def instants_of(talk: Conversation) -> Instants:
    return Instants(talk.times, time_texts(np.array(talk.times, dtype=np.int64)))


def values(talk: Conversation, instants: Instants | None) -> Values:
    """What goes into the slots; without `instants` only what the words need."""
    episode, mix = talk.episode, talk.mix
    found = _CONSTANT | _device(episode.channel, mix % len(devices(episode.channel)))
    for role, position in zip(CAST_ROLES, talk.agents, strict=True):
        if role in episode.roles:
            found |= _role(role, position, talk.group_of(AGENTS[position]))
    person = consumer(talk.seed, episode.language, talk.consumer)
    hello, first = GREETING[episode.language], person.first.encode()
    found[b"C"] = talk.id.encode()
    found[b"account"] = talk.account.encode()
    found[b"U"] = person.id.encode()
    found[b"first"] = found[b"consumer"] = first
    found[b"last"] = (person.last or "undefined").encode()
    found[b"email"] = person.email.encode() if person.known else b"undefined"
    found[b"phone"] = person.phone.encode()
    found[b"hi"] = f"{hello} {person.first}".encode() if person.known else hello.encode()
    found[b"order"] = b"HP%d" % (mix % 900_000 + 100_000)
    found[b"tail"] = b"%d" % (mix // 1000 % 9000 + 1000)
    found[b"ip"] = b"203.0.113.%d" % (mix % 250 + 1)
    found[b"city"] = _CITIES[mix % 7]
    found[b"first_one"] = b"true" if talk.first else b"false"
    found[b"auto"] = b"AUTO_MESSAGES" if mix % 2 else b"AUTOMESSAGES"
    if episode.channel == "SHARK":
        found[b"visitor"] = digest("v", talk.seed, talk.consumer)[:14].encode()
        found[b"session"] = digest("s", mix)[:12].encode()
    found[b"aside"] = said(episode.language, talk.asides)
    if episode.apart:
        found |= track_values(talk.track, episode.score_keys)
    if episode.csat is not None or episode.surveyed:
        found |= answers(episode.language, talk.opinion, mix, found)
    if episode.surveyed:
        found[b"D"] = talk.survey_dialog.encode()
    if instants is not None:
        text_keys, number_keys = episode.time_keys
        found.update(zip(text_keys, instants.texts, strict=True))
        found.update(zip(number_keys, instants.times, strict=True))
    return found


@cache
def _device(channel: str, choice: int) -> Values:
    names = (b"device", b"browser", b"browser_version", b"os", b"os_version")
    return dict(zip(names, (each.encode() for each in devices(channel)[choice]), strict=True))


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
    episode, times = talk.episode, instants.times
    filled = values(talk, instants)
    if now is None:
        form = episode.form(content, by_id, v)
        filled[b"due"], filled[b"duration"] = -1, times[episode.closed] - talk.start
    else:
        present = [each <= now for each in times]
        form = record_of(episode.cut(present, by_id, v), content)
        newest = max(each for each in times if each <= now)
        closed = present[episode.closed]
        filled[b"due"] = -1 if closed else newest + 600_000
        filled[b"duration"] = (times[episode.closed] if closed else newest) - talk.start
    return form % filled


def words(talk: Conversation) -> str:
    """All that was said, for the keyword filter."""
    return str(orjson.loads(talk.episode.words % values(talk, None)))
