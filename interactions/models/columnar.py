"""What the columnar copy of the conversations (search/columnar) is told by: which rows changed since it was made.

On SQLite alone, where triggers (migration 0021) write a line for every change; one writer at a time gives them numbers
in the order in which they become visible. On PostgreSQL, whose planner joins indexes, both tables stay empty.
"""

from django.db import models


class ConversationChange(models.Model):
    """One change of a conversation, its parts or its comment. No foreign key: the conversation may be gone."""

    # Never given twice, also after all lines were taken away: AUTOINCREMENT.
    seq = models.BigAutoField(primary_key=True)
    conversation = models.BigIntegerField()

    def __str__(self) -> str:
        return f"change {self.seq}"


class ColumnarCopy(models.Model):
    """The one copy that is in use: the folder `token` holds at least all changes up to `seq`.

    Without a token none could be made then.
    """

    token = models.CharField(max_length=32, unique=True)
    seq = models.BigIntegerField()
    size = models.BigIntegerField()
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"copy of {self.size} conversations"
