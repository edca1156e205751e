"""How far a person has come in a list: what the audit says they opened, and what of it they reviewed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import User

from dashboard import auditing, formats
from interactions.models import AuditLine, Conversation, Review
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


def of(user: User, query: ConversationQuery, now: datetime) -> Walk:
    since = max(now - _LONGEST, user.last_login) if user.last_login else now - _LONGEST
    lines = AuditLine.objects.filter(
        user_pk=user.pk, at__gte=since, kind=AuditLine.Kind.OPENED, query_key=auditing.key_of(query)
    )
    ids = set(lines.values_list("conversation_id", flat=True))
    if not ids:
        return Walk(0, 0)
    # The few keys first: joined, SQLite goes through all that this person ever reviewed.
    keys = list(Conversation.objects.filter(conversation_id__in=ids).values_list("pk", flat=True))
    return Walk(len(ids), Review.objects.filter(user=user, conversation__in=keys).count())
