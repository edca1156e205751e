"""What a person may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.functional import cached_property

from .people import AgentGroup

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser


def scope_of(user: AbstractBaseUser | AnonymousUser) -> Scope | None:
    """A person's scope, read once for each object that stands for the person: a page asks for it many times."""
    return getattr(user, "scope", None)


@dataclass(frozen=True)
class Sight:
    """Which conversations somebody may read: everything, or those in which one of `groups` took part as assigned or
    joined, and with `unassigned_too` those that no human agent took part in (design.md, Visibility)."""

    everything: bool = False
    groups: frozenset[int] = frozenset()
    unassigned_too: bool = False


def sight_of(user: AbstractBaseUser | AnonymousUser) -> Sight:
    if not user.is_authenticated or not user.is_active:
        return Sight()
    if getattr(user, "is_superuser", False):
        return Sight(everything=True)
    scope = scope_of(user)
    if scope is None:
        return Sight()
    if scope.all_groups:
        return Sight(everything=True)
    return Sight(groups=scope.group_ids, unassigned_too=scope.unassigned_too)


class Scope(models.Model):
    """The agent groups a person supervises, or all of them (an analyst). Without a scope nothing shows."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="scope")
    groups = models.ManyToManyField(AgentGroup, blank=True, related_name="scopes")
    all_groups = models.BooleanField(default=False, help_text="An analyst: sees every group.")
    unassigned_too = models.BooleanField(
        default=False, help_text="Also sees conversations in which no human agent took part."
    )
    zone = models.CharField(
        max_length=64,
        blank=True,
        default="",
        help_text="Time zone, for example Europe/Paris; empty is the default.",
    )
    may_reveal = models.BooleanField(default=False, help_text="May show personal data where it is masked.")

    def __str__(self) -> str:
        return f"scope of {self.user}"

    @cached_property
    def group_ids(self) -> frozenset[int]:
        """Primary keys of the groups of this scope and of every group below them, read once."""
        roots = list(self.groups.values_list("pk", flat=True))
        return frozenset(AgentGroup.objects.ids_below(roots)) if roots else frozenset()
