"""The API's JSON as it came: the source from which everything else can be rebuilt."""

import zlib
from typing import Any

from django.db import models

from .conversation import Conversation


class RawRecord(models.Model):
    """One conversation's record, compressed, with the hash that says whether anything changed."""

    conversation = models.OneToOneField(Conversation, primary_key=True, on_delete=models.CASCADE, related_name="raw")
    digest = models.BinaryField(max_length=16)
    body = models.BinaryField()
    # The instant at which the request that brought it was sent: an older answer never replaces a newer one.
    read_at = models.DateTimeField()
    is_partial = models.BooleanField(default=False)
    # Since when LivePerson no longer gives it although it is younger than what LivePerson keeps; null while it does.
    missing_since = models.DateTimeField(null=True)
    # The version of the derivation rules that filled the other tables from this record.
    derived_by = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            # `rederive` finds what an older rule filled, and resumes where it was stopped.
            models.Index(fields=["derived_by", "conversation"], name="raw_derived_by"),
            # The few that LivePerson cut short, to ask for them again.
            models.Index(fields=["read_at"], condition=models.Q(is_partial=True), name="raw_partial"),
            models.Index(fields=["missing_since"], condition=models.Q(missing_since__isnull=False), name="raw_missing"),
        ]

    def __str__(self) -> str:
        return f"raw of {self.conversation_id}"

    @property
    def json_bytes(self) -> bytes:
        return zlib.decompress(self.body)


class UnreadableRecord(models.Model):
    """A record that could not be understood or stored: kept as it came, with the reason, until it can."""

    # LivePerson's id where the record had one, else a hash of its bytes, so that reading it twice keeps one row.
    key = models.CharField(max_length=128, unique=True)
    body = models.BinaryField()
    reason = models.CharField(max_length=300)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    seen_count = models.PositiveIntegerField(default=1)
    window: Any = models.ForeignKey(
        "SyncWindow", null=True, on_delete=models.SET_NULL, related_name="unreadable", db_index=False
    )

    def __str__(self) -> str:
        return self.key

    @property
    def json_bytes(self) -> bytes:
        return zlib.decompress(self.body)
