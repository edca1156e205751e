"""How far a person has come in a list: what the audit says they opened, and what of it they reviewed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import User

from dashboard import auditing, formats
from interactions.models import AuditLine, Conversation, Review
from interactions.models.prepared import Blank, Prepared
from interactions.search import ConversationQuery

# A working day, or since the sign-in where that was later.
_LONGEST = timedelta(hours=12)


@dataclass(frozen=True)
class Walk:
    read: int
    reviewed: int

    @property
    def words(self) -> str:
        """ "40 read, 38 reviewed, 2 skipped"."""
        counts = (self.read, self.reviewed, self.read - self.reviewed)
        return "{} read, {} reviewed, {} skipped".format(*map(formats.count, counts))


_OPENED = Prepared(
    lambda: AuditLine.objects.filter(
        user_pk=Blank("user"), at__gte=Blank("since"), kind=AuditLine.Kind.OPENED, query_key=Blank("query_key")
    ).values_list("conversation_id", flat=True)
)
_KEYS = Prepared(
    lambda: Conversation.objects.filter(conversation_id__among=Blank("conversation_ids")).values_list("pk", flat=True)
)
_REVIEWED = Prepared(
    lambda: Review.objects.filter(user=Blank("user"), conversation__among=Blank("keys")).values_list("pk", flat=True)
)


def of(user: User, query: ConversationQuery, now: datetime) -> Walk:
    since = max(now - _LONGEST, user.last_login) if user.last_login else now - _LONGEST
    ids = set(_OPENED(user=user.pk, since=since, query_key=auditing.key_of(query)))
    if not ids:
        return Walk(0, 0)
    # The few keys first: joined, SQLite goes through all that this person ever reviewed.
    keys = _KEYS(conversation_ids=list(ids))
    return Walk(len(ids), len(_REVIEWED(user=user.pk, keys=keys)))
