"""What list, counts and files must say of an account, worked out from LivePerson's own JSON alone.

Nothing of the product is used: fact sheet and design.md ("Derived values", "Visibility") are read here a second time.
"""

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cached_property, partial
from typing import Any
from zoneinfo import ZoneInfo

from tests.matching import Row
from tests.recompute import Automatic, Json, Recomputed, group_of, ident, person

_YES, _NO = {"yes", "1", "oui", "ja", "نعم"}, {"no", "0", "non", "nein", "لا"}
_DANGEROUS = tuple("=+-@\t\r\n＝＋－＠")
_COUNTED = ("assigned", "joined")
# A word, a phrase or a beginning, as somebody types it.
_TERM = r'(?:"[^"]*"|[^\s"|]+)'


class Told(Recomputed):
    """One record: who took part and who is credited, beside the values of `Recomputed`."""

    @cached_property
    def parts(self) -> list[tuple[int, str, str, str | None]]:
        """(when, agent, part, group) in order of joining; an assignment may stand in `interactions` alone."""
        found = [(moment_ms(each), who, part, group) for each, (who, part, group, _) in self._joinings()]
        known = {who for _, who, part, _ in found if part == "assigned"}
        for step in self.record.get("interactions") or []:
            agent = person(step.get("assignedAgentId"))
            if agent and self._one(agent) not in known:
                known.add(self._one(agent))
                found.append((step.get("interactionTimeL", 0), self._one(agent), "assigned", None))
        return sorted(found, key=lambda each: each[0])

    def _joinings(self) -> Iterable[tuple[Json, Any]]:
        return zip(sorted(self.joined, key=lambda each: each["timeL"]), self.participants(), strict=True)

    def _one(self, agent: str) -> str:
        return self.alias.get(agent, agent)

    def _is_human(self, agent: str) -> bool:
        return self.kind.get(agent, "human") == "human"

    @cached_property
    def counted(self) -> list[tuple[str, str | None]]:
        """(person, group) who were assigned or joined, and not merely read or managed."""
        return [(who, group) for _, who, part, group in self.parts if part in _COUNTED and self._is_human(who)]

    @cached_property
    def assigned(self) -> list[tuple[int, str]]:
        """(when, agent) of the talk itself: whom the survey was assigned to does not count."""
        in_survey = {
            (each["timeL"], self._one(str(each["agentId"])))
            for each in self.joined
            if ident(each.get("dialogId")) in self.survey_dialogs
        }
        return [(at, who) for at, who, part, _ in self.parts if part == "assigned" and (at, who) not in in_survey]

    @property
    def last_agent(self) -> str | None:
        latest = person(self.info.get("latestAgentId"))
        return self._one(latest) if latest else self.assigned[-1][1] if self.assigned else None

    @property
    def last_human(self) -> str | None:
        if self.last_agent and self._is_human(self.last_agent):
            return self.last_agent
        humans = [who for _, who in self.assigned if self._is_human(who)]
        joined = [who for _, who, part, _ in self.parts if part == "joined" and self._is_human(who)]
        return (humans or joined or [None])[-1]

    @property
    def credited(self) -> str | None:
        """The last person assigned before the survey dialog, else before the end."""
        surveys = [d["startTimeL"] for d in self.record.get("dialogs") or [] if d["dialogType"] == "POST_SURVEY"]
        surveys = surveys or [m["timeL"] for m in self.sent if self._dialog(m) in self.survey_dialogs][:1]
        ended = None if self.is_open else self.info.get("conversationEndTimeL", self.info.get("endTimeL"))
        limit = max(surveys) if surveys else ended
        before = [who for at, who in self.assigned if self._is_human(who) and (limit is None or at <= limit)]
        return before[-1] if before else None

    @property
    def wrote_most(self) -> str | None:
        """Who wrote most messages to the consumer, the later one of two; credit needs a part, by every rule."""
        writers = [each["agent"] for each in self.messages() if each["speaker"] == "agent" and each["agent"]]
        most = max(reversed(writers), key=writers.count) if writers else None
        return most if most in {who for _, who, _, _ in self.parts} else None

    def handled_by(self) -> str | None:
        bot = any(each["speaker"] == "bot" for each in self.messages())
        return {(True, True): "both", (True, False): "human", (False, True): "bot"}.get((bool(self.counted), bot))

    def answer_to(self, kind: str) -> str | None:
        """The last valid answer to the question of this kind."""
        asked = [each for survey in self.surveys for each in survey.get("surveyData") or []]
        valid = [a for a in asked if a.get("questionType") == kind and a.get("isValidAnswer") is not False]
        return str(valid[-1]["answer"]).strip().lower() if valid else None

    @cached_property
    def lines(self) -> dict[str, list[list[str]]]:
        """Each line as its words, by who said it: no automatic lines, no survey questions."""
        found: dict[str, list[list[str]]] = {speaker: [] for speaker in ("consumer", "agent", "bot", "note")}
        for said in self.messages():
            if said["speaker"] in found:
                found[said["speaker"]].append(words_of(said["text"] or "", said["type"]))
        return found | {"comment": [words_of(self._comment())]}

    def has_words_elsewhere(self) -> set[str]:
        """Words of cards, replies and files: which of them are searched is not for this page to say."""
        others = [each["messageData"] for each in self.sent if {"msg"} != set(each.get("messageData") or {"msg": 0})]
        return set(words_of(" ".join(map(str, others))))


