"""What was read from LivePerson, when, and how completely."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from .claim import Claimable, WorkState


class SyncRun(models.Model):
    """One piece of reading: a configuration read, a backfill window's turn or a refresh, with what it did."""

    class Kind(models.TextChoices):
        CONFIGURATION = "configuration", "users, skills and groups"
        BACKFILL = "backfill", "history"
        REFRESH = "refresh", "refresh"
        MANUAL = "manual", "manage.py sync"
        SWEEP = "sweep", "comparison"
        CONVERSATION = "conversation", "one conversation"

    class State(models.TextChoices):
        RUNNING = "running", "running"
        COMPLETE = "complete", "complete"
        INCOMPLETE = "incomplete", "incomplete"
        FAILED = "failed", "failed"

    kind = models.CharField(max_length=13, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    window = models.ForeignKey("SyncWindow", null=True, on_delete=models.SET_NULL, related_name="runs")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    request_count = models.PositiveIntegerField(default=0)
    read_count = models.PositiveIntegerField(default=0)
    new_count = models.PositiveIntegerField(default=0)
    changed_count = models.PositiveIntegerField(default=0)
    unchanged_count = models.PositiveIntegerField(default=0)
    unreadable_count = models.PositiveIntegerField(default=0)
    # How often LivePerson asked for fewer calls (429) or was too busy (503) meanwhile.
    slowed_count = models.PositiveIntegerField(default=0)
    # The class of error and what to do, in words; never a token, a name or message text.
    error = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["configuration", "backfill", "refresh", "manual", "sweep", "conversation"]),
                name="sync_run_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["running", "complete", "incomplete", "failed"]), name="sync_run_state_known"
            ),
        ]
        indexes = [models.Index(fields=["-started_at"], name="sync_run_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.started_at:%Y-%m-%d %H:%M}"


class SyncWindow(Claimable):
    """A range of conversation starts to read whole: one of the backfill, or one of a refresh.

    `start_from` is included, `start_to` excluded. A refresh window also has `updated_since`
    (LivePerson's latestUpdateTime) and belongs to the refresh that began at `planned_at`; `tier` says which
    part of the range that refresh covers, 0 the newest starts. A sweep window compares everything that LivePerson
    still has of its range with what is stored.
    """

    class Kind(models.TextChoices):
        BACKFILL = "backfill", "history"
        REFRESH = "refresh", "refresh"
        MANUAL = "manual", "asked for by hand"
        SWEEP = "sweep", "comparison"

    kind = models.CharField(max_length=8, choices=Kind)
    start_from = models.DateTimeField()
    start_to = models.DateTimeField()
    updated_since = models.DateTimeField(null=True)
    tier = models.PositiveSmallIntegerField(default=0)
    planned_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True)
    incomplete_since = models.DateTimeField(null=True)
    # LivePerson's count after the last page and the distinct ids that arrived; they must agree.
    expected_count = models.PositiveIntegerField(null=True)
    seen_count = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(start_from__lt=models.F("start_to")), name="window_not_empty"),
            models.CheckConstraint(condition=Q(state__in=WorkState.values), name="window_state_known"),
            models.CheckConstraint(
                condition=Q(kind__in=["backfill", "refresh", "manual", "sweep"]), name="window_kind_known"
            ),
            models.UniqueConstraint(
                fields=["start_from", "start_to"], condition=Q(kind="backfill"), name="backfill_window_once"
            ),
            models.UniqueConstraint(
                fields=["planned_at", "tier", "start_from"],
                condition=Q(kind="refresh"),
                name="refresh_window_once",
            ),
        ]
        indexes = [
            # The next claim: waiting, due, newest first.
            models.Index(fields=["state", "not_before", "-start_from"], name="window_next"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.start_from:%Y-%m-%d %H:%M} to {self.start_to:%Y-%m-%d %H:%M}"


class SyncPage(models.Model):
    """A page of a window that is stored: progress and the ids seen, committed with the rows themselves."""

    window = models.ForeignKey(SyncWindow, on_delete=models.CASCADE, related_name="pages", db_index=False)
    offset = models.PositiveIntegerField()
    # 8-byte hashes of the conversation ids on the page, one after another.
    ids = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["window", "offset"], name="sync_page_once")]

    def __str__(self) -> str:
        return f"page at {self.offset}"


class RefreshRequest(Claimable):
    """One conversation that somebody asked to have read again now; the newest request of a conversation counts."""

    class Result(models.TextChoices):
        CHANGED = "changed", "changed"
        UNCHANGED = "unchanged", "unchanged"
        NOT_FOUND = "not_found", "not found"
        FAILED = "failed", "failed"

    # LivePerson's id: also of a record that could not be understood and has no row yet.
    conversation_id = models.CharField(max_length=128)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=9, choices=Result, blank=True, default="")
    # In words; never a token, a name or message text.
    error = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=WorkState.values), name="refresh_request_state_known"),
            models.UniqueConstraint(
                fields=["conversation_id"], condition=Q(ended_at=None), name="refresh_request_open_once"
            ),
        ]
        indexes = [models.Index(fields=["conversation_id", "-asked_at"], name="refresh_request_newest")]

    def __str__(self) -> str:
        return f"refresh of {self.conversation_id}"
