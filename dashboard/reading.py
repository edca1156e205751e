"""Everything that the reader shows of one conversation, read in a fixed number of queries."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Model, Q, QuerySet

from dashboard import formats
from dashboard.links import link, list_url, reader_url
from dashboard.transcript import Story, Transcript, build, context
from dashboard.transcript.cards import READABLE
from dashboard.transcript.matches import COMMENT_ANCHOR, comment_pieces, mark
from dashboard.transcript.record import Record, decode
from interactions.models import (
    Attribute,
    Conversation,
    ConversationDetail,
    Message,
    Participation,
    RawRecord,
    Survey,
    SurveyAnswer,
    Transfer,
    message_range,
    told_apart,
)
from interactions.models.joined import joined
from interactions.models.prepared import Blank, Prepared
from interactions.models.seen import PreparedInSight
from interactions.search import BANDS, ConversationQuery, Piece, isolated

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

    Reader = AbstractBaseUser | AnonymousUser

MOST_OTHERS = 10
SCORED_LANGUAGE = "en"
_SHOWN = ("last_human_agent", "last_agent", "credited_agent", "skill", "group")
CREDIT_RULES = {
    "last_before_survey": "the last person assigned before the survey",
    "last_before_end": "the last person assigned before the end",
    "last_so_far": "the last person assigned so far",
}

_FOUND = PreparedInSight(
    lambda seen: seen.filter(conversation_id=Blank("conversation_id")).select_related("consumer", "detail").order_by()
)
_MESSAGES = Prepared(lambda: Message.objects.within(Blank("first"), Blank("last")))
_RECORD = Prepared(lambda: RawRecord.objects.filter(conversation=Blank("pk")))
_OTHERS = PreparedInSight(
    lambda seen: (
        seen.filter(consumer=Blank("consumer"))
        .exclude(pk=Blank("pk"))
        .select_related("skill")
        .order_by("-started_at", "-pk")[: MOST_OTHERS + 1]
    )
)


def _in_order(rows: type[Model], *beside: str) -> Prepared[Any]:
    """What belongs to one conversation, in its order."""

    def write() -> QuerySet[Any]:
        found = rows._default_manager.filter(conversation=Blank("pk")).order_by("position")
        return found.select_related(*beside) if beside else found

    return Prepared(write)


_ANSWERS, _ATTRIBUTES = _in_order(SurveyAnswer), _in_order(Attribute)
_PARTS = _in_order(Participation, "agent", "group")
_TRANSFERS = _in_order(Transfer, "by", "source_agent", "target_agent", "source_skill", "target_skill")


@dataclass(frozen=True)
class PersonLine:
    person: context.Person
    url: str


@dataclass(frozen=True)
class Others:
    """The consumer's other conversations that the reader may see, newest first; `rows` are (conversation, its address).

    `all_url` leads to all of them, this one among them.
    """

    rows: list[tuple[Conversation, str]]
    earlier: int
    later: int
    all_url: str

    @property
    def total(self) -> int:
        return self.earlier + self.later + 1

    @property
    def words(self) -> str:
        """ "3 earlier, 1 later" """
        counted = ((self.earlier, "earlier"), (self.later, "later"))
        return ", ".join(f"{formats.count(number)} {word}" for number, word in counted if number)


@dataclass(frozen=True)
class Page:
    """One conversation as the template prints it."""

    conversation: Conversation
    name: str
    transcript: Transcript
    survey: context.SurveyBlock
    scores: context.Facts
    times: context.Facts
    held: context.Facts
    people: list[PersonLine]
    others: Others | None
    attributes: context.Facts
    record: Record
    read_at: datetime | None
    missing_since: datetime | None
    is_partial: bool
    summary: str
    # LivePerson scores another language than this one.
    is_scored_poorly: bool
    credit_rule: str
    problem_count: int
    # Anchors of the messages that hold what was searched for, and the survey's comment with it marked.
    matches: list[str]
    comment: tuple[Piece, ...]

    @property
    def is_comment_match(self) -> bool:
        """Whether what was searched for stands in the comment, and no message of the survey shows that."""
        return COMMENT_ANCHOR in self.matches


def find(user: "Reader", conversation_id: str) -> Conversation | None:
    """The conversation, unless there is none or `user` may not read it."""
    if "\0" in conversation_id:  # PostgreSQL refuses even to look for it
        return None
    return next(iter(joined(_FOUND(user, conversation_id=conversation_id), *_SHOWN)), None)


def read(user: "Reader", conversation: Conversation, query: ConversationQuery, now: datetime) -> Page:
    detail: ConversationDetail = getattr(conversation, "detail", None) or ConversationDetail()
    first, last = message_range(pk := conversation.pk)
    messages = told_apart(joined(_MESSAGES(first=first, last=last), "agent"))
    has_survey = conversation.survey != Survey.NOT_OFFERED
    answers = _ANSWERS(pk=pk) if has_survey else []
    participations = _PARTS(pk=pk)
    raw = _RECORD.first(pk=pk)
    strange = frozenset(line.message_id for line in messages if line.payload is None and line.type not in READABLE)
    record = decode(raw.json_bytes if raw else None, strange)
    story = Story(
        conversation,
        messages,
        _TRANSFERS(pk=pk) if conversation.transfer_count else [],
        participations,
        answers,
        detail.close_detail,
        record.contents,
        record.detected,
        record.deliveries,
    )
    transcript = build(story, now)
    # Each once: a long transcript has few of them.
    writers = [message.agent for message in {message.agent_id: message for message in messages}.values()]
    return Page(
        conversation=conversation,
        name=conversation.consumer.name if conversation.consumer else "Visitor",
        transcript=transcript,
        survey=context.survey_block(conversation, answers, detail.comment),
        scores=context.scores(conversation),
        times=context.times(conversation),
        held=context.held(transcript.held),
        people=[
            PersonLine(person, list_url(query.replace(agent=(person.agent.liveperson_id,))))
            for person in context.people(participations, filter(None, writers))
        ],
        others=_others(user, conversation),
        attributes=context.attributes(_ATTRIBUTES(pk=pk)),
        record=record,
        read_at=raw.read_at if raw else None,
        missing_since=raw.missing_since if raw else None,
        is_partial=bool(raw and raw.is_partial),
        summary=detail.summary,
        is_scored_poorly=is_scored_poorly(conversation),
        credit_rule=CREDIT_RULES.get(detail.credit_rule, ""),
        problem_count=len(detail.problems or ()),
        matches=mark(transcript.lines, query.words, detail.comment),
        comment=comment_pieces(detail.comment, query.words),
    )


def _others(user: "Reader", conversation: Conversation) -> Others | None:
    if conversation.consumer_id is None:
        return None
    rows = _OTHERS(user, consumer=conversation.consumer_id, pk=conversation.pk)
    later = sum(row.started_at > conversation.started_at for row in rows)
    earlier = len(rows) - later
    if len(rows) > MOST_OTHERS:  # few consumers come so often
        of_consumer = Conversation.objects.visible_to(user, few=True).filter(consumer=conversation.consumer_id)
        is_later = Q(started_at__gt=conversation.started_at)
        counts = of_consumer.exclude(pk=conversation.pk).aggregate(
            later=Count("pk", filter=is_later), earlier=Count("pk", filter=~is_later)
        )
        later, earlier = counts["later"], counts["earlier"]
    every = link(ConversationQuery(consumer=(conversation.consumer_id,)))
    shown = [(row, reader_url(row.conversation_id)) for row in rows[:MOST_OTHERS]]
    return Others(shown, earlier, later, every)


def is_scored_poorly(conversation: Conversation) -> bool:
    """Whether there is a score for a language that MCS is not made for, as far as LivePerson says: it names English."""
    language = conversation.language.lower().replace("_", "-").partition("-")[0]
    return conversation.mcs is not None and language not in ("", SCORED_LANGUAGE)


def title(page: Page, place: str) -> str:
    """ "Ilse Marchetti, Delivery, CSAT 2, MCS 38 negative, 1 of 40": page title, heading and what is spoken."""
    conversation = page.conversation
    band = BANDS.get(conversation.mcs_band if conversation.mcs_band is not None else 9, "")
    parts = [
        isolated(page.name),
        isolated(str(conversation.skill)) if conversation.skill else "",
        f"CSAT {conversation.csat}" if conversation.csat is not None else "",
        f"MCS {conversation.mcs} {band}".strip() if conversation.mcs is not None else "",
        place,
    ]
    return ", ".join(part for part in parts if part)


def place_words(rank: int | None, count: int | None) -> str:
    """ "1 of 40"; "" for a conversation that is not, or no longer, in the list, and where counting takes too long."""
    return "" if rank is None or count is None else f"{formats.count(rank)} of {formats.count(count)}"