def moment_ms(each: Json) -> int:
    return int(each["timeL"])


def words_of(text: str, type_: str = "") -> list[str]:
    """Caseless and without accents, in their order."""
    plain = html.unescape(re.sub(r"<[^<>]*>", " ", text)) if type_ == "TEXT_HTML" else text
    bare = "".join(c for c in unicodedata.normalize("NFKD", plain) if unicodedata.category(c) != "Mn")
    return re.findall(r"[^\W_]+", bare.casefold())


def holds(lines: dict[str, list[list[str]]], question: str, speakers: Sequence[str]) -> bool:
    """Whether these speakers said each word, "phrase" and begin*; `-word` they did not, `a OR b` takes either."""
    said = [line for speaker in speakers for line in lines[speaker]]
    pieces = re.findall(rf"-?{_TERM}(?:\|{_TERM})*", question.replace(" OR ", "|"))
    return all(_is_met(said, piece) for piece in pieces)


def _is_met(said: Sequence[Sequence[str]], piece: str) -> bool:
    if piece[0] == "-":
        return not _is_met(said, piece[1:])
    wanted = [(words_of(each), each.endswith("*")) for each in re.findall(_TERM, piece)]
    return any(_stands(line, words, is_begun) for words, is_begun in wanted for line in said)


def _stands(line: Sequence[str], wanted: Sequence[str], is_begun: bool) -> bool:
    """Whether the words stand one behind the other; of a beginning the last one goes on."""
    if not is_begun and wanted[0] not in line:
        return False
    for start in range(len(line) - len(wanted) + 1):
        *before, last = line[start : start + len(wanted)]
        if before == list(wanted[:-1]) and (last.startswith(wanted[-1]) if is_begun else last == wanted[-1]):
            return True
    return False


class Truth:
    """Every conversation of an account as rows for `tests.matching`, and the lines of its files."""

    def __init__(self, records: list[Json], automatic: list[Json], groups: list[Json]) -> None:
        texts = Automatic(data["msg"] for each in automatic for data in each["data"])
        self.told = [Told(record, texts) for record in records]
        self.parents = {str(each["id"]): ident_of_group(each.get("parentGroupId")) for each in groups}
        self.names = self._names() | {("group", str(each["id"])): str(each["name"]) for each in groups}
        self.rows = [self._row(told) for told in self.told]

    def _names(self) -> dict[tuple[str, str], str]:
        """What people, groups and skills are called, by (kind, id): full name, else nickname."""
        found: dict[tuple[str, str], str] = {}
        for told in self.told:
            info = told.info
            people = [(each, "agent", str(each["agentId"])) for each in told.joined]
            people += [(info, "latestAgent", person(info.get("latestAgentId")) or "")]
            for each, stem, agent in people:
                name = ident(each.get(f"{stem}FullName")) or ident(each.get(f"{stem}Nickname"))
                if name:
                    found.setdefault(("agent", told.alias.get(agent, agent)), name)
            found["skill", str(info.get("latestSkillId"))] = str(info.get("latestSkillName"))
        return found

    def _row(self, told: Told) -> Row:
        info, fcr, nps = told.info, told.answer_to("fcr"), told.answer_to("nps")
        row = told.row()
        codes = {"language": "language", "close_reason": "closeReason", "queue": "latestQueueState"}
        row |= {name: (ident(info.get(key)) or "").lower() for name, key in codes.items()}
        if told.is_open:
            row["close_reason"] = ""  # an old value
        people = {"last_agent": told.last_agent, "last_human": told.last_human, "credited_agent": told.credited}
        named = told.last_human or told.last_agent
        return row | {
            **people,
            "conversation_id": told.conversation_id,
            "group": group_of(info.get("latestAgentGroupId"), info.get("latestAgentGroupName")),
            "first_contact": info.get("firstConversation"),
            "nps": int(nps) if nps and nps.isdecimal() else None,
            "fcr": True if fcr in _YES else False if fcr in _NO else None,
            "comment_text": row["comment"],
            "comment": bool(row["comment"]),
            "any_agent": {who for _, who, _, _ in told.parts},
            "all_agents": {who for who, _ in told.counted},
            "most_agent": told.wrote_most,
            "handled_by": told.handled_by(),
            "agent_name": in_order(self.names.get(("agent", named), named)) if named else None,
            "holds": partial(holds, told.lines),
            "consumer": told.consumer_id,
            "told": told,
        }

    def seen_by(self, groups: Iterable[str]) -> list[Row]:
        """The rows that a supervisor of these groups sees."""
        own = {group for group in self.parents if set(self._above(group)) & set(groups)}
        return [row for row in self.rows if {group for _, group in row["told"].counted} & own]

    def _above(self, group: str | None) -> Iterable[str]:
        while group is not None:
            yield group
            group = self.parents.get(group)

    def line(self, row: Row, zone: str, site: str) -> list[str]:
        """The row's line of conversations.csv, as cells."""
        told, agent = row["told"], partial(self._named, "agent")
        took_part = dict.fromkeys(who for _, who, _, _ in told.parts if told.kind.get(who) != "system")
        values = [
            *(row["conversation_id"], f"{site}/conversations/{row['conversation_id']}/", row["status"]),
            *(written(row["started_at"], zone), written(row["ended_at"], zone)),
            *(row[name] for name in ("csat", "mcs", "mcs_band", "nps")),
            *(None if row["fcr"] is None else int(row["fcr"]), row["survey"], row["comment_text"]),
            *(row["last_agent"], agent(row["last_agent"]), row["last_human"], agent(row["last_human"])),
            *(row["credited_agent"], agent(row["credited_agent"]), "; ".join(map(agent, took_part))),
            *(self._named("group", row["group"]), self._named("skill", row["skill"])),
            *(row[name] for name in ("channel", "device", "close_reason", "duration_seconds")),
            *(row[name] for name in ("first_response_seconds", "message_count", "transfer_count")),
            *(row["mcs_lowest"], row["mcs_fall"]),
        ]
        return [cell(value) for value in values]

    def said_lines(self, row: Row, zone: str) -> list[list[str | None]]:
        """The row's lines of messages.csv; a text without words of its own is None."""
        told = row["told"]
        return [
            [
                *(row["conversation_id"], said["message_id"], str(place), written(said["sent_at"], zone)),
                *(said["speaker"], cell(said["agent"]), cell(self._named("agent", said["agent"])), said["type"]),
                None if said["text"] is None else cell(said["text"]),
                *(cell(said["raw_score"]), cell(said["mcs"]), str(told.dialog_number.get(told._dialog(sent), 0))),
            ]
            for place, (said, sent) in enumerate(zip(told.messages(), told.sent, strict=True), 1)
        ]

    def _named(self, kind: str, value: str | None) -> str:
        return "" if value is None else self.names.get((kind, value), value)


