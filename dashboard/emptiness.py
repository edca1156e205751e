"""Why a list is empty, and the nearest ones that are not."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

from dashboard.links import link
from dashboard.unsaid import Unsaid, unsaid
from interactions.models import Conversation, scope_of
from interactions.search import ConversationQuery, within
from interactions.search import Part as SentencePart

# Each of them is counted; beyond a handful nobody reads on.
_MOST = 6
# Seconds for each of them: the page waits.
_LONGEST = 0.25


@dataclass(frozen=True)
class Nearby:
    """The list without one filter; None where counting it takes too long."""

    text: str
    count: int | None
    url: str

    @property
    def said(self) -> str:
        """In quotation marks, unless it has some of its own."""
        return self.text if '"' in self.text or "“" in self.text else f"“{self.text}”"


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
    return Nothing("no match", nearby, unsaid(query, user) if query.q else None)


def _count(query: ConversationQuery, user: AbstractBaseUser | AnonymousUser) -> int | None:
    return within(_LONGEST, lambda: query.count(user))


def _sees_nothing(user: AbstractBaseUser | AnonymousUser) -> bool:
    if getattr(user, "is_superuser", False):
        return False
    if not user.is_authenticated:
        return True
    scope = scope_of(user)
    return scope is None or not (scope.all_groups or scope.unassigned_too or scope.groups.exists())
