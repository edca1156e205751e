"""The words of a transcript as the full-text index holds them, one column per kind of speaker."""

from django.db import models

from .conversation import Conversation

PART_BITS = 15
MOST_PARTS = 1 << PART_BITS


def text_pk(conversation_pk: int, part: int) -> int:
    """The key from which the index tells the conversation without looking at the row: conversation pk << 15 | part."""
    return conversation_pk << PART_BITS | part


class TranscriptText(models.Model):
    """Normalised words (search.text.normalise); a long transcript is cut into several parts. The key is `text_pk`.

    The index itself is made by migration: FTS5 external content with triggers on SQLite, one generated
    tsvector per column with a GIN index on PostgreSQL. Automatic and survey lines are not indexed.
    """

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="texts", db_index=False)
    part = models.PositiveSmallIntegerField(default=0)
    consumer = models.TextField(blank=True, default="")
    agent = models.TextField(blank=True, default="")
    bot = models.TextField(blank=True, default="")
    note = models.TextField(blank=True, default="")
    comment = models.TextField(blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "part"], name="transcript_text_once")]
        # The few long ones, of which a search must look at all parts together.
        indexes = [
            models.Index(fields=["conversation", "part"], condition=models.Q(part__gt=0), name="transcript_text_long")
        ]

    def __str__(self) -> str:
        return f"words of {self.conversation_id}/{self.part}"
