"""The stage on which one conversation is played: what is said and done becomes entries of the API's record.

Every entry knows the event at which it appears (and, for states such as an open dialog, the event at which it goes),
so the record as of any instant is the entries present then.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import orjson

from .cast import SKILLS
from .effects.scores import band
from .slots import number, text, word
from .wording import AUTOMATIC

Json = dict[str, Any]
EVERYWHERE, SEARCH, BY_ID = 0, 1, 2
NO_CONTEXT = {"rawMetadata": "[]", "structuredMetadata": []}
ROLES = ("A", "B", "M", "J", "R", "F", "S", "X")  # two agents, manager, joiner, reader, bots, system
AUTOMATIC_VARIANTS = ("system", "sent_by", "absent", "zero", "undefined", "text")


@dataclass(frozen=True)
class Entry:
    """One item of a container, present from event `since` until event `until`."""

    container: str
    since: int
    until: int | None
    body: Any
    scope: int = EVERYWHERE
    v: int = 0  # 0: in both versions of the API, else in that one


@dataclass
class Turn:
    """Who holds the conversation from an event on."""

    event: int
    role: str | None
    skill: int
    queue: str


class Score(NamedTuple):
    """A message's score and the running one after it, with its band: numbers, or slots for them."""

    event: int
    raw: int | str
    running: int | str
    band: int | str


# How much a message moves the running score, a raw score that is bad, and a running one that is not.
_USUAL, _SHOCK = 0.32, 0.7
_BAD, _CONTENT = -50, 48


