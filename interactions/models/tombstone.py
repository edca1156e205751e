"""What LivePerson must not give back: a keyed hash of whoever was erased, and of each of their conversations."""

from django.db import models


class Tombstone(models.Model):
    """A consumer or a conversation that was erased. Says nothing about them to whoever lacks the key."""

    digest = models.CharField(max_length=64, unique=True)
    erased_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"tombstone {self.pk}"
