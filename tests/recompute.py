"""What the tables must hold for one record, worked out from the fact sheet and design.md's "Derived values".

A second reading of the same rules, for records as LivePerson delivers them: it uses nothing of `interactions.ingest`.
"""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

Json = dict[str, Any]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NOTHING = {"", "undefined", "null", "NA", "N/A", "-1"}
_KINDS = {"0": "system", "1": "human", "2": "bot", "system": "system", "human": "human", "bot": "bot"}
_PARTS = {"ASSIGNED_AGENT": "assigned", "ASSIGNED": "assigned", "AGENT": "joined", "READER": "reader"}
_PARTS |= {"MANAGER": "manager", "AGENT_MANAGER": "manager", "SUGGESTED_ASSIGNED_AGENT": "suggested"}
_PARTS |= {"CONTROLLER": "controller"}


def moment(ms: Any) -> datetime | None:
    return None if ms in (None, -1) else _EPOCH + timedelta(milliseconds=int(ms))


def ident(value: Any) -> str | None:
    """An id as text, or None for the words and numbers that stand for nothing."""
    return None if value is None or str(value) in _NOTHING else str(value)


def person(value: Any) -> str | None:
    return None if str(value) == "0" else ident(value)


class Automatic:
    """The account's automatic messages, placeholders being anything."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.patterns = [re.compile(self._pattern(" ".join(text.split())), re.DOTALL) for text in texts if text.strip()]

    @staticmethod
    def _pattern(text: str) -> str:
        pieces = re.split(r"\{[^{}]*\}|%[A-Za-z_.]+%|\[\[[^\[\]]*\]\]", text.replace("$!{", "{").replace("${", "{"))
        return ".*".join(map(re.escape, pieces))

    def __contains__(self, text: str) -> bool:
        plain = " ".join(text.split())
        return any(pattern.fullmatch(plain) for pattern in self.patterns)


class Recomputed:
    """One record, and the values that the tables must show for it."""

    def __init__(self, record: Json, automatic: Automatic) -> None:
        self.record, self.info, self.automatic = record, record["info"], automatic
        self.conversation_id = self.info["conversationId"]
        self.joined = record.get("agentParticipants") or (
            record.get("agentParticipantsActive", []) + record.get("agentParticipantsLeave", [])
        )
        self.consumers = {each["participantId"] for each in self._consumers()}
        self.scores = {each["messageId"]: each for each in self._either("messageScores", "messageScore")}
        self.surveys = record.get("conversationSurveys") or []
        self.consumer_id = next((each["participantId"] for each in self._consumers()), None)
        self._people()
        self._dialogs()
        self.sent = self._sent()

    def _either(self, *names: str) -> list[Json]:
        return next((self.record[name] for name in names if self.record.get(name)), [])

    def _consumers(self) -> list[Json]:
        return self._either("consumerParticipants", "consumerParticipant")

    def _people(self) -> None:
        self.alias: dict[str, str] = {}
        self.kind: dict[str, str] = {}
        for each in self.joined:
            agent = str(each["agentId"])
            self.alias |= {agent: agent, str(each.get("agentPid", agent)): agent}
            is_controller = "CONTROLLER" in (each.get("role"), each.get("permission"))
            said = str(each.get("userType", each.get("userTypeName", ""))).lower()
            self.kind[agent] = "system" if is_controller else _KINDS.get(said, "human")

    def _dialogs(self) -> None:
        main, surveys = self.conversation_id, set()
        started: dict[str, int] = {}
        for each in self.record.get("dialogs", []):
            key = ident(each.get("dialogId")) or main
            started[key] = min(each["startTimeL"], started.get(key, each["startTimeL"]))
            surveys |= {key} if each["dialogType"] == "POST_SURVEY" else set()
        listed = set(started)
        for each in self.record.get("messageRecords") or []:
            key = ident(each.get("dialogId")) or main
            if key not in listed:
                started[key] = min(each["timeL"], started.get(key, each["timeL"]))
        surveys |= {key for each in self.surveys if (key := ident(each.get("dialogId"))) not in (None, main)}
        self.dialog_number = {key: number for number, key in enumerate(sorted(started, key=lambda key: started[key]))}
        self.survey_dialogs = surveys

    def _dialog(self, message: Json) -> str:
        return ident(message.get("dialogId")) or str(self.conversation_id)

    def _sent(self) -> list[Json]:
        def place(message: Json) -> tuple[int, int, int]:
            return message["timeL"], self.dialog_number.get(self._dialog(message), 0), int(message.get("seq") or 0)

        ordered = sorted(self.record.get("messageRecords") or [], key=place)
        return list({each["messageId"]: each for each in reversed(ordered)}.values())[::-1]

    # The conversation

    @property
    def is_open(self) -> bool:
        return str(self.info["status"]) == "OPEN"

    def row(self) -> Json:
        """Columns of `Conversation` by name; people and skills by LivePerson's id."""
        info, started = self.info, moment(self.info["startTimeL"])
        ended = moment(info.get("conversationEndTimeL", info.get("endTimeL"))) if not self.is_open else None
        csat = info.get("csatRate", info.get("csat"))
        speakers = Counter(each["speaker"] for each in self.messages())
        running = [each["mcs"] for each in self.messages() if each["mcs"] is not None]
        falls = [max(0, one - next_one) for one, next_one in zip(running, running[1:], strict=False)]
        assert started is not None
        return {
            "status": "open" if self.is_open else "closed",
            "started_at": started,
            "ended_at": ended,
            "duration_seconds": None if ended is None else (ended - started) // timedelta(seconds=1),
            "csat": csat if csat in (1, 2, 3, 4, 5) else None,
            "mcs": info.get("mcs"),
            "mcs_band": info.get("alertedMCS"),
            "mcs_lowest": min(running, default=None),
            "mcs_fall": max(falls, default=None),
            "survey": self.survey(),
            "skill": ident(info.get("latestSkillId")),
            **({"last_agent": agent} if (agent := person(info.get("latestAgentId"))) else {}),
            "channel": (ident(info.get("source")) or "").lower(),
            "device": (ident(info.get("device")) or "").lower(),
            "message_count": len(self.sent),
            "consumer_message_count": speakers["consumer"],
            "agent_message_count": speakers["agent"],
            "bot_message_count": speakers["bot"],
            "automatic_message_count": speakers["automatic"],
            "transfer_count": len(self.record.get("transfers") or []),
            "first_response_seconds": self._first_response(),
            "comment": self._comment(),
        }

    def survey(self) -> str:
        states = {str(each.get("surveyStatus", "")).upper() for each in self.surveys}
        rated = self.info.get("csatRate", self.info.get("csat")) in (1, 2, 3, 4, 5)
        if "FILLED" in states or (rated and not self.surveys):
            return "answered"
        if "PARTIALLY_FILLED" in states:
            return "abandoned"
        return "offered" if self.surveys or self.survey_dialogs else "not_offered"

    def answers(self) -> list[tuple[str, str, bool | None]]:
        """(question, answer, whether recognised), in the order asked."""
        found = []
        for survey in self.surveys:
            listed = survey.get("surveyData") or []
            listed = sorted(listed, key=lambda each: int(each.get("answerSeq", listed.index(each))))
            found += [(each["question"], each["answer"], each.get("isValidAnswer")) for each in listed]
        return found

    def _comment(self) -> str:
        asked = [each for survey in self.surveys for each in survey.get("surveyData") or []]
        open_ones = [a for a in asked if (a.get("questionType"), a.get("questionFormat")) == ("custom", "open")]
        return "\n".join(each["answer"] for each in open_ones if each["answer"])

    def _first_response(self) -> int | None:
        asked = None
        for each in self.messages():
            if each["speaker"] == "consumer" and asked is None:
                asked = each["sent_at"]
            if each["speaker"] == "agent" and asked is not None:
                return int((each["sent_at"] - asked) // timedelta(seconds=1))
        return None

    # What lies below it

    @cached_property
    def said(self) -> list[Json]:
        return [self._message(each) for each in self.sent]

    def messages(self) -> list[Json]:
        """In reading order; `text` is None where the message has no words of its own."""
        return self.said

    def _message(self, said: Json) -> Json:
        speaker, agent, rule = self._speaker(said)
        score = self.scores.get(said["messageId"], {})
        body = said.get("messageData") or {}
        text = (body.get("msg") or {}).get("text") or (body.get("file") or {}).get("caption") or None
        return {
            "message_id": said["messageId"],
            "sent_at": moment(said["timeL"]),
            "speaker": speaker,
            "agent": agent,
            "rule": rule,
            "type": said.get("type", ""),
            "text": text,
            "raw_score": score.get("messageRawScore"),
            "mcs": score.get("mcs"),
        }

    def _speaker(self, said: Json) -> tuple[str, str | None, int | None]:
        """(class, agent's id, rule of fact sheet 5.6)."""
        writer, sender = person(said.get("participantId")), str(said.get("sentBy") or "").lower()
        is_consumer = sender == "consumer" or (not sender and writer in self.consumers)
        agent = None if is_consumer or writer is None else self.alias.get(writer, writer)
        if self._dialog(said) in self.survey_dialogs:
            return "survey", agent, None
        if said.get("audience") == "AGENTS_AND_MANAGERS":
            return "note", agent, None
        rule = self._rule(said, writer, sender, is_consumer)
        if rule:
            return "automatic", self.alias.get(writer or ""), rule
        if is_consumer:
            return "consumer", None, None
        return "bot" if self.kind.get(agent or "") == "bot" else "agent", agent, None

    def _rule(self, said: Json, writer: str | None, sender: str, is_consumer: bool) -> int | None:
        if self.kind.get(self.alias.get(writer or "", "")) == "system":
            return 1
        if is_consumer:
            return None
        if sender not in ("agent", ""):
            return 2
        is_listed = "agentParticipants" in self.record
        if sender and (writer is None or (is_listed and writer not in self.alias and writer not in self.consumers)):
            return 3
        text = ((said.get("messageData") or {}).get("msg") or {}).get("text")
        return 4 if text and text in self.automatic else None

    def participants(self) -> list[tuple[str, str, str | None, datetime | None]]:
        """(agent, part, group, when) of each joining, in order."""
        ordered = sorted(self.joined, key=lambda each: each["timeL"])
        return [
            (
                str(each["agentId"]),
                _PARTS.get(str(each.get("permission")).upper(), "other"),
                group_of(each.get("agentGroupId"), each.get("agentGroupName")),
                moment(each["timeL"]),
            )
            for each in ordered
        ]

    def transfers(self) -> list[tuple[Any, ...]]:
        """(when, reason, by, source agent, target agent, source skill, target skill), in order."""
        ordered = sorted(self.record.get("transfers") or [], key=lambda each: each["timeL"])
        people = ("by", "sourceAgentId", "assignedAgentId")
        skills = ("sourceSkillId", "targetSkillId")
        return [
            (
                moment(each["timeL"]),
                each.get("reason", ""),
                *[self.alias.get(who, who) if (who := person(each.get(name))) else None for name in people],
                *[ident(each.get(name)) for name in skills],
            )
            for each in ordered
        ]


def group_of(value: Any, name: Any) -> str | None:
    if value is None or str(value) in _NOTHING - {"-1"} or (str(value) == "-1" and name == "Unassigned"):
        return None
    return str(value)
