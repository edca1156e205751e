"""What came into a list since it was opened: how many match now does not tell, as others leave it meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interactions.models import Conversation
from interactions.models.prepared import Prepared

from .conditions import to_q

if TYPE_CHECKING:
    from .names import Reader
    from .query import ConversationQuery


_NEWEST = Prepared(lambda: Conversation.objects.order_by("-pk").values_list("pk", flat=True)[:1])


def newest() -> int:
    """Beyond this key everything was stored later; asked for behind a list's rows, so that none is said to be new."""
    return _NEWEST.first() or 0


def arrived(query: ConversationQuery, user: Reader, since: int) -> int:
    """How many of the list were stored since `newest` was `since`."""
    # They are few: each is looked at by itself.
    seen = Conversation.objects.visible_to(user, few=True).filter(pk__gt=since)
    return seen.filter(to_q(query.conditions(), few=True, reader=user.pk)).count()