@dataclass
class Stage:
    rng: random.Random
    lang: str
    channel: str
    pace: float = 1.0
    old: bool = False  # an older record: other message ids, fewer fields
    apart: bool = False  # scores follow no words: each conversation has its own
    variant: str = "system"
    clock: float = 0.0
    offsets: list[int] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    scores: list[Score] = field(default_factory=list)
    present: dict[str, list[int]] = field(default_factory=dict)
    notes: list[Json] = field(default_factory=list)
    seq: int = 0
    count: int = 0
    mood: float = 50.0
    dialog: str = "C"
    holder: str | None = None
    skill: int = -1

    def wait(self, low: float, high: float) -> None:
        """Lets seconds pass."""
        self.clock += self.rng.uniform(low, high) * 1000

    def event(self, after_ms: float = 0) -> int:
        """A new instant, `after_ms` from now, without moving the clock."""
        self.offsets.append(int(self.clock + after_ms))
        return len(self.offsets) - 1

    def add(self, container: str, since: int, body: Any, until: int | None = None, scope: int = 0, v: int = 0) -> None:
        self.entries.append(Entry(container, since, until, body, scope, v))

    def say(
        self, role: str, words: str | None, *, type: str = "TEXT_PLAIN", data: Json | None = None, **more: Any
    ) -> str:
        """One message. `role` is a letter of ROLES or C; returns its message id."""
        event = self.event()
        self.clock += 1
        body = self._message(role, event, type, data if words is None else {"msg": {"text": words}, **(data or {})})
        body.update(more)
        self._deliver(body, event, role)
        return str(body["messageId"])

    def _message(self, role: str, event: int, type: str, data: Json | None) -> Json:
        dialog = text(self.dialog)
        message_id = f"ms::conv:{text('C')}::msg:{self.count}" if self.old else f"ms::dialog:{dialog}::msg:{self.seq}"
        body: Json = {"type": type, "messageData": data or {}, "messageId": message_id}
        if not self.old:
            body["audience"] = "ALL"
        body["seq"] = self.seq
        body["dialogId"] = "undefined" if self.old else dialog
        body["participantId"] = text("U") if role == "C" else text(f"{role}.id")
        body |= {"source": self.channel, **when(event)}
        if not self.old:
            body["integrationSource"] = self.channel
        if role == "C":
            body["device"] = text("device")
        body["sentBy"] = "Consumer" if role == "C" else "Agent"
        if role != "X":
            body["contextData"] = NO_CONTEXT
        self.seq += self.rng.choice((1, 1, 2, 3))
        self.count += 1
        return body

    def _deliver(self, body: Json, event: int, role: str) -> None:
        if role == "F" or "preview" not in str(body["messageData"]):
            self.add("messageRecords", event, body)
        else:
            small = {"file": {k: v for k, v in body["messageData"]["file"].items() if k != "preview"}}
            self.add("messageRecords", event, {**body, "messageData": small}, scope=SEARCH)
            self.add("messageRecords", event, body, scope=BY_ID)
        if body.get("audience") == "AGENTS_AND_MANAGERS" or self.old:
            return
        if role in ("X", "S") or (role == "F" and self.rng.random() < 0.5):
            return
        reader = "C" if role != "C" else self.holder
        if reader and self.rng.random() < (0.3 if reader == "C" else 0.2):
            self._status(body, reader, 300, "ACCEPT")
            if self.rng.random() < 0.6:
                self._status(body, reader, 2500, "READ")

    def _status(self, body: Json, reader: str, after: int, status: str) -> None:
        event = self.event(after)
        self.add(
            "messageStatuses",
            event,
            {
                "messageId": body["messageId"],
                "seq": body["seq"],
                "dialogId": body["dialogId"],
                **when(event),
                "participantId": text("U") if reader == "C" else text(f"{reader}.id"),
                "participantType": "Consumer" if reader == "C" else "Agent",
                "messageDeliveryStatus": status,
            },
        )

    def score(self, message_id: str, raw: int) -> None:
        """The mood of a message, -100..100; the running score (0..100) follows it."""
        # Bad news to somebody content are felt at once.
        weight = _SHOCK if raw <= _BAD and self.mood >= _CONTENT else _USUAL
        self.mood = max(0.0, min(100.0, self.mood * (1 - weight) + (50 + raw / 2) * weight))
        event = self.event(900)
        score = Score(event, raw, round(self.mood), band(round(self.mood)))
        if self.apart:
            place = len(self.scores)
            score = Score(event, number(f"r{place}"), number(f"m{place}"), number(f"b{place}"))
        self.scores.append(score)
        body = {"messageId": message_id, "messageRawScore": score.raw, "mcs": score.running, **when(event)}
        self.add("messageScores", event, body)

    def automatic(self, event_id: str) -> None:
        """The account's automatic message, marked in this conversation's way (5.6 of the fact sheet)."""
        words = AUTOMATIC[event_id][self.lang]
        if "{" in words:
            head, _, rest = words.partition("{")
            words = head + text("A.nick") + rest.partition("}")[2]
        role = self.holder or "X" if self.variant == "text" else "X"
        more: Json = {"sentBy": "System"} if self.variant == "sent_by" else {}
        if self.variant in ("zero", "undefined"):
            more["participantId"] = "0" if self.variant == "zero" else "undefined"
        if self.variant == "absent":
            more["participantId"] = None
        self.say(role, words, **more)
        if self.variant == "absent":
            for entry in self.entries:
                if entry.container == "messageRecords" and entry.body.get("participantId", "") is None:
                    del entry.body["participantId"]

    def join(self, role: str, permission: str = "ASSIGNED_AGENT", skill: int | None = None) -> None:
        """Somebody comes in; an assigned agent holds the conversation from now on."""
        event = self.event()
        self.clock += 5
        body = {**self._person(role), **when(event), "permission": permission, "dialogId": text(self.dialog)}
        self.add("agentParticipants", event, body)
        self.present.setdefault(role, []).append(len(self.entries) - 1)
        if permission != "ASSIGNED_AGENT":
            return
        self.holder = role
        if self.dialog == "C":
            self.skill = self.skill if skill is None else skill
            self.turns.append(Turn(event, role, self.skill, "ACTIVE"))
        body = {**self._assigned(role), **when(event, "interactionTime")}
        body |= {"interactiveSequence": len(self.turns), "dialogId": text(self.dialog)}
        self.add("interactions", event, body)

    def leave(self, role: str) -> None:
        """Somebody goes; until now they were among the active participants."""
        event = self.event()
        for index in self.present.pop(role, []):
            came = self.entries[index]
            self.add("agentParticipantsActive", came.since, came.body, until=event)
            self.add("agentParticipantsLeave", event, {**came.body, **when(event)})
        if self.holder == role:
            self.holder = None

    def _person(self, role: str) -> Json:
        names = {"agentFullName": "full", "agentNickname": "nick", "agentLoginName": "login"}
        return {
            **{key: text(f"{role}.{slot}") for key, slot in names.items()},
            "agentDeleted": word(f"{role}.deleted"),
            "agentId": text(f"{role}.id"),
            "agentPid": text(f"{role}.pid"),
            "userType": text(f"{role}.type"),
            "userTypeName": text(f"{role}.kind"),
            "role": text(f"{role}.role"),
            "agentGroupName": text(f"{role}.group"),
            "agentGroupId": number(f"{role}.gid"),
        }

    def _assigned(self, role: str) -> Json:
        return named("assignedAgent", role)

    def transfer(self, reason: str, target: int, *, by: str, context: str = "", to: str | None = None) -> None:
        """The conversation goes to another skill, agent or back to the queue."""
        event = self.event()
        source = self.holder
        body: Json = {**when(event), "assignedAgentId": "null"}
        if to:
            body |= self._assigned(to)
        body |= {
            "targetSkillId": target,
            "targetSkillName": skill_name(target),
            "reason": reason,
            "by": text(f"{by}.id"),
            "sourceSkillId": self.skill,
            "sourceSkillName": skill_name(self.skill),
            **(named("sourceAgent", source) if source else NOBODY),
        }
        if context:
            body["contextData"] = {
                "rawMetadata": orjson.dumps([{"type": "ActionReason", "reason": context, "reasonId": "r-12"}]).decode(),
                "structuredMetadata": [{"actionReason": {"reason": context}}],
            }
        body["dialogId"] = text(self.dialog)
        self.add("transfers", event, body)
        change = {"newSkillId": target, "previousSkillId": self.skill, "agentId": text(f"{by}.id"), **when(event)}
        if target != self.skill:
            self.add("skillChanges", event, change)
        self.skill = target
        if source and source != to:
            self.leave(source)
        self.turns.append(Turn(event, None, target, "IN_QUEUE"))


NOBODY = {
    "sourceAgentId": "0",
    "sourceAgentFullName": "NA",
    "sourceAgentLoginName": "NA",
    "sourceAgentNickname": "NA",
}


def when(event: int, name: str = "time") -> Json:
    """The text and the number of an instant, as the API gives both."""
    return {name: text(f"t{event}"), f"{name}L": number(f"l{event}")}


def named(prefix: str, role: str) -> Json:
    slots = {"Id": "id", "FullName": "full", "LoginName": "login", "Nickname": "nick"}
    return {prefix + key: text(f"{role}.{slot}") for key, slot in slots.items()}


def skill_name(number: int) -> str:
    return SKILLS[number][0] if number in SKILLS else "Unassigned"
