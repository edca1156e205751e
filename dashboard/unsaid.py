"""Why a search finds nothing: nobody said the words, or everybody whom it asks for said what it excludes."""

from dataclasses import dataclass, field

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

from interactions.models import Conversation
from interactions.search import Condition, ConversationQuery, isolated, within
from interactions.search.conditions import to_q
from interactions.search.filters.table import joined
from interactions.search.fulltext import Words
from interactions.search.words import All, Any, Not, Term, Tree, terms

# Words that are counted each by itself; beyond a handful nobody reads on.
_MOST = 6
# Nobody asks how often beyond that, and counting takes time.
_OFTEN = 1000
# Seconds for each count: of common words at a million it would take one, and nobody waits for that.
_LONGEST = 0.25
_MANY = _OFTEN + 2
_SEARCHED = {
    "consumer": "consumers",
    "agent": "agents",
    "bot": "bots",
    "note": "private notes",
    "comment": "survey comments",
}


@dataclass(frozen=True)
class Unsaid:
    """`text` is what no message contains, or "" where `reason` tells why; `rare` says how often each word stands."""

    text: str
    places: str
    rare: list[str] = field(default_factory=list)
    reason: str = ""


def unsaid(query: ConversationQuery, user: AbstractBaseUser | AnonymousUser) -> Unsaid | None:
    """Why the search alone finds nothing; None when it finds something, or when there is nothing to search."""
    words = query.words
    if words.tree is None:
        return Unsaid(query.q or "", "")
    alone = ConversationQuery(q=query.q, said_by=query.said_by)
    # Where it takes long to find out, nothing is claimed.
    if alone.conditions() != query.conditions() and within(_LONGEST, lambda: alone.rows(user, size=1).rows) != []:
        return None
    return _Search(words, user).explained(query.q or "")


class _Search:
    """A search that found nothing, and whoever asked for it."""

    def __init__(self, words: Words, user: AbstractBaseUser | AnonymousUser) -> None:
        self._words, self._user = words, user
        self._places = joined([_SEARCHED[column] for column in words.columns]).replace(" or ", " and ")

    def explained(self, text: str) -> Unsaid | None:
        tree = self._words.tree
        wanted, excluded = _parted(tree) if tree else ([], [])
        if not excluded and not any(terms(tree, wanted=False)):
            return Unsaid(text, self._places, self._rare())
        if any(any(terms(part, wanted=False)) for part in (*wanted, *excluded)):
            # Exclusions inside alternatives: no single word is to blame.
            reason = f"No conversation holds what ‘{isolated(text)}’ asks for and lacks what it excludes."
            return Unsaid("", self._places, self._rare(), reason)
        if not wanted:
            is_any = Conversation.objects.visible_to(self._user).exists()
            every = f"Every conversation that you may read contains {_said(excluded, 'or')}, which the search excludes."
            return Unsaid("", self._places, [], every) if is_any else None
        there = wanted[0] if len(wanted) == 1 else All(tuple(wanted))
        count = self._count(there)
        if not count:
            return Unsaid("", self._places, self._rare(), f"No conversation contains {_said(wanted, 'and')}.")
        return Unsaid("", self._places, [], _all_excluded(count, _said(wanted, "and"), _said(excluded, "or")))

    def _rare(self) -> list[str]:
        wanted = self._words.wanted[:_MOST]
        return [_how_often(term, self._count(term)) for term in wanted] if len(wanted) > 1 else []

    def _count(self, tree: Tree) -> int:
        """In how many conversations it stands, counted no further than beyond _OFTEN; _MANY where that takes long."""
        holding = to_q([Condition("words", "hold", Words(tree, self._words.columns))])
        rows = Conversation.objects.visible_to(self._user).filter(holding)[: _OFTEN + 1]
        found = within(_LONGEST, rows.count)
        return _MANY if found is None else found


def _parted(tree: Tree) -> tuple[list[Tree], list[Tree]]:
    """What all must hold, and what none may."""
    parts = tree.of if isinstance(tree, All) else (tree,)
    return [part for part in parts if not isinstance(part, Not)], [part.of for part in parts if isinstance(part, Not)]


def _said(trees: list[Tree], joint: str) -> str:
    """Trees without exclusions in words: "‘parcel’ and (‘late’ or ‘lost’)"."""
    return f" {joint} ".join([_in_words(tree, is_inside=len(trees) > 1) for tree in trees])


def _in_words(tree: Tree, *, is_inside: bool) -> str:
    if isinstance(tree, Term):
        return f"‘{isolated(str(tree))}’"
    assert isinstance(tree, All | Any)
    text = _said(list(tree.of), "and" if isinstance(tree, All) else "or")
    return f"({text})" if is_inside else text


def _often(count: int) -> str:
    if count == _MANY:
        return "many"
    return f"more than {_OFTEN:,}" if count > _OFTEN else f"{count:,}" if count else "no"


def _how_often(term: Term, count: int) -> str:
    return f"‘{term}’ stands in {_often(count)} conversation{'' if count == 1 else 's'}."


def _all_excluded(count: int, wanted: str, excluded: str) -> str:
    if count == 1:
        return f"1 conversation contains {wanted}; it also contains {excluded}, which the search excludes."
    often = _often(count).capitalize()
    return f"{often} conversations contain {wanted}; all of them also contain {excluded}, which the search excludes."
