"""An episode: one conversation played out, compiled to bytes formats that many conversations share.

A conversation of the account is an episode plus what makes it its own: ids, people, start, pace, order number.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, NamedTuple

import numpy as np

from . import after, attributes, slots
from .cast import SKILL_ID
from .effects.sizes import MESSAGE_SHARE
from .head import info
from .material import Chapter, Language, language
from .pool import Part
from .slots import text
from .stage import AUTOMATIC_VARIANTS, BY_ID, EVERYWHERE, SEARCH, Entry, Score, Stage, Turn
from .story import LANGUAGE_SKILL, Story

CHANNELS = (
    ["SHARK"] * 46 + ["APP"] * 22 + ["WhatsApp Business"] * 13 + ["SMS"] * 7 + ["Apple Business Chat"] * 7
    + ["FACEBOOK"] * 5
)  # fmt: skip
_LANGUAGE_OF = {SKILL_ID[name]: code for code, name in LANGUAGE_SKILL.items()}
WRAPPED = {"sdes": "events", "unAuthSdes": "events", "coBrowseSessions": "coBrowseSessionsList"}
SINGLE = {"campaign", "monitoring", "summary", "responseTime", "latestAgentSurvey"}
LONGEST_IN_SEARCH = 100  # messages; longer records are cut short in search and marked isPartial


class Compiled(NamedTuple):
    container: str
    since: int
    until: int
    scope: int
    v: int
    form: bytes


FOREVER = 1 << 30
MOST_FORMS = 4  # kept per episode; callers ask for the same containers again and again
_ROLE = re.compile(rb"%\((\w)\.")


@dataclass
class Episode:
    """What was compiled, and the facts `info` needs as of any event."""

    language: str
    subject: str
    arc: str
    channel: str
    old: bool
    skill: int  # of the subject
    offsets: np.ndarray[Any, np.dtype[np.int64]]
    entries: list[Compiled]
    turns: list[Turn]
    scores: list[Score]
    apart: bool  # scores are the conversation's own
    closed: int
    ended: int
    surveyed: bool
    csat: int | None  # the event of the rating
    harmed: bool
    assured: bool
    closed_by: str
    close_text: str
    intent: tuple[str, str] | None
    csat_key: str
    long: bool
    step_up: bool
    says_undefined: bool  # an open one has an `endTime`, of -1 and "undefined"
    words: bytes = b""

    @cached_property
    def roles(self) -> frozenset[str]:
        """Roles whose agent is named anywhere: the others need no slots."""
        forms = [self.words, *(entry.form for entry in self.entries)]
        return frozenset(role.decode() for form in forms for role in _ROLE.findall(form)) | {"A"}  # comments name A

    @property
    def credited(self) -> str:
        """The role of the last person who held the talk; A when nobody came."""
        return next((each.role for each in reversed(self.turns) if each.role in ("A", "B", "M")), "A")

    @cached_property
    def score_keys(self) -> list[tuple[bytes, bytes, bytes]]:
        """Names of the slots of each score, when they are the conversation's own."""
        return [(b"r%d" % each, b"m%d" % each, b"b%d" % each) for each in range(len(self.scores) * self.apart)]

    @cached_property
    def time_keys(self) -> tuple[list[bytes], list[bytes]]:
        """Names of the slots of each event's text and number."""
        events = range(len(self.offsets))
        return [b"t%d" % each for each in events], [b"l%d" % each for each in events]

    @cached_property
    def _whole(self) -> dict[tuple[bool, int], dict[str, bytes]]:
        return {}

    def whole(self, by_id: bool, v: int) -> dict[str, bytes]:
        """Container -> format of everything that ever happened."""
        key = (by_id, v)
        if key not in self._whole:
            self._whole[key] = self.cut(None, by_id, v)
        return self._whole[key]

    @cached_property
    def _joined(self) -> dict[tuple[bool, int, frozenset[str]], bytes]:
        return {}

    def form(self, content: frozenset[str], by_id: bool, v: int) -> bytes:
        """One format of a whole record with the containers of `content`; filling one is quicker than many."""
        key = (by_id, v, content)
        if key not in self._joined:
            if len(self._joined) >= MOST_FORMS:
                self._joined.clear()
            self._joined[key] = record_of(self.whole(by_id, v), content)
        return self._joined[key]

    def prepare(self) -> None:
        """Does now what the first page would otherwise wait for; containers alike in both calls are kept once."""
        full, found = self.whole(True, 2), self.whole(False, 2)
        for name, form in found.items():
            if full.get(name) == form:
                found[name] = full[name]

    def cut(self, present: list[bool] | None, by_id: bool, v: int) -> dict[str, bytes]:
        """Container -> format of what is there once the events marked `present` have happened (None: all)."""
        found: dict[str, list[bytes]] = {}
        scope = BY_ID if by_id else SEARCH
        for entry in self.entries:
            if entry.scope not in (EVERYWHERE, scope) or entry.v not in (0, v):
                continue
            if present is None:
                there = entry.until == FOREVER
            else:
                there = present[entry.since] and (entry.until == FOREVER or not present[entry.until])
            if there:
                found.setdefault(entry.container, []).append(entry.form)
        head = info(self, (lambda event: True) if present is None else present.__getitem__, by_id=by_id)
        filled = {name: self._container(name, forms, by_id) for name, forms in found.items()}
        return {"info": b'"info":' + slots.compile(head)} | filled

    def _container(self, name: str, forms: list[bytes], by_id: bool) -> bytes:
        key = b'"' + name.encode() + b'":'
        if name in SINGLE:
            return key + forms[-1]
        if name == "messageRecords" and self.long and not by_id:
            forms = forms[:LONGEST_IN_SEARCH]
        items = b",".join(forms)
        if name in WRAPPED:
            return key + b'{"' + WRAPPED[name].encode() + b'":[' + items + b"]}"
        return key + b"[" + items + b"]"


