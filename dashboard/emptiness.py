"""Why a list is empty, and the nearest ones that are not."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

from dashboard.listing import link
from interactions.models import Conversation, scope_of
from interactions.search import Condition, ConversationQuery, within
from interactions.search import Part as SentencePart
from interactions.search.conditions import to_q
from interactions.search.filters.table import joined
from interactions.search.fulltext import Words
from interactions.search.words import Term

# Each of them is counted; beyond a handful nobody reads on.
_MOST = 6
# Seconds for each of them: the page waits.
_LONGEST = 0.25
# Nobody asks how often beyond that, and counting takes time.
_OFTEN = 1000
_SEARCHED = {
    "consumer": "consumers",
    "agent": "agents",
    "bot": "bots",
    "note": "private notes",
    "comment": "survey comments",
}


@dataclass(frozen=True)
class Nearby:
    """The list without one filter; None where counting it takes too long."""

    text: str
    count: int | None
    url: str


@dataclass(frozen=True)
class Unsaid:
    """What was searched for in vain: in how many conversations each of its words stands by itself, and who said it."""

    text: str
    places: str
    rare: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Nothing:
    kind: str  # "no match", "no groups", "first start"
    nearby: list[Nearby] = field(default_factory=list)
    unsaid: Unsaid | None = None


def explain(query: ConversationQuery, user: AbstractBaseUser | AnonymousUser, parts: Sequence[SentencePart]) -> Nothing:
    if _sees_nothing(user):
        return Nothing("no groups")
    if not Conversation.objects.exists():
        return Nothing("first start")
    found = [(part, _count(part.without, user)) for part in parts[:_MOST]] if len(parts) > 1 else []
    nearby = [Nearby(part.text, count, link(part.without)) for part, count in found if count != 0]
    return Nothing("no match", nearby, _unsaid(query, user) if query.q else None)


def _count(query: ConversationQuery, user: AbstractBaseUser | AnonymousUser) -> int | None:
    return within(_LONGEST, lambda: query.count(user))


def _unsaid(query: ConversationQuery, user: AbstractBaseUser | AnonymousUser) -> Unsaid | None:
    """Why the search alone finds nothing; None when it finds something."""
    if query.words.tree is None:
        return Unsaid(query.q or "", "")
    alone = ConversationQuery(q=query.q, said_by=query.said_by)
    if alone.conditions() != query.conditions() and alone.rows(user, size=1).rows:
        return None
    wanted = query.words.wanted[:_MOST]
    rare = [_how_often(term, query, user) for term in wanted] if len(wanted) > 1 else []
    places = joined([_SEARCHED[column] for column in query.words.columns]).replace(" or ", " and ")
    return Unsaid(query.q or "", places, rare)


def _how_often(term: Term, query: ConversationQuery, user: AbstractBaseUser | AnonymousUser) -> str:
    holding = to_q([Condition("words", "hold", Words(term, query.words.columns))])
    count = Conversation.objects.visible_to(user).filter(holding)[: _OFTEN + 1].count()
    times = f"more than {_OFTEN:,}" if count > _OFTEN else f"{count:,}" if count else "no"
    return f"‘{term}’ stands in {times} conversation{'' if count == 1 else 's'}"


def _sees_nothing(user: AbstractBaseUser | AnonymousUser) -> bool:
    if getattr(user, "is_superuser", False):
        return False
    if not user.is_authenticated:
        return True
    scope = scope_of(user)
    return scope is None or not (scope.all_groups or scope.unassigned_too or scope.groups.exists())
