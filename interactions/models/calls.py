"""How many calls to LivePerson are in flight across all workers, and how many may be."""

from django.db import models
from django.db.models import Q


class CallSlot(models.Model):
    """A leased right to have one call in flight; slot numbers begin at 1."""

    number = models.PositiveSmallIntegerField(primary_key=True)
    # A random mark of who holds it; empty while it is free.
    holder = models.CharField(max_length=32, blank=True, default="")
    lease_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"call slot {self.number}"


class CallPace(models.Model):
    """The single row that says how many calls may be in flight now: more while answers are quick, fewer on 429 and 503.

    `allowed` is at least 1 and at most LIVEPERSON_MAX_CALLS; its fraction is progress towards the next slot.
    """

    allowed = models.FloatField(default=1.0)
    slowed_at = models.DateTimeField(null=True)
    slowed_count = models.PositiveIntegerField(default=0)
    call_count = models.PositiveBigIntegerField(default=0)
    failed_count = models.PositiveBigIntegerField(default=0)
    # What all calls together waited for a slot.
    waited_seconds = models.FloatField(default=0.0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(allowed__gte=1), name="call_pace_at_least_one")]

    def __str__(self) -> str:
        return f"{self.allowed:.1f} calls at once"
