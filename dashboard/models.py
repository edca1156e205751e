"""What a person chose about how pages look and behave."""

from django.conf import settings
from django.db import models
from django.db.models import Q


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

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(theme__in=["system", "light", "dark"]), name="preference_theme_known"),
            models.CheckConstraint(condition=Q(row_height__in=["dense", "roomy"]), name="preference_rows_known"),
            models.CheckConstraint(condition=Q(opens_at__in=["start", "fall"]), name="preference_opens_known"),
        ]

    def __str__(self) -> str:
        return f"preferences of {self.user}"
