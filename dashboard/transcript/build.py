"""A whole transcript in reading order: messages, and between them what happened."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import Any

from django.utils import timezone

from dashboard import formats, richtext
from interactions.models import Conversation, Message, Participation, Speaker, SurveyAnswer, Transfer

from .cards import Around, cards, form_names, repeats, wordless
from .deliveries import Delivery
from .events import closed, happened
from .holders import Stretch, holder_at, stretches
from .lines import AutomaticRun, Event, Line, Rule, Turn, Wait
from .names import agent_name
from .scores import ScoreRow, score, summary
from .trace import Trace, trace
from .voices import Key, Voice, voices
from .waits import Clock


@dataclass(frozen=True, slots=True)
class Story:
    """Everything stored about one conversation that its transcript needs, agents, skills and groups joined in."""

    conversation: Conversation
    messages: Sequence[Message]
    transfers: Sequence[Transfer] = ()
    participations: Sequence[Participation] = ()
    answers: Sequence[SurveyAnswer] = ()
    close_detail: str = ""
    # The content of messages of unknown kinds as LivePerson gave it, by message id.
    raw: Mapping[str, Any] = field(default_factory=dict)
    # What was detected in messages and when they were delivered and read, by message id.
    intents: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    deliveries: Mapping[str, Delivery] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Transcript:
    """`held` says who was responsible when; `trace` is None where no message was scored."""

    lines: list[Line]
    scores: list[ScoreRow]
    score_summary: str
    held: list[Stretch]
    trace: Trace | None

    @property
    def fall_count(self) -> int:
        """How often the running MCS fell notably from one scored message to the next."""
        return sum(row.turn.is_fall for row in self.scores)


def build(story: Story, now: datetime) -> Transcript:
    """The lines of a transcript, its clock times in the current time zone; `now` ages an open question."""
    writer = _Writer(story)
    for message in story.messages:
        writer.add(message)
    writer.finish(now)
    scores = score(writer.spoken)
    turns = [turn for turn, _ in writer.spoken]
    moved = [move.at for move in story.transfers if move.at]
    course = trace(turns, scores, writer.held, moved)
    return Transcript(writer.lines, scores, summary(scores), writer.held, course)


# Whose messages say so when somebody else was responsible.
_WHILE_HELD = frozenset({Speaker.AGENT, Speaker.NOTE})


@dataclass(slots=True)
class _Writer:
    story: Story
    lines: list[Line] = field(default_factory=list)
    spoken: list[tuple[Turn, str]] = field(default_factory=list)
    clock: Clock = field(default_factory=Clock)
    day: date | None = None
    run: tuple[str, str] | None = None
    in_survey: bool = False
    zone: tzinfo = field(default_factory=timezone.get_current_timezone)
    voices: Mapping[Key, Voice] = field(init=False)
    answers: Mapping[str, str] = field(init=False)
    unrecognised: frozenset[str] = field(init=False)
    waiting: list[Event] = field(init=False)
    close: Event | None = field(init=False)
    held: list[Stretch] = field(init=False)
    forms: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        story = self.story
        self.voices = voices(story.messages, story.conversation.consumer)
        self.answers = dict(_what_came_next(story.messages))
        self.unrecognised = frozenset(answer.answer.strip() for answer in story.answers if answer.is_valid is False)
        spoken = (said.sent_at for said in story.messages if said.sent_at and said.speaker != Speaker.AUTOMATIC)
        self.waiting = happened(story.conversation, story.transfers, story.participations, spoken)[::-1]
        self.close = closed(story.conversation, story.close_detail)
        self.held = stretches(story.conversation, story.participations, story.transfers)
        self.forms = form_names(message.payload for message in story.messages)

    def add(self, message: Message) -> None:
        at = message.sent_at
        self._events_until(at)
        if self.close and (message.speaker == Speaker.SURVEY or (at and self.close.at and at > self.close.at)):
            self._close()
        local = self._local(at)
        self._new_day(local)
        self._enter_survey(message.speaker == Speaker.SURVEY)
        pause = self.clock.before(message)
        if pause:
            self._put(pause)
        self._put_turn(message, local)

    def finish(self, now: datetime) -> None:
        if not self.story.messages:
            self._put(Wait("No messages were delivered for this conversation."))
        self._events_until(None)
        if self.close:
            self._close()
        elif self.story.conversation.is_open and (pause := self.clock.at_the_end(None, now)):
            self._put(pause)

    def _close(self) -> None:
        close, self.close = self.close, None
        if close is None:
            return
        # What happened in the minute of the close still belongs before it; a question may be left open by it.
        pause = self.clock.at_the_end(close.at, close.at or self.story.conversation.started_at)
        if pause:
            self._put(pause)
        self.clock = Clock()
        self._new_day(self._local(close.at))
        self._put(close)

    def _events_until(self, at: datetime | None) -> None:
        # No time: everything that is left. Events without a time of their own come with the next message.
        while self.waiting and (at is None or self.waiting[-1].at is None or self.waiting[-1].at <= at):
            event = self.waiting.pop()
            if self.close and self.close.at and event.at and event.at > self.close.at:
                self._close()
            self._new_day(self._local(event.at))
            self._put(event)
            if event.what == "transfer":
                self.clock.handed_over(event.at)

    def _local(self, at: datetime | None) -> datetime | None:
        return at.astimezone(self.zone) if at is not None else None

    def _new_day(self, local: datetime | None) -> None:
        if local is None:
            return
        today = local.date()
        if self.day is not None and today != self.day:
            self._put(Rule(f"{today:%a} {formats.day(today)}"))
        self.day = today

    def _enter_survey(self, is_survey: bool) -> None:
        if is_survey and not self.in_survey:
            self._put(Rule("Survey"))
        self.in_survey = is_survey

    def _put(self, line: Line) -> None:
        self.lines.append(line)
        self.run = None

    def _put_turn(self, message: Message, local: datetime | None) -> None:
        voice = self.voices[message.speaker, message.agent_id]
        turn = self._turn(message, voice, local)
        self.spoken.append((turn, voice.full_name))
        if message.speaker == Speaker.AUTOMATIC:
            self._fold(turn, message.rule)
            return
        run = (message.speaker, voice.full_name)
        turn.is_first = run != self.run
        self.lines.append(turn)
        self.run = run

    def _fold(self, turn: Turn, rule: int | None) -> None:
        last = self.lines[-1] if self.lines else None
        if not isinstance(last, AutomaticRun):
            last = AutomaticRun()
            self._put(last)
        last.turns.append(turn)
        last.rules.append(rule)

    def _turn(self, message: Message, voice: Voice, local: datetime | None) -> Turn:
        html = richtext.clean(message.text) if message.type == "TEXT_HTML" else None
        ident = message.message_id
        around = Around(self.answers.get(ident, ""), self.story.raw.get(ident), self.forms)
        made = cards(message.type, message.text, message.payload, around) or wordless(html, message.text)
        is_said = not repeats(made, message.text)
        return Turn(
            speaker=message.speaker,
            anchor=message.anchor,
            message_id=message.message_id,
            at=message.sent_at,
            clock=formats.clock_of(local) if local else formats.NOTHING,
            name=voice.name,
            role=voice.role,
            type=message.type,
            source=message.text,
            text=message.text if is_said and html is None else "",
            html=html if is_said else None,
            cards=made,
            marks=tuple(self._marks(message)),
            mcs=message.mcs,
            raw_score=message.raw_score,
            intents=self.story.intents.get(ident, ()),
            delivery=delivery.words(message.sent_at) if (delivery := self.story.deliveries.get(ident)) else "",
        )

    def _marks(self, message: Message) -> Iterator[str]:
        predefined = message.payload.get("predefined") if isinstance(message.payload, dict) else None
        if isinstance(predefined, dict):
            yield "predefined, edited" if predefined.get("is_edited") else "predefined"
        if message.type == "TEXT_HTML" and richtext.is_beyond(message.text):
            yield "much formatting, shown without it"
        speaker, agent = message.speaker, message.agent_id
        if agent is None:
            if speaker == Speaker.SURVEY and message.text.strip() in self.unrecognised:
                yield "answer not recognised"
        elif speaker in _WHILE_HELD:
            holder = holder_at(self.held, message.sent_at)
            if holder is not None and holder.pk != agent:
                yield f"while {agent_name(holder)} was responsible"


def _what_came_next(messages: Iterable[Message]) -> Iterator[tuple[str, str]]:
    """For each message with something to press, what the consumer said to it: nobody else has spoken in between."""
    asked: Message | None = None
    for message in messages:
        if message.agent_id is None and message.speaker in (Speaker.CONSUMER, Speaker.SURVEY):
            if asked is not None:
                yield asked.message_id, message.text
            asked = None
        elif _offers_answers(message):
            asked = message
        # The consumer never saw a note, and the account's own line asks nothing.
        elif asked is not None and message.speaker not in (Speaker.NOTE, Speaker.AUTOMATIC):
            is_going_on = (message.speaker, message.agent_id) == (asked.speaker, asked.agent_id)
            asked = asked if is_going_on else None


def _offers_answers(message: Message) -> bool:
    payload = message.payload if isinstance(message.payload, dict) else {}
    return "quick_replies" in payload or "rich_content" in payload
