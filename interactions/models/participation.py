"""What happened around the messages: who took part, transfers, survey answers, engagement attributes."""

from typing import Any

from django.db import models
from django.db.models import Q

from .people import Agent, AgentGroup, Skill


class Part(models.TextChoices):
    """The part an agent played, as LivePerson's `permission` gives it."""

    ASSIGNED = "assigned", "assigned"
    JOINED = "joined", "joined"
    MANAGER = "manager", "manager"
    READER = "reader", "reader"
    SUGGESTED = "suggested", "suggested"
    CONTROLLER = "controller", "controller"
    OTHER = "other", "other"


def _of(related_name: str) -> Any:
    return models.ForeignKey(
        "Conversation", on_delete=models.CASCADE, related_name=related_name, db_index=False
    )  # the unique (conversation, position) below serves it


def _unique(name: str) -> models.UniqueConstraint:
    return models.UniqueConstraint(fields=["conversation", "position"], name=name)


class Participation(models.Model):
    """One joining of an agent: agent x conversation, the part played, and the group at that time."""

    conversation = _of("participations")
    position = models.PositiveSmallIntegerField()
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="participations", db_index=False)
    group = models.ForeignKey(AgentGroup, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    part = models.CharField(max_length=10, choices=Part)
    joined_at = models.DateTimeField(null=True)
    # A human who was assigned or joined: the rows that visibility looks at.
    is_counted = models.BooleanField(default=False)

    class Meta:
        constraints = [
            _unique("participation_once"),
            models.CheckConstraint(condition=Q(part__in=Part.values), name="participation_part_known"),
        ]
        indexes = [
            # `agent=`: every conversation in which an agent had any part; `credit=all` those in which it counts.
            models.Index(fields=["agent", "conversation", "is_counted"], name="participation_agent"),
            # visible_to(): the conversations of a supervisor's groups.
            models.Index(fields=["conversation", "group"], condition=Q(is_counted=True), name="participation_scope"),
            models.Index(fields=["group", "conversation"], condition=Q(is_counted=True), name="participation_group"),
        ]

    def __str__(self) -> str:
        return f"{self.part} {self.agent_id}"


class Transfer(models.Model):
    """One transfer record: who or what handed the conversation to whom, and why."""

    conversation = _of("transfers")
    position = models.PositiveIntegerField()
    at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=60, blank=True, default="")
    by = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    source_agent = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    target_agent = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    source_skill = models.ForeignKey(Skill, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    target_skill = models.ForeignKey(Skill, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    explanation = models.TextField(blank=True, default="")
    dialog = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [_unique("transfer_once")]

    def __str__(self) -> str:
        return f"{self.reason} at {self.at}"


class SurveyAnswer(models.Model):
    """One question of a survey with its answer, in the order asked."""

    conversation = _of("survey_answers")
    position = models.PositiveSmallIntegerField()
    question_id = models.CharField(max_length=128, blank=True, default="")
    question = models.TextField(blank=True, default="")
    kind = models.CharField(max_length=20, blank=True, default="")
    format = models.CharField(max_length=20, blank=True, default="")
    answer = models.TextField(blank=True, default="")
    is_valid = models.BooleanField(null=True)

    class Meta:
        constraints = [_unique("survey_answer_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.position}"


class Attribute(models.Model):
    """One engagement attribute: kind and dotted name with its value as text."""

    conversation = _of("attributes")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    value = models.TextField(blank=True, default="")
    is_authenticated = models.BooleanField(default=True)

    class Meta:
        constraints = [_unique("attribute_once")]

    def __str__(self) -> str:
        return f"{self.kind}.{self.name}"
