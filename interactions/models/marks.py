"""What people leave on conversations: reviewed, flag, tags, notes; and what of it they have just taken off.

They refer to the conversation's row, which an import and `rederive` update in place, and to messages by LivePerson's
id, because a message's own key moves with its position. Who may read a conversation reads what is left on it.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet

from .conversation import Conversation
from .message import Message
from .prepared import Blank

LONGEST_TAG = 40
# In small letters one can become three, as the ligature of "ffi" does.
LONGEST_TAG_KEY = 3 * LONGEST_TAG
LONGEST_NOTE = 4000


def _by(related_name: str = "+") -> Any:
    # What a team has reviewed stays reviewed when a person is deleted.
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name=related_name, db_index=False
    )


class Review(models.Model):
    """One person has read one conversation to the end. A scorecard can refer to it by its key."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="reviews", db_index=False)
    user = _by("reviews")
    reviewed_at = models.DateTimeField()

    class Meta:
        # Its index serves "who has reviewed this one"; of those without a person there may be several.
        constraints = [models.UniqueConstraint(fields=["conversation", "user"], name="review_once")]
        # `reviewed=me`.
        indexes = [models.Index(fields=["user", "conversation"], name="review_of_person")]

    def __str__(self) -> str:
        return f"reviewed {self.conversation_id}"


class Flag(models.Model):
    """A conversation that somebody wants to be looked at; one flag, whoever puts it up or takes it down."""

    conversation = models.OneToOneField(Conversation, primary_key=True, on_delete=models.CASCADE, related_name="flag")
    user = _by()
    flagged_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"flag of {self.conversation_id}"


class Tag(models.Model):
    """A word for conversations, shared by everyone; made when it is first used."""

    name = models.CharField(max_length=LONGEST_TAG)
    # What makes two of them the same, and how an address names it.
    key = models.CharField(max_length=LONGEST_TAG_KEY, unique=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(name="") & ~Q(key=""), name="tag_has_name")]

    def __str__(self) -> str:
        return self.name


class Tagging(models.Model):
    """A tag on a conversation."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="taggings", db_index=False)
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="taggings", db_index=False)
    user = _by()
    tagged_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "tag"], name="tagging_once")]
        # `tag=`, and its facet.
        indexes = [models.Index(fields=["tag", "conversation"], name="tagging_of_tag")]

    def __str__(self) -> str:
        return f"{self.tag_id} on {self.conversation_id}"


class TakenOff(models.Model):
    """A mark that `user` took off, as it was, until they put it back: once, and not for long.

    A few rows for each person who took something off lately: no index would serve them better than none.
    """

    class Kind(models.TextChoices):
        REVIEW = "review", "review"
        FLAG = "flag", "flag"
        TAG = "tag", "tag"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=6, choices=Kind)
    tag = models.ForeignKey(Tag, null=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    # Whose mark it was, and since when.
    owner = _by()
    left_at = models.DateTimeField()
    taken_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["review", "flag"], tag=None) | Q(kind="tag", tag__isnull=False),
                name="taken_off_known",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} taken off {self.conversation_id}"


class NoteQuerySet(models.QuerySet["Note"]):
    def of(self, conversation: int | Blank, messages: QuerySet[Message]) -> NoteQuerySet:
        """In order of writing; `has_message` says whether the message still stands in the record, in `messages`."""
        there = Exists(messages.filter(message_id=OuterRef("message_id")))
        found = self.filter(conversation=conversation).annotate(has_message=there)  # type: ignore[no-redef]
        return found.select_related("user").order_by("written_at", "pk")


class Note(models.Model):
    """Words about a conversation or, where `message_id` is set, about one of its messages."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="notes", db_index=False)
    message_id = models.CharField(max_length=200, blank=True, default="")
    user = _by()
    text = models.TextField()
    written_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True)
    # Names one filling of the form: sent twice, it is saved once.
    nonce = models.CharField(max_length=36)

    # Known of those that `of` found.
    has_message: bool

    objects = NoteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "user", "nonce"], name="note_once"),
            models.CheckConstraint(condition=~Q(text=""), name="note_has_text"),
        ]

    def __str__(self) -> str:
        return f"note on {self.conversation_id}"


class DeletedNote(models.Model):
    """A note that its writer deleted, as it was, until they put it back: once, and not for long.

    Its key is the note's own, which it gets again.
    """

    note_key = models.BigIntegerField(primary_key=True)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+", db_index=False)
    message_id = models.CharField(max_length=200, blank=True, default="")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    text = models.TextField()
    written_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True)
    nonce = models.CharField(max_length=36)
    deleted_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"note deleted from {self.conversation_id}"


def person_name(user: Any) -> str:
    """What people are called beside their marks; who was deleted has no name any more."""
    return (user.get_full_name() or user.get_username()) if user is not None else "a former user"