def ident_of_group(value: Any) -> str | None:
    return None if value is None else str(value)


def in_order(name: str) -> tuple[str, str]:
    """By which names come in their order: their letters without accents, then as they are."""
    caseless = name.casefold()
    bare = "".join(each for each in unicodedata.normalize("NFD", caseless) if unicodedata.category(each) != "Mn")
    return bare, caseless


def written(at: datetime | None, zone: str) -> str:
    return at.astimezone(ZoneInfo(zone)).isoformat() if at else ""


def cell(value: Any) -> str:
    """As a file shows it: empty is empty, and text that a spreadsheet would run is defused."""
    text = "" if value is None else str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_DANGEROUS) else text


def frequent(told: Sequence[Told], most: int, *, is_ascii: bool = True) -> list[str]:
    """Plain words that some conversations hold and others do not, and that stand in nothing but plain text."""
    counts = Counter(word for each in told for word in set(_all_words(each)))
    elsewhere = set().union(*(each.has_words_elsewhere() for each in told))
    fit = [w for w, n in counts.items() if w.isascii() == is_ascii and len(w) > 3 and w not in elsewhere and n > 1]
    return sorted(fit, key=lambda word: (-counts[word], word))[:most]


def _all_words(told: Told) -> Iterable[str]:
    return (word for lines in told.lines.values() for line in lines for word in line)


def phrases(told: Sequence[Told], words: Sequence[str], size: int = 2) -> list[str]:
    """For each of the words the first run of so many that it begins, where any line has one."""
    found: dict[str, str] = {}
    elsewhere = set().union(*(each.has_words_elsewhere() for each in told))
    for line in (line for each in told for lines in each.lines.values() for line in lines):
        for start in range(len(line) - size + 1):
            run = line[start : start + size]
            if elsewhere.isdisjoint(run):
                found.setdefault(run[0], f'"{" ".join(run)}"')
    return [found[word] for word in words if word in found]


def beginnings(told: Sequence[Told], words: Sequence[str], size: int = 3) -> list[str]:
    """What the words begin with, where nothing but plain text has a word that begins so."""
    elsewhere = set().union(*(each.has_words_elsewhere() for each in told))
    begun = dict.fromkeys(word[:size] for word in words)
    return [f"{each}*" for each in begun if not any(word.startswith(each) for word in elsewhere)]
