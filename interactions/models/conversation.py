"""The conversation: a narrow row that is filtered, sorted and counted, and a wide one that is only shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from .loaded import Loaded
from .participation import Participation
from .people import Agent, AgentGroup, Consumer, Skill

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

    from .prepared import Blank
    from .scope import Sight


class Status(models.TextChoices):
    OPEN = "open", "open"
    CLOSED = "closed", "closed"


class Survey(models.TextChoices):
    NOT_OFFERED = "not_offered", "not offered"
    OFFERED = "offered", "offered, not answered"
    ABANDONED = "abandoned", "abandoned"
    ANSWERED = "answered", "answered"


# What facets count, in the order of the index that holds it, few values first, and what else is filtered: SQLite groups
# and counts along it. A row's start comes next, so that new ones go to the ends of the runs, not anywhere among them;
# what stands behind is the quicker read the sooner it comes.
COUNTED = ("csat", "mcs_band", "status", "channel", "survey", "first_contact", "device", "language")
HELD = (
    *("started_at", "took_part"),
    *("mcs", "skill", "group", "last_agent", "credited_agent", "has_human", "bot_message_count"),
    *("started_slot", "close_reason", "queue", "nps", "fcr", "mcs_fall"),
    *("duration_seconds", "first_response_seconds", "transfer_count"),
)
# What the index in the order of shown agents holds: who they are, and what keeps whole stretches out of a list.
BESIDE_AGENT = (
    *("last_human_agent", "last_agent", "group", "skill", "has_human", "bot_message_count"),
    *("csat", "mcs", "mcs_band", "started_at"),
)


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def visible_to(self, user: AbstractBaseUser | AnonymousUser, *, few: bool = False) -> ConversationQuerySet:
        """What `user` may read: everything, own groups' conversations, or nothing.

        A supervisor sees the conversations in which a human agent took part as assigned or joined agent
        whose group, as recorded in that conversation, is one of theirs or below it (design.md, Visibility).
        `few` says that the query looks at few conversations, each by itself.
        """
        from .scope import sight_of

        return self.within(sight_of(user), few=few)

    def within(self, sight: Sight, groups: Blank | None = None, *, few: bool = False) -> ConversationQuerySet:
        """What somebody may read who sees this much; `groups` stand for theirs in a query that is written once."""
        if sight.everything:
            return self
        seen = Q(pk__in=())
        if sight.groups:
            theirs = Q(group__among=groups) if groups else Q(group__in=sight.groups)
            counted = Participation.objects.filter(theirs, is_counted=True)
            # Otherwise the list of keys is made once from one index, which counts twenty times as fast.
            is_one = Exists(counted.filter(conversation=OuterRef("pk")))
            seen = Q(is_one) if few else Q(pk__in=counted.values("conversation"))
        if sight.unassigned_too:
            seen |= Q(has_human=False)
        elif not sight.groups:
            return self.none()
        return self.filter(seen)

    def number_visible_to(self, user: AbstractBaseUser | AnonymousUser) -> int:
        """How many conversations `user` may read in all."""
        parts = self.parts_that_show(user)
        if parts is None:
            return self.visible_to(user).count()
        return parts.values("conversation").distinct().count()

    def parts_that_show(self, user: AbstractBaseUser | AnonymousUser) -> QuerySet[Participation] | None:
        """The parts of a supervisor's groups, which alone tell what they may read; None for everybody else."""
        from .scope import sight_of

        sight = sight_of(user)
        if sight.everything or sight.unassigned_too:
            return None
        return Participation.objects.filter(group__in=sight.groups, is_counted=True).order_by()

    def closed(self) -> ConversationQuerySet:
        return self.filter(status=Status.CLOSED)


def _agent_key(name: str) -> Any:
    # Agents are never hard-deleted, so the link needs no cascade; the index serves the people filters.
    return models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name=name, db_index=False)


