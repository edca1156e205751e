"""Agents, their groups, skills and consumers: who and what conversations refer to. Never hard-deleted."""

from collections.abc import Iterable

from django.db import models

from .loaded import Loaded
from .ordering import OrderField, put_in_order


class AgentKind(models.TextChoices):
    HUMAN = "human", "person"
    BOT = "bot", "bot"
    SYSTEM = "system", "system"


class AgentQuerySet(models.QuerySet["Agent"]):
    def put_in_order(self) -> None:
        """After names or ids were written by an update or an insert of our own."""
        put_in_order(self, "name_order")


class Agent(Loaded):
    """One LivePerson user: person, bot or system participant."""

    liveperson_id = models.CharField(max_length=64, unique=True)
    pid = models.CharField(max_length=64, blank=True, default="", db_index=True)
    full_name = models.CharField(max_length=200, blank=True, default="")
    nickname = models.CharField(max_length=200, blank=True, default="")
    login_name = models.CharField(max_length=200, blank=True, default="")
    kind = models.CharField(max_length=6, choices=AgentKind, default=AgentKind.HUMAN)
    is_deleted = models.BooleanField(default=False)
    # What lists by agent are ordered by.
    name_order = OrderField(editable=False, db_default="")
    group = models.ForeignKey("AgentGroup", null=True, blank=True, on_delete=models.PROTECT, related_name="agents")

    objects = AgentQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(kind__in=AgentKind.values), name="agent_kind_known")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Full name, else nickname, then id: what every page and file calls this agent."""
        return self.full_name or self.nickname or self.liveperson_id


class AgentGroupQuerySet(models.QuerySet["AgentGroup"]):
    def ids_below(self, roots: Iterable[int]) -> set[int]:
        """Primary keys of `roots` and of every group beneath them, in one query whatever the depth."""
        children: dict[int | None, list[int]] = {}
        for pk, parent in self.values_list("pk", "parent_id"):
            children.setdefault(parent, []).append(pk)
        found: set[int] = set()
        waiting = list(roots)
        while waiting:
            pk = waiting.pop()
            if pk not in found:  # a loop in foreign data must not hang a page
                found.add(pk)
                waiting.extend(children.get(pk, ()))
        return found


class AgentGroup(models.Model):
    """A node of the account's tree of agent groups; "-1" is the Main Group unless named "Unassigned"."""

    liveperson_id = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200, blank=True, default="")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    is_deleted = models.BooleanField(default=False)

    objects = AgentGroupQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name or self.liveperson_id


class Skill(models.Model):
    liveperson_id = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200, blank=True, default="")
    is_deleted = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name or self.liveperson_id


class Consumer(Loaded):
    """A person who wrote to the account, known by LivePerson's participant id."""

    participant_id = models.CharField(max_length=128, unique=True)
    first_name = models.CharField(max_length=200, blank=True, default="")
    last_name = models.CharField(max_length=200, blank=True, default="")
    display_name = models.CharField(max_length=200, blank=True, default="")
    email = models.CharField(max_length=320, blank=True, default="")
    phone = models.CharField(max_length=64, blank=True, default="")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """First and last name, else the name the consumer was shown with, else "Visitor"."""
        return f"{self.first_name} {self.last_name}".strip() or self.display_name or "Visitor"
