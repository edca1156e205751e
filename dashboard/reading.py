"""Everything that the reader shows of one conversation, read in a fixed number of queries."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from dashboard import formats, listing
from dashboard.links import list_url, reader_url
from dashboard.transcript import Story, Transcript, build, context
from dashboard.transcript.cards import READABLE
from dashboard.transcript.matches import COMMENT_ANCHOR, comment_pieces, mark
from dashboard.transcript.record import Record, decode
from interactions.models import Conversation, ConversationDetail, Message, RawRecord, Survey, told_apart
from interactions.search import BANDS, ConversationQuery, Piece, isolated

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

    Reader = AbstractBaseUser | AnonymousUser

MOST_OTHERS = 10
SCORED_LANGUAGE = "en"
_SHOWN = ("last_human_agent", "last_agent", "credited_agent", "skill", "group", "consumer", "detail")
CREDIT_RULES = {
    "last_before_survey": "the last person assigned before the survey",
    "last_before_end": "the last person assigned before the end",
    "last_so_far": "the last person assigned so far",
}


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
    seen = Conversation.objects.visible_to(user, few=True).filter(conversation_id=conversation_id)
    return seen.select_related(*_SHOWN).first()


def read(user: "Reader", conversation: Conversation, query: ConversationQuery, now: datetime) -> Page:
    detail: ConversationDetail = getattr(conversation, "detail", None) or ConversationDetail()
    messages = told_apart(Message.objects.of(conversation.pk).select_related("agent"))
    has_survey = conversation.survey != Survey.NOT_OFFERED
    answers = list(conversation.survey_answers.order_by("position")) if has_survey else []
    participations = list(conversation.participations.select_related("agent", "group").order_by("position"))
    raw = RawRecord.objects.filter(conversation=conversation).first()
    strange = frozenset(line.message_id for line in messages if line.payload is None and line.type not in READABLE)
    record = decode(raw.json_bytes if raw else None, strange)
    transfers = conversation.transfers.select_related(
        "by", "source_agent", "target_agent", "source_skill", "target_skill"
    ).order_by("position")
    if not conversation.transfer_count:
        transfers = transfers.none()
    story = Story(
        conversation,
        messages,
        list(transfers),
        participations,
        answers,
        detail.close_detail,
        record.contents,
        record.detected,
        record.deliveries,
    )
    transcript = build(story, now)
    writers = (message.agent for message in messages if message.agent is not None)
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
            for person in context.people(participations, writers)
        ],
        others=_others(user, conversation),
        attributes=context.attributes(conversation.attributes.order_by("position")),
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
    of_consumer = Conversation.objects.visible_to(user, few=True).filter(consumer=conversation.consumer_id)
    others = of_consumer.exclude(pk=conversation.pk)
    rows = list(others.select_related("skill").order_by("-started_at", "-pk")[: MOST_OTHERS + 1])
    later = sum(row.started_at > conversation.started_at for row in rows)
    earlier = len(rows) - later
    if len(rows) > MOST_OTHERS:  # few consumers come so often
        is_later = Q(started_at__gt=conversation.started_at)
        counts = others.aggregate(later=Count("pk", filter=is_later), earlier=Count("pk", filter=~is_later))
        later, earlier = counts["later"], counts["earlier"]
    every = listing.link(ConversationQuery(consumer=(conversation.consumer_id,)))
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
