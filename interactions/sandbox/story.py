"""Plays one conversation on a stage: an arc of moods, told with the beats of a language's material."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

import orjson

from .cast import SKILL_ID
from .effects.sizes import HARMING, HARMLESS
from .material import Beat, Chapter, Language, Line
from .slots import text
from .stage import Stage, Turn
from .wording import MENU

_MENU_SKILLS = {"Delivery": 0, "Returns": 1, "Billing": 2}
BOT_SKILL = SKILL_ID["Front desk bot"]
LANGUAGE_SKILL = {"fr": "Service en français", "ar": "خدمة العملاء", "de": "Deutscher Service"}
ARCS = (
    ["happy"] * 25 + ["neutral"] * 22 + ["recovering"] * 14 + ["angry"] * 9 + ["escalating"] * 9
    + ["takeover"] * 4 + ["silent"] * 6 + ["abandoned"] * 4 + ["bot_only"] * 7 + ["long"]
)  # fmt: skip
FEELING = {"open": 0, "rage": -72, "push": -70, "thanks": 82, "bye": 12, "fume": -85, "escalate": -80}
FEELING |= {"fail": -15, "amends": 20, "nomends": -40, "chatter": 30, "botdone": 45, "fix": 25}
PREVIEW = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
)


@dataclass
class Story:
    """One telling: the stage, the language and subject, and the words put into the material's gaps."""

    stage: Stage
    language: Language
    subject: Chapter
    arc: str
    words: dict[str, str]
    rng: random.Random
    told: set[int] = field(default_factory=set)
    threads: frozenset[str] = frozenset()
    agent: str = "A"
    closed_by: str = "AGENT"
    close_text: str = "MANUAL_CLOSE"
    intents: list[tuple[str, str]] = field(default_factory=list)
    harmed: bool = False
    assured: bool = False  # gets the automatic message that does no harm

    @property
    def skill(self) -> int:
        name = LANGUAGE_SKILL.get(self.language.code, self.subject.settings["skill"])
        return SKILL_ID[name]

    def tell(self) -> None:
        """The whole talk up to its close, survey apart."""
        front = self.arc == "bot_only" or (self.rng.random() < 0.3 and self.arc != "abandoned")
        self.beat("rage" if self.arc in ("angry", "recovering", "abandoned") else "open")
        self.stage.automatic("CONSUMER_OPEN_NEW_CONVERSATION")
        if front:
            self._front_desk()
        if self.arc == "bot_only":
            return self._close("bot")
        if not front:
            self.stage.skill = self.skill
            self.stage.turns.append(Turn(self.stage.event(), None, self.skill, "IN_QUEUE"))
        if self.arc == "abandoned":
            return self._abandoned()
        self._queue()
        _ARC[self.arc](self)

    def _queue(self) -> None:
        stage = self.stage
        patience = 1.0 if self.arc in ("happy", "neutral") else 2.2
        stage.wait(15 * patience, 150 * patience)
        if patience > 1 and self.rng.random() < 0.5:
            stage.automatic("CONV_AWAITING_IN_QUEUE")
            stage.wait(30, 400)
        if self.rng.random() < 0.08:
            stage.join("B", "SUGGESTED_ASSIGNED_AGENT")
            stage.wait(30, 60)
            stage.leave("B")
            stage.transfer("SuggestedAgentTimeout", stage.skill, by="X")
            stage.wait(20, 90)
        if self.assured:
            stage.automatic(HARMLESS)
            stage.wait(5, 30)
        stage.join("A", skill=self.skill)
        if self.rng.random() < 0.3:
            stage.automatic("YOU_ARE_CONNECTED_TO")
        stage.wait(10, 80 * patience)
        self.beat("greet")
        if self.harmed:
            stage.wait(5, 30)
            stage.automatic(HARMING)

    def _front_desk(self) -> None:
        stage, code = self.stage, self.language.code
        stage.skill = BOT_SKILL
        stage.wait(0.4, 1)
        stage.join("F", skill=BOT_SKILL)
        stage.wait(0.5, 1.5)
        menu = _quick_replies(MENU[code])
        greeting = self.fill(self.language.common.beats["front"][0].lines[0].text)
        stage.say("F", greeting, data={"quickReplies": menu}, contextData=self._bot_response())
        stage.wait(5, 40)
        tapped = _MENU_SKILLS.get(self.subject.settings["skill"], 3)
        stage.say("C", MENU[code][tapped])
        stage.wait(1, 2)
        if self.arc == "bot_only":
            self.beat("extra", swap="F")
            return self.beat("botdone")
        if tapped == 3:
            self.beat("notget")
        self.beat("fetch")
        stage.wait(0.5, 1)
        stage.transfer("Skill", self.skill, by="F", context="consumer asked for a person")
        if self.rng.random() < 0.3:
            stage.automatic("ENGAGEMENT_TRANSFERED")

    def _bot_response(self) -> dict[str, Any]:
        name = self.subject.settings["intent"]
        score = round(self.rng.uniform(0.55, 0.98), 2)
        level = "HIGH" if score > 0.8 else "MEDIUM"
        found = {"id": name, "confidence": level, "confidenceScore": score}
        response = {"intents": [found], "externalConversationId": "hp-7781", "businessCases": [self.subject.name]}
        self.intents.append((name, name.replace("_", " ").capitalize()))
        raw = orjson.dumps([{"type": "BotResponse", **response}]).decode()
        return {"rawMetadata": raw, "structuredMetadata": [{"botResponse": response}]}

    def happy(self) -> None:
        self._work()
        self.beat("fix")
        self._extras(0.15)
        self.beat("thanks")
        self._close()

    def neutral(self) -> None:
        self._work()
        self._handover(0.15)
        self.beat("fix" if self.rng.random() < 0.6 else "fail")
        self._extras(0.1)
        self.beat("bye")
        self._close()

    def recovering(self) -> None:
        self.beat("sorry")
        self._work()
        self._handover(0.15)
        self.beat("push")
        self.beat("fix")
        self._extras(0.1)
        self.beat("thanks")
        self._close()

    def angry(self) -> None:
        self.beat("sorry")
        self._work()
        self._handover(0.15)
        self.beat("fail")
        if self.rng.random() < 0.3:
            self.stage.join("R", "READER")
        self.beat("push")
        self.beat("fume")
        self._close("consumer")

    def escalating(self) -> None:
        self._work()
        self._handover(0.25)
        self.beat("fail")
        self.beat("push")
        self.beat("escalate")
        self.stage.wait(30, 300)
        self.stage.join("M", "MANAGER")
        self.beat("manager")
        self.beat("amends" if self.rng.random() < 0.45 else "nomends")
        self._close()

    def takeover(self) -> None:
        """A manager takes the conversation over."""
        self._work()
        self.beat("fail")
        self.beat("push")
        self._note("watching", "Taking over, second complaint this week.")
        self.stage.transfer("TakeOver", self.stage.skill, by="M", to="M")
        self.stage.join("M")
        self.agent = "M"
        self.beat("manager")
        self.beat("amends" if self.rng.random() < 0.6 else "nomends")
        self._close()

    def silent(self) -> None:
        """The consumer stops answering."""
        self.beat("detail")
        self.stage.wait(1800, 2600)
        self.beat("idle")
        self.stage.automatic("CONSUMER_NON_RESPONSIVE")
        self.stage.wait(3600, 9000)
        if self.rng.random() < 0.5:
            self.stage.transfer("back2Q", self.stage.skill, by="A", context="end of shift")
            self.stage.automatic("BACK_TO_QUEUE")
            self.stage.wait(3600, 9000)
        self.stage.automatic("SYSTEM_END_CONVERSATION")
        self._close("system")

    def _abandoned(self) -> None:
        """Nobody came."""
        self.stage.wait(200, 900)
        self.stage.automatic("CONV_AWAITING_IN_QUEUE")
        self.stage.wait(300, 2500)
        self.beat("fume")
        self._close("consumer")

    def long(self) -> None:
        """A talk of a hundred messages and more: several matters, one after the other."""
        self._work()
        subjects = list(self.language.subjects)
        self.rng.shuffle(subjects)
        self.beat("fix")
        while self.stage.count < 104:
            for subject in subjects:
                self.beat("bridge")
                self._say_product(subject)
                for name in ("open", "detail", "hold", "chatter", "tick", "fix", "extra", "chatter", "extra"):
                    self.beat(name)
                if self.stage.count >= 104 + self.rng.randint(0, 60):
                    break
            self.told.clear()
        self.beat("thanks")
        self._close()

    def _say_product(self, subject: Chapter) -> None:
        self.subject, self.threads = subject, frozenset()
        self.words["product"] = self.rng.choice(subject.products)

    def _work(self) -> None:
        self.beat("detail")
        if self.rng.random() < 0.12:
            self.beat("hold")
        if self.rng.random() < 0.05:
            self.beat("chatter")
        if self.rng.random() < 0.12:
            self._joiner()

    def _joiner(self) -> None:
        self.stage.join("J", "AGENT")
        self._note("J", "Had the same case yesterday, see {ticket}.")
        self.stage.wait(20, 60)
        self.stage.leave("J")

    def _note(self, role: str, words: str) -> None:
        speaker = role if role == "J" else self.agent
        self.stage.wait(5, 30)
        self.stage.say(speaker, self.fill(words), audience="AGENTS_AND_MANAGERS")

    def _extras(self, chance: float) -> None:
        fresh = [each for each in self.subject.beats["extra"] if id(each) not in self.told]
        while fresh and self.rng.random() < chance:
            self.beat("bridge")
            self.beat("extra")
            fresh.pop()
            chance /= 2

    def _handover(self, chance: float) -> None:
        if self.rng.random() > chance:
            return
        self.beat("handover")
        to_agent = self.rng.random() < 0.4
        reason = self.rng.choice(("needs a specialist", "wrong department"))
        target = self.skill
        self.stage.transfer(
            "Agent" if to_agent else "Skill", target, by="A", context=reason, to="B" if to_agent else None
        )
        self.stage.automatic("ENGAGEMENT_TRANSFERED")
        self.stage.wait(20, 240)
        self.stage.join("B", skill=target)
        self.agent = "B"
        self.beat("arrival")

    def beat(self, name: str, swap: str = "") -> None:
        """Plays one of the alternatives of a beat, a fresh one while there are any."""
        choices = self.subject.beats.get(name) or self.language.common.beats.get(name, [])
        choices = [each for each in choices if each.fits(self.threads)]
        fresh = [each for each in choices if id(each) not in self.told] or choices
        if fresh:
            chosen = self.rng.choice(fresh)
            self.told.add(id(chosen))
            if name in ("open", "rage"):
                self.threads = chosen.threads
            self._play(chosen, FEELING.get(name, 5), swap)

    def _play(self, beat: Beat, feeling: int, swap: str) -> None:
        for line in beat.lines:
            speaker = self.agent if line.speaker == "A" else line.speaker
            self._line(line, swap if swap and speaker == self.agent else speaker, feeling)

    def _line(self, line: Line, speaker: str, feeling: int) -> None:
        self._pause(speaker, line.text)
        if speaker == "N":
            return self._note("N", line.text)
        message = _KINDS[line.kind](self, line, speaker)
        if speaker == "C" and message and self.rng.random() < 0.93:
            base = {"+": 75, "-": -68}.get(line.feeling, feeling)
            self.stage.score(message, max(-100, min(100, base + self.rng.randint(-16, 16))))

    def _pause(self, speaker: str, words: str) -> None:
        if speaker == "F":
            return self.stage.wait(1, 2.5)
        slow = 1.0 if speaker == "C" else self.stage.pace
        if self.rng.random() < 0.035:  # messaging: people put the phone away
            slow *= 25
        if self.stage.count:
            self.stage.wait(4 * slow, (18 + len(words) * 0.6) * slow)

    def fill(self, words: str) -> str:
        return words.format_map(self.words)

    def _text(self, line: Line, speaker: str) -> str:
        aside = text("aside") if speaker == "C" and not self.stage.count else ""
        return self.stage.say(speaker, self.fill(line.text) + aside)

    def _file(self, line: Line, speaker: str) -> str:
        kind = "JPG" if line.kind == "IMG" else line.text.split(" ", 1)[0]
        caption = line.text if line.kind == "IMG" else line.text.split(" ", 1)[1]
        path = f"/v1/AUTH_async-images/{text('account')}/{text('tail')}_uuid_3c1e_{self.stage.count}.{kind}"
        file = {"relativePath": path, "fileType": kind, "caption": caption if self.rng.random() < 0.8 else ""}
        type = "IMG" if self.rng.random() < 0.3 and kind == "JPG" else "HOSTED_FILE"
        return self.stage.say(speaker, None, type=type, data={"file": {**file, "preview": PREVIEW}})

    def _link(self, line: Line, speaker: str) -> str:
        path, _, caption = self.fill(line.text).partition("|")
        link = {"externalFileLink": f"https://harborpine.example/{path}", "fileType": "PDF", "caption": caption}
        return self.stage.say(speaker, None, type="LINK", data={"link": link})

    def _form(self, line: Line, speaker: str) -> str:
        invitation = f"inv-5540-{text('tail')}"
        if speaker == "C":
            data = {"submissionId": f"sub-{text('tail')}", "invitationId": invitation}
            return self.stage.say(speaker, None, type="SECURE_FORM_SUBMIT", data={"secureForm": data})
        data = {"formId": "5540", "formName": line.text, "invitationId": invitation}
        return self.stage.say(speaker, None, type="SECURE_FORM_INVITATION", data={"secureForm": data})

    def _card(self, line: Line, speaker: str) -> str:
        title, _, button = self.fill(line.text).partition("|")
        action = {"type": "link", "name": "details", "uri": "https://harborpine.example/p/4471"}
        elements = [
            {"type": "text", "text": title},
            {"type": "image", "url": "https://cdn.harborpine.example/i/4471.jpg", "tooltip": title},
            {"type": "button", "title": button, "click": {"actions": [action]}},
        ]
        content = orjson.dumps({"type": "vertical", "elements": elements}).decode()
        return self.stage.say(speaker, None, type="RICH_CONTENT", data={"richContent": {"content": content}})

    def _choice(self, line: Line, speaker: str) -> str:
        head, _, tail = self.fill(line.text).rpartition("|")
        last, _, question = tail.partition(" ")
        if last == "Not" or last == "Change":
            last, question = "Not sure" if last == "Not" else "Change the size", question.split(" ", 1)[1]
            question = question.removeprefix("size ")
        replies = [*head.split("|"), last]
        return self.stage.say(speaker, question, data={"quickReplies": _quick_replies(replies)})

    def _predefined(self, line: Line, speaker: str) -> str:
        more: dict[str, Any] = {
            "predefinedContent": True,
            "predefinedContentId": "880154310",
            "predefinedContentCategoryId": "880150010",
            "predefinedContentLanguage": self.language.code,
            "predefinedContentEdited": self.rng.random() < 0.4,
        }
        return self.stage.say(speaker, self.fill(line.text), **more)

    def _html(self, line: Line, speaker: str) -> str:
        return self.stage.say(speaker, self.fill(line.text), type="TEXT_HTML")

    def _close(self, by: str = "agent") -> None:
        self.closed_by = {"agent": "AGENT", "bot": "AGENT", "consumer": "CONSUMER", "system": "SYSTEM"}[by]
        self.close_text = "TIMEOUT" if by == "system" else "MANUAL_CLOSE"
        self.stage.wait(5, 120)


def _quick_replies(titles: list[str]) -> dict[str, str]:
    replies = [
        {
            "type": "button",
            "title": title,
            "tooltip": title,
            "click": {"actions": [{"type": "publishText", "text": title}], "metadata": []},
        }
        for title in titles
    ]
    content = {"type": "quickReplies", "itemsPerRow": 3, "replies": replies}
    return {"content": orjson.dumps(content).decode()}


_ARC = {
    "happy": Story.happy, "neutral": Story.neutral, "recovering": Story.recovering, "angry": Story.angry,
    "escalating": Story.escalating, "takeover": Story.takeover, "silent": Story.silent, "long": Story.long,
}  # fmt: skip
_KINDS = {
    "": Story._text, "IMG": Story._file, "FILE": Story._file, "LINK": Story._link, "FORM": Story._form,
    "CARD": Story._card, "QR": Story._choice, "PRE": Story._predefined, "HTML": Story._html,
}  # fmt: skip