class Conversation(Loaded):
    """Only what is filtered, sorted or counted: numbers, keys and short codes, about 150 bytes a row.

    Field names are those of the CSV (design.md, Addresses). Times are UTC, spans whole seconds.
    """

    conversation_id = models.CharField(max_length=128, unique=True)
    status = models.CharField(max_length=6, choices=Status)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    # Quarter hours since the epoch: groups in SQL and folds into days of any zone afterwards.
    started_slot = models.IntegerField()
    duration_seconds = models.BigIntegerField(null=True)

    csat = models.SmallIntegerField(null=True)
    mcs = models.SmallIntegerField(null=True)
    mcs_band = models.SmallIntegerField(null=True)
    mcs_first = models.SmallIntegerField(null=True)
    mcs_lowest = models.SmallIntegerField(null=True)
    mcs_fall = models.SmallIntegerField(null=True)
    nps = models.SmallIntegerField(null=True)
    fcr = models.BooleanField(null=True)
    survey = models.CharField(max_length=11, choices=Survey, default=Survey.NOT_OFFERED)

    last_agent = _agent_key("last_in")
    last_human_agent = _agent_key("last_human_in")
    credited_agent = _agent_key("credited_in")
    # Who wrote most, the other rule of credit; found through the participations, hence without an index of its own.
    most_agent = _agent_key("wrote_most_in")
    group = models.ForeignKey(AgentGroup, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    skill = models.ForeignKey(Skill, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    consumer = models.ForeignKey(Consumer, null=True, on_delete=models.PROTECT, related_name="conversations")

    channel = models.CharField(max_length=40, blank=True, default="")
    device = models.CharField(max_length=40, blank=True, default="")
    language = models.CharField(max_length=20, blank=True, default="")
    close_reason = models.CharField(max_length=40, blank=True, default="")
    queue = models.CharField(max_length=20, blank=True, default="")
    first_contact = models.BooleanField(null=True)

    # Everybody with any part in it (models/together.py), the same as its participations say; None is nobody.
    took_part = models.TextField(null=True)
    has_human = models.BooleanField(default=False)
    agent_count = models.PositiveSmallIntegerField(default=0)
    message_count = models.PositiveIntegerField(default=0)
    consumer_message_count = models.PositiveIntegerField(default=0)
    agent_message_count = models.PositiveIntegerField(default=0)
    bot_message_count = models.PositiveIntegerField(default=0)
    automatic_message_count = models.PositiveIntegerField(default=0)
    transfer_count = models.PositiveIntegerField(default=0)
    first_response_seconds = models.BigIntegerField(null=True)
    median_response_seconds = models.BigIntegerField(null=True)
    longest_response_seconds = models.BigIntegerField(null=True)
    # A hash of the id, so that a shuffle survives re-import and two people can share one.
    shuffle_key = models.IntegerField()

    objects = ConversationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(status__in=Status.values), name="conversation_status_known"),
            models.CheckConstraint(condition=Q(survey__in=Survey.values), name="conversation_survey_known"),
            models.CheckConstraint(condition=Q(csat=None) | Q(csat__range=(1, 5)), name="conversation_csat_1_to_5"),
            models.CheckConstraint(condition=Q(mcs=None) | Q(mcs__range=(0, 100)), name="conversation_mcs_0_to_100"),
            models.CheckConstraint(
                condition=Q(mcs_band=None) | Q(mcs_band__range=(-1, 1)), name="conversation_band_known"
            ),
            models.CheckConstraint(
                condition=Q(mcs_lowest=None) | Q(mcs_lowest__range=(0, 100)), name="conversation_lowest_0_to_100"
            ),
            models.CheckConstraint(
                condition=Q(mcs_fall=None) | Q(mcs_fall__range=(0, 100)), name="conversation_fall_0_to_100"
            ),
            models.CheckConstraint(condition=Q(nps=None) | Q(nps__range=(0, 10)), name="conversation_nps_0_to_10"),
        ]
        indexes = [
            # The list in its default order, and every date range.
            models.Index(fields=["started_at", "id"], name="conversation_started"),
            models.Index(fields=["ended_at", "id"], name="conversation_ended"),
            # The few that are still open.
            models.Index(fields=["started_at"], condition=Q(status="open"), name="conversation_open"),
            # The other orders of the list; the id makes each unique, so a page position is a row comparison.
            models.Index(fields=["csat", "id"], name="conversation_csat"),
            models.Index(fields=["mcs", "id"], name="conversation_mcs"),
            models.Index(fields=["mcs_fall", "id"], name="conversation_mcs_fall"),
            models.Index(fields=["duration_seconds", "id"], name="conversation_duration"),
            models.Index(fields=["message_count", "id"], name="conversation_messages"),
            models.Index(fields=["first_response_seconds", "id"], name="conversation_first_response"),
            models.Index(fields=["shuffle_key", "id"], name="conversation_shuffle"),
            # Of the agent whom a row shows, for the order by their names, with what most often is asked for beside it:
            # who belongs to another group has none of its conversations, which only all of theirs tell. All rows meet
            # the condition; who does not ask for it is not led here.
            models.Index(
                Coalesce("last_human_agent", "last_agent"),
                "id",
                *BESIDE_AGENT,
                condition=Q(message_count__gte=0),
                name="conversation_by_agent",
            ),
            # One agent's, group's or skill's conversations, newest first.
            models.Index(fields=["last_agent", "started_at"], name="conversation_last_agent"),
            models.Index(fields=["credited_agent", "started_at"], name="conversation_credited"),
            models.Index(fields=["group", "started_at"], name="conversation_group"),
            models.Index(fields=["skill", "started_at"], name="conversation_skill"),
            # On SQLite alone (migration 0014): PostgreSQL hardly gains by it. All rows meet the condition; who does
            # not ask for it is not led here, where SQLite would rather read half the index than look up a few keys.
            models.Index(fields=[*COUNTED, *HELD], condition=Q(transfer_count__gte=0), name="conversation_facets"),
        ]

    def __str__(self) -> str:
        return self.conversation_id

    @property
    def is_open(self) -> bool:
        return self.status == Status.OPEN


class ConversationDetail(models.Model):
    """Long texts of one conversation: shown or exported, never filtered."""

    conversation = models.OneToOneField(Conversation, primary_key=True, on_delete=models.CASCADE, related_name="detail")
    comment = models.TextField(blank=True, default="")
    summary = models.TextField(blank=True, default="")
    close_detail = models.TextField(blank=True, default="")
    # The rule that named the credited agent, in a short code that the reader words.
    credit_rule = models.CharField(max_length=40, blank=True, default="")
    # What was odd about the record: a list of {"path": ..., "what": ...}, without message text.
    problems = models.JSONField(default=list, blank=True)

    class Meta:
        # The conversations with a survey comment, one in some ten.
        indexes = [models.Index(fields=["conversation"], condition=Q(comment__gt=""), name="detail_comment")]

    def __str__(self) -> str:
        return f"detail of {self.conversation_id}"