def record_of(forms: dict[str, bytes], content: frozenset[str]) -> bytes:
    """The containers of `content` as one record."""
    return b"{" + b",".join([form for name, form in forms.items() if name in content]) + b"}"


def play(seed: int, index: int, part: Part, apart: bool) -> Episode:
    """Episode `index` of a seed, played as `part` asks; a pure function. `apart` scores follow no words."""
    rng = random.Random(f"{seed}:episode:{index}")
    lang, subject = rng.choice(_subjects(part.skill))
    channel = CHANNELS[int(part.spread[0] * len(CHANNELS))]
    stage = Stage(rng, lang.code, channel, old=index % 41 == 7, apart=apart)
    stage.variant = rng.choices(AUTOMATIC_VARIANTS, (55, 10, 10, 7, 8, 10))[0]
    stage.pace = rng.uniform(0.6, 2.0)
    stage.turns.append(Turn(stage.event(), None, -1, "IN_QUEUE"))
    story = Story(stage, lang, subject, part.arc, _words(rng, lang.code, subject.products), rng)
    story.harmed, story.assured = part.harmed, part.spread[1] < MESSAGE_SHARE
    attributes.before(stage, rng, lang.code)
    story.tell()
    outcome = after.close(stage, story, rng, index, part.rated)
    episode = _compiled(stage, story, outcome, index)
    episode.prepare()
    return episode


@cache
def _subjects(skill: int) -> list[tuple[Language, Chapter]]:
    """What is talked about in a skill, and in which language."""
    lang = language(_LANGUAGE_OF.get(skill, "en"))
    mine = [each for each in lang.subjects if SKILL_ID[each.settings["skill"]] == skill]
    return [(lang, each) for each in (lang.subjects if skill in _LANGUAGE_OF else mine)]


def _words(rng: random.Random, code: str, products: list[str]) -> dict[str, str]:
    days = {
        "en": "Monday Tuesday Wednesday Thursday Friday Saturday",
        "fr": "lundi mardi mercredi jeudi vendredi samedi",
        "ar": "الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت",
        "de": "Montag Dienstag Mittwoch Donnerstag Freitag Samstag",
    }[code].split()
    cities = {"ar": "الرياض دبي عمّان جدة", "fr": "Lyon Nantes Lille Genève", "de": "Bremen Graz Leipzig Kiel"}
    day, day2 = rng.sample(days, 2)
    euros = f"{rng.randint(8, 240)},{rng.choice(('00', '50', '90'))} €"
    fixed = {
        "product": rng.choice(products),
        "day": day,
        "day2": day2,
        "city": rng.choice(cities.get(code, "Leeds Bristol Utrecht York Ghent").split()),
        "amount": euros if code in ("fr", "de") else f"€{rng.randint(8, 240)}.{rng.choice(('00', '50', '90'))}",
        "shop": "Harbor & Pine",
        "postcode": f"{rng.randint(1000, 9999)} {rng.choice(('AB', 'KD', 'XR'))}",
        "ticket": f"HP-{rng.randint(10000, 99999)}",
    }
    slotted = {
        "hi": "hi",
        "order": "order",
        "tail": "tail",
        "email": "email",
        "agent": "A.nick",
        "agent2": "B.nick",
        "manager": "M.full",
    }
    return fixed | {word: text(slot) for word, slot in slotted.items()}


def _compiled(stage: Stage, story: Story, outcome: after.Outcome, index: int) -> Episode:
    spelling = {1: {"consumerParticipants": "consumerParticipant"}, 2: {"messageScores": "messageScore"}}
    renamed = spelling.get(index % 113, {})
    entries = [
        Compiled(
            renamed.get(each.container, each.container),
            each.since,
            FOREVER if each.until is None else each.until,
            each.scope,
            each.v,
            slots.compile(each.body),
        )
        for each in stage.entries
    ]
    spoken = (_spoken(each) for each in stage.entries if each.container == "messageRecords")
    met = story.arc not in ("bot_only", "abandoned")  # only then do the messages of the queue come
    return Episode(
        language=story.language.code,
        subject=story.subject.name,
        arc=story.arc,
        channel=stage.channel,
        old=stage.old,
        skill=story.skill,
        offsets=np.array(stage.offsets, dtype=np.int64),
        entries=entries,
        turns=stage.turns,
        scores=stage.scores,
        apart=stage.apart,
        closed=outcome.closed,
        ended=outcome.ended,
        surveyed=outcome.surveyed,
        csat=outcome.csat,
        harmed=story.harmed and met,
        assured=story.assured and met,
        closed_by=story.closed_by,
        close_text=story.close_text,
        intent=story.intents[0] if story.intents else None,
        csat_key="csat" if index % 67 == 5 else "csatRate",
        long=sum(each.container == "messageRecords" for each in stage.entries) > LONGEST_IN_SEARCH * 1.2,
        step_up=index % 59 == 3,
        says_undefined=index % 3 > 0,
        words=slots.compile("\n".join(spoken)),
    )


def _spoken(entry: Entry) -> str:
    return str(entry.body["messageData"].get("msg", {}).get("text", ""))
