"""One message of a transcript, stored beside its neighbours."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import connection, models

from .conversation import Conversation
from .loaded import Loaded
from .people import Agent
from .prepared import Blank

POSITION_BITS = 16
MAX_MESSAGES = (1 << POSITION_BITS) - 1


class Speaker(models.TextChoices):
    CONSUMER = "consumer", "consumer"
    AGENT = "agent", "agent"
    BOT = "bot", "bot"
    AUTOMATIC = "automatic", "automatic"
    SURVEY = "survey", "survey"
    NOTE = "note", "private note"


class MessageQuerySet(models.QuerySet["Message"]):
    def of(self, conversation_pk: int) -> "MessageQuerySet":
        """A whole transcript in reading order, by primary key range: the foreign key has no index."""
        return self.within(*message_range(conversation_pk))

    def within(self, first: "int | Blank", last: "int | Blank") -> "MessageQuerySet":
        """Those with keys from `first` to `last`, a conversation's `message_range`."""
        return self.filter(pk__range=(first, last)).order_by("pk")

    def of_several(self, conversation_pks: Sequence[int], columns: Sequence[str]) -> "Iterable[Message]":
        """These columns of several transcripts, in no order."""
        return self.raw(_of_several(len(conversation_pks), columns), list(conversation_pks))

    def values_of_several(self, conversation_pks: Sequence[int], columns: Sequence[str]) -> list[tuple[Any, ...]]:
        """The same as the database gives them, without an object for each message."""
        with connection.cursor() as cursor:
            cursor.execute(_of_several(len(conversation_pks), columns), list(conversation_pks))
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def _of_several(count: int, columns: Sequence[str]) -> str:
    # Each conversation's range of keys is looked up on its own. The same ranges joined by OR made SQLite read the
    # whole table (280 rows a second); the CROSS JOIN holds it to this order, and PostgreSQL finds it by itself.
    places = ", ".join(["%s"] * count)
    return (
        f"SELECT {', '.join(f'm.{column}' for column in columns)} "
        f"FROM interactions_conversation c CROSS JOIN interactions_message m WHERE c.id IN ({places}) "
        f"AND m.id BETWEEN (c.id << {POSITION_BITS}) AND ((c.id << {POSITION_BITS}) + {MAX_MESSAGES})"
    )


def message_pk(conversation_pk: int, position: int) -> int:
    """The key that keeps a transcript together: conversation pk << 16 | position (1-based)."""
    if not 0 < position <= MAX_MESSAGES:
        raise ValueError(f"position {position} does not fit in {POSITION_BITS} bits")
    return conversation_pk << POSITION_BITS | position


def message_range(conversation_pk: int) -> tuple[int, int]:
    """First and last possible message key of one conversation, both included."""
    return conversation_pk << POSITION_BITS, conversation_pk << POSITION_BITS | MAX_MESSAGES


def told_apart(messages: "Iterable[Message]") -> "list[Message]":
    """Whole transcripts in reading order, those messages numbered that have their dialog and `seq` from another."""
    found = list(messages)
    places = [(message.conversation_id, message.dialog, message.seq) for message in found]
    for message, number in zip(found, namesakes(places), strict=True):
        message.namesakes = number
    return found


def namesakes(places: "Iterable[tuple[int, int, int | None]]") -> Iterator[int]:
    """For each conversation, dialog and `seq` how often it has come before."""
    seen = Counter[tuple[int, int, int | None]]()
    for place in places:
        yield seen[place]
        seen[place] += 1


def message_anchor(key: int, dialog: int, seq: int | None, namesakes: int) -> str:
    """The page's address of a message: m-<dialog number>-<seq>, with -2 for the second that has the same."""
    if seq is None:
        return f"m-{dialog}-p{key & MAX_MESSAGES}"
    return f"m-{dialog}-{seq}{f'-{namesakes + 1}' if namesakes else ''}"


class Message(Loaded):
    """Positions can move when a late message sorts earlier: refer to `message_id`, never to the key."""

    id = models.BigAutoField(primary_key=True)
    # No index, no database constraint, no cascade: deleting one conversation would otherwise scan all
    # messages. The pk range finds them.
    conversation = models.ForeignKey(
        Conversation,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="messages",
    )
    message_id = models.CharField(max_length=200)
    dialog = models.PositiveSmallIntegerField(default=0)
    seq = models.BigIntegerField(null=True)
    sent_at = models.DateTimeField(null=True)
    speaker = models.CharField(max_length=9, choices=Speaker)
    agent = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    # Which rule of the fact sheet's section 5.6 recognised an automatic message (1 to 4).
    rule = models.PositiveSmallIntegerField(null=True)
    type = models.CharField(max_length=40, blank=True, default="")
    text = models.TextField(blank=True, default="")
    payload = models.JSONField(null=True)
    raw_score = models.IntegerField(null=True)
    mcs = models.SmallIntegerField(null=True)

    # How many before it have the same dialog and `seq`, once its transcript was `told_apart`: old records do not name
    # the dialog, and each dialog counts from 0.
    namesakes = 0

    objects = MessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(speaker__in=Speaker.values), name="message_speaker_known")
        ]

    def __str__(self) -> str:
        return self.message_id

    @property
    def position(self) -> int:
        return self.pk & MAX_MESSAGES

    @property
    def anchor(self) -> str:
        """The page's address of this message."""
        return message_anchor(self.pk, self.dialog, self.seq, self.namesakes)
