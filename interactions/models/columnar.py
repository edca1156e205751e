"""What the columnar copy of the conversations (search/columnar) is told by: which rows changed since it was made.

Triggers (migration 0021) write a line for every change, so that no way to write a row can forget it.
"""

from django.db import models
from django.db.models import Q


class ConversationChange(models.Model):
    """One change of a conversation, its parts or its comment. No foreign key: the conversation may be gone."""

    # Never given twice, also after lines were taken away.
    seq = models.BigAutoField(primary_key=True)
    # The transaction on PostgreSQL, of which a later one may be visible earlier; SQLite has one writer at a time.
    xid = models.BigIntegerField(null=True)
    conversation = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["xid", "seq"], condition=Q(xid__isnull=False), name="change_xid")]

    def __str__(self) -> str:
        return f"change {self.seq}"


class ColumnarCopy(models.Model):
    """The one copy that is in use: the folder `token` holds all changes before `position` (search/columnar/changes.py).

    `seq` is the last change there was, `server` the database whose transactions `position` counts. Without a token none
    could be made then.
    """

    ONLY = 1

    token = models.CharField(max_length=32, unique=True)
    server = models.CharField(max_length=40, default="")
    position = models.BigIntegerField()
    seq = models.BigIntegerField()
    size = models.BigIntegerField()
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"copy of {self.size} conversations"


class ColumnarPiece(models.Model):
    """A piece of a file of the copy, for hosts that did not make it. On PostgreSQL alone: SQLite has one host."""

    token = models.CharField(max_length=32)
    name = models.CharField(max_length=40)
    number = models.IntegerField()
    body = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "name", "number"], name="columnar_piece_once")]

    def __str__(self) -> str:
        return f"piece {self.number} of {self.name}"
