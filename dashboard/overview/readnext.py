"""What to read now: short lists of the last seven days that nobody has reviewed, each opening at its first."""

from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.urls import reverse

from dashboard.links import list_url, narrowed
from interactions.metrics import Params
from interactions.search import ConversationQuery

Reader = AbstractBaseUser | AnonymousUser
PERIOD = "7d"
UNREAD: Params = {"reviewed": ("no",)}


@dataclass(frozen=True)
class Suggestion:
    text: str
    params: Params
    sort: str


SUGGESTIONS = (
    Suggestion("CSAT 1 or 2, last 7 days", {"csat": ("1", "2"), **UNREAD}, "csat"),
    Suggestion("MCS falls of 30 or more, last 7 days", {"mcs_fall_min": 30, **UNREAD}, "-mcs_fall"),
    Suggestion("Survey comments, last 7 days", {"comment": ("1",), **UNREAD}, "-started_at"),
)


@dataclass(frozen=True)
class ToRead:
    text: str
    count: int
    url: str
    first_url: str


def to_read(query: ConversationQuery, user: Reader) -> list[ToRead]:
    """The suggestions under the overview's other filters; one that they exclude is left out."""
    recent = query.replace(period=PERIOD, started_from=None, started_to=None, seed=None)
    narrow = ((one, narrowed(recent, one.params)) for one in SUGGESTIONS)
    return [_suggest(one.text, found.replace(sort=one.sort), user) for one, found in narrow if found]


def _suggest(text: str, query: ConversationQuery, user: Reader) -> ToRead:
    matched = query.matched(user)
    count = query.count(user, matched)
    first = query.rows(user, size=1, matched=matched).rows[:1] if count else []
    opens = [reverse("conversation-detail", args=[row.conversation_id]) for row in first]
    return ToRead(text, count, list_url(query), f"{opens[0]}?{query.querystring()}" if opens else "")
