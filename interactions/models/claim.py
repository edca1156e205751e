"""What every piece of leased work carries; `interactions.jobs` holds the verbs."""

from django.db import models


class WorkState(models.TextChoices):
    WAITING = "waiting", "waiting"
    RUNNING = "running", "running"
    COMPLETE = "complete", "complete"
    INCOMPLETE = "incomplete", "incomplete"
    FAILED = "failed", "failed"
    STOPPED = "stopped", "stopped"


class Claimable(models.Model):
    """A row of work: who holds it until when, and the fencing number that a late holder no longer has.

    The database is the truth, the broker only a bell (design.md, "Reading from LivePerson" 9).
    """

    state = models.CharField(max_length=10, choices=WorkState, default=WorkState.WAITING)
    not_before = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    fence = models.PositiveBigIntegerField(default=0)
    attempt_count = models.PositiveIntegerField(default=0)
    done_count = models.PositiveIntegerField(default=0)
    total_count = models.PositiveIntegerField(null=True)
    stop_requested = models.BooleanField(default=False)

    class Meta:
        abstract = True
