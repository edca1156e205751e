"""Whom LivePerson must not give back: a keyed hash of each consumer who was erased (design.md, Reading 12)."""

from django.db import models


class Tombstone(models.Model):
    """A consumer who was erased. Says nothing about them to whoever lacks the key."""

    digest = models.CharField(max_length=64, unique=True)
    erased_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"tombstone {self.pk}"
