"""What a person chose about how pages look and behave, and the lists that they keep under a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from interactions.models.prepared import Blank

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

    Reader = AbstractBaseUser | AnonymousUser


class Preference(models.Model):
    class Theme(models.TextChoices):
        SYSTEM = "system", "as the system"
        LIGHT = "light", "light"
        DARK = "dark", "dark"

    class RowHeight(models.TextChoices):
        DENSE = "dense", "dense"
        ROOMY = "roomy", "roomy"

    class OpensAt(models.TextChoices):
        START = "start", "at the start"
        FALL = "fall", "at the largest MCS fall"

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="preference")
    theme = models.CharField(max_length=6, choices=Theme, default=Theme.SYSTEM)
    single_keys = models.BooleanField(default=True)
    row_height = models.CharField(max_length=5, choices=RowHeight, default=RowHeight.DENSE)
    opens_at = models.CharField(max_length=5, choices=OpensAt, default=OpensAt.START)
    # Which panes of the reader stay open.
    list_pane = models.BooleanField(default=True)
    context_pane = models.BooleanField(default=True)
    # The key of a saved or built-in view; empty is the overview. A view that is gone leads to the overview too,
    # which a foreign key could not say of the built-in ones.
    start_view = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(theme__in=["system", "light", "dark"]), name="preference_theme_known"),
            models.CheckConstraint(condition=Q(row_height__in=["dense", "roomy"]), name="preference_rows_known"),
            models.CheckConstraint(condition=Q(opens_at__in=["start", "fall"]), name="preference_opens_known"),
        ]

    def __str__(self) -> str:
        return f"preferences of {self.user}"


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, user: Reader) -> SavedViewQuerySet:
        """Their own and what others share with everyone; which conversations it shows is each reader's own matter."""
        return self.offered_to(user.pk) if user.is_authenticated else self.none()

    def offered_to(self, person: int | Blank) -> SavedViewQuerySet:
        return self.filter(Q(owner=person) | Q(is_shared=True))

    def changeable_by(self, user: Reader) -> SavedViewQuerySet:
        """Their own; for an administrator also what others share."""
        if not user.is_authenticated:
            return self.none()
        own = Q(owner=user.pk)
        return self.filter(own | Q(is_shared=True) if getattr(user, "is_superuser", False) else own)


class SavedView(models.Model):
    """A list under a name: its address with the zone in it and relative periods kept relative, and its columns."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=80)
    querystring = models.TextField(blank=True, default="")
    columns = models.JSONField(default=list, blank=True)
    is_shared = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("owner", Lower("name"), name="saved_view_name_once"),
            models.CheckConstraint(condition=~Q(name=""), name="saved_view_has_name"),
        ]
        indexes = [
            # Every list asks for the shared ones, to offer them.
            models.Index(fields=["owner"], condition=Q(is_shared=True), name="saved_view_shared"),
        ]

    def __str__(self) -> str:
        return self.name


class ColumnChoice(models.Model):
    """The columns in which a person wants lists, in order; none stored means the usual ones."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="column_choice")
    columns = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"columns of {self.user}"
