"""Who has read what: lines that are only ever added.

They name people and conversations by what outlives both, and hold no words of transcripts. The database itself refuses
to change or remove them (migration 0010).
"""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models


class AppendOnly(TypeError):
    """A line of the audit was to be changed or removed."""

    def __init__(self) -> None:
        super().__init__("Lines of the access audit are only ever added.")


class _Lines(models.QuerySet[Any]):
    def update(self, **values: Any) -> NoReturn:
        raise AppendOnly

    def delete(self) -> NoReturn:
        raise AppendOnly

    def bulk_update(self, *args: Any, **options: Any) -> NoReturn:
        raise AppendOnly


class _Line(models.Model):
    at = models.DateTimeField()
    # No foreign key: a line outlives the person, and nothing may rewrite it when the person goes.
    user_pk = models.BigIntegerField()
    username = models.CharField(max_length=150)
    # LivePerson's id; empty where more than one conversation was read at once.
    conversation_id = models.CharField(max_length=128, blank=True, default="")

    objects = _Lines.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **options: Any) -> None:
        if not self._state.adding:
            raise AppendOnly
        super().save(*args, **{**options, "force_insert": True})

    def delete(self, *args: Any, **options: Any) -> NoReturn:
        raise AppendOnly


class AuditLine(_Line):
    """One reading: who, what, when and through which page."""

    class Kind(models.TextChoices):
        OPENED = "opened", "opened"
        SEARCHED = "searched", "shown in search results"
        EXPORTED = "exported", "exported"
        REFRESHED = "refreshed", "refreshed from LivePerson"
        RAW = "raw", "raw record"

    kind = models.CharField(max_length=9, choices=Kind)
    # The name of the route through which it was read.
    page = models.CharField(max_length=40)
    # The list's parameters without the words of a search, and a keyed hash of all of them: two lines of one list
    # share it, and nobody reads from it what was searched for.
    query = models.TextField(blank=True, default="")
    query_key = models.CharField(max_length=16, blank=True, default="")
    # Of a page of search results the ids whose lines it showed, of a file those that it holds unless they are too many,
    # each between line breaks.
    shown = models.TextField(blank=True, default="")
    # Of a file how many lines it has; None of anything else, and of files from before this was kept.
    line_count = models.IntegerField(null=True)

    class Meta:
        indexes = [
            # The audit's page, newest first.
            models.Index(fields=["at", "id"], name="audit_at"),
            # One person's readings: its filter, and how many of a list they have read.
            models.Index(fields=["user_pk", "at"], name="audit_of_person"),
            models.Index(fields=["conversation_id", "at"], name="audit_of_conversation"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.conversation_id}"


class Prefetch(_Line):
    """A transcript was sent ahead of being looked at. Once it is shown it gets a line of the audit.

    Kept apart because nobody has read it yet, and kept at all because a browser alone says that nobody has.
    """

    class Meta:
        indexes = [models.Index(fields=["at", "id"], name="prefetch_at")]

    def __str__(self) -> str:
        return f"prefetched {self.conversation_id}"
