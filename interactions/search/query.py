"""What an address asks for, as one value that list, count, charts and files all take."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from copy import copy
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db import connection
from django.db.models import QuerySet, Sum
from django.utils import timezone

from interactions.models import Conversation
from interactions.models.joined import joined
from interactions.models.prepared import Blank, Prepared

from . import covering, facets, manymarks, marks, paging, position, sentence, ways
from .columnar import answer as columnar
from .columnar.facts import InColumns
from .conditions import Condition, to_q
from .facts import Facts, InDatabase
from .filters import FILTERS
from .filters.text import searched
from .filters.time import FILTERS as BY_THE_CLOCK
from .filters.time import started_bounds
from .fulltext import Words, count_of
from .limits import within
from .matched import Matched
from .names import own_groups
from .neighbours import Neighbours
from .paging import Page, Pager
from .parameters import PARAMETERS, in_order
from .position import Position
from .sentence import Part
from .sorts import DEFAULT_SORT, SORTS
from .walking import Order

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

    Reader = AbstractBaseUser | AnonymousUser

Many = tuple[str, ...]
# Everything that a row of the list shows comes with it.
_SHOWN = ("last_human_agent", "last_agent", "credited_agent", "skill", "group")
_ROWS = Prepared(lambda: Conversation.objects.filter(pk__among=Blank("keys")).select_related("consumer").order_by())
_UNSET = tuple((name, parameter.unset) for name, parameter in PARAMETERS.items())
# Rows whose messages are added up in a second, at best.
_ADDED_A_SECOND = 1_000_000


@dataclass(frozen=True)
class Size:
    """Conversations of a list and all messages in them; None is not known yet."""

    count: int | None
    messages: int | None


@dataclass(frozen=True)
class ConversationQuery:
    """Defaults mean "no filter". Build one with `parse`; change it with `replace` and `toggled`."""

    q: str | None = None
    said_by: Many = ()
    csat: Many = ()
    csat_min: int | None = None
    csat_max: int | None = None
    mcs: Many = ()
    mcs_min: int | None = None
    mcs_max: int | None = None
    mcs_band: Many = ()
    mcs_fall_min: int | None = None
    mcs_fall_max: int | None = None
    nps_min: int | None = None
    nps_max: int | None = None
    fcr: Many = ()
    survey: Many = ()
    comment: Many = ()
    agent: Many = ()
    last_agent: Many = ()
    credited: Many = ()
    credit: str = "last"
    handled_by: Many = ()
    group: Many = ()
    skill: Many = ()
    consumer: tuple[int, ...] = ()
    started_from: date | None = None
    started_to: date | None = None
    period: str | None = None
    ended_from: date | None = None
    ended_to: date | None = None
    weekday: Many = ()
    hour: Many = ()
    status: Many = ()
    channel: Many = ()
    device: Many = ()
    language: Many = ()
    close_reason: Many = ()
    queue: Many = ()
    first_contact: Many = ()
    first_response_min: int | None = None
    first_response_max: int | None = None
    duration_min: int | None = None
    duration_max: int | None = None
    transfers_min: int | None = None
    transfers_max: int | None = None
    conversation: Many = ()
    reviewed: Many = ()
    flag: Many = ()
    tag: Many = ()
    note: Many = ()
    sort: str = DEFAULT_SORT
    seed: int | None = None
    # The saved view that was opened and the columns that were chosen; they filter nothing (parameters.py).
    view: str | None = None
    columns: str | None = None
    page: str | None = None
    # The zone in which dates are meant; it stands in the address only where it was written there.
    zone: str = "UTC"
    has_own_zone: bool = False
    now: datetime | None = field(default=None, compare=False)

    @property
    def asked_at(self) -> datetime:
        return self.now or timezone.now()

    @property
    def order(self) -> Order:
        sort = SORTS[self.sort.removeprefix("-")]
        seed = (self.seed or 0) if sort.name == "shuffle" else None
        return Order(sort, self.sort.startswith("-"), seed)

    @property
    def words(self) -> Words:
        """What is searched for in transcripts, and by whom it was said."""
        return searched(self)

    def conditions(self) -> tuple[Condition, ...]:
        """The question as data; each is met by every row of the answer."""
        return tuple(
            condition for entry in FILTERS.values() if entry.is_set(self) for condition in entry.conditions(self)
        )

    def filtered(self, user: Reader) -> QuerySet[Conversation]:
        """The conversations asked for that `user` may read, unordered."""
        return Conversation.objects.visible_to(user).filter(to_q(self.conditions(), reader=user.pk))

    def matched(self, user: Reader) -> Matched:
        """The list in its order."""
        return ways.matched(self, user)

    def rows(self, user: Reader, size: int = paging.PAGE_SIZE, matched: Matched | None = None) -> Page:
        """The page in hand; raises BadPosition when `page` was not made for this order.

        `matched` is the list where a page asks more of it: what was found is then found once.
        """
        whole = self._whole(user)
        at = position.read(self.page, self.order, whole) if self.page else Position("first")
        pager = Pager(matched or self.matched(user), lambda keys: joined(_ROWS(keys=keys), *_SHOWN), size, whole)
        return pager.page_at(at)

    def _whole(self, user: Reader) -> str:
        """The name of the list as one person sees it, in which its rows are counted."""
        return f"{user.pk} {sorted(own_groups(user) or ())} {self.asked_for().querystring()}"

    def facts(self, user: Reader) -> Facts:
        """What figures are computed from; asked several times it tells of one instant, where the copy tells."""
        answer = columnar.answer_to(self.conditions(), user)
        return InDatabase(self.filtered(user)) if answer is None else InColumns(answer)

    def count(self, user: Reader, matched: Matched | None = None) -> int:
        conditions = self.conditions()
        if ways.is_vain(conditions, user):
            return 0
        answer = self._answer(user, matched)
        # Who sees everything and asks for words alone is answered by SQLite's index, thirty times as quickly.
        # PostgreSQL takes as long to count as to list, and what was listed is remembered.
        is_told = self.q and len(conditions) == 1 and own_groups(user) is None
        is_worth_it = answer is not None and (answer.is_remembered or connection.vendor == "postgresql")
        if is_told and not is_worth_it:
            return count_of(self.words)
        if answer is not None:
            return answer.count()
        number = manymarks.count_of(conditions, user)
        if number is not None:
            return number
        marked = (each for each in conditions if each.operator == "marked")
        lacking = next((each for each in marked if marks.is_lack(each.column, each.value)), None)
        if lacking is None:
            return covering.count_of(conditions, user)
        # All without those that have the mark, which are few: looking each of a million up takes half a second.
        others = [each for each in conditions if each is not lacking]
        few = Conversation.objects.visible_to(user, few=True).filter(to_q(others, few=True, reader=user.pk))
        return covering.count_of(others, user) - few.filter(marks.any_of(lacking.column)).count()

    def _answer(self, user: Reader, matched: Matched | None) -> columnar.Answer | None:
        if not self.conditions():  # its rows an index tells, and their number the copy
            return ways.answer_of_all(user)
        return ways.answer_to(self, user) if matched is None else matched.at_hand

    def size(self, user: Reader, seconds: float, matched: Matched | None = None) -> Size:
        """How much the list holds, as far as it can be counted in so many seconds for each of the two."""
        count = within(seconds, lambda: self.count(user, matched))
        return Size(count, within(seconds, lambda: self._messages(user, count, seconds, matched)) if count else count)

    def _messages(self, user: Reader, count: int, seconds: float, matched: Matched | None) -> int | None:
        if (answer := self._answer(user, matched)) is not None:
            return answer.total("message_count")
        # The database reads every row: where they are too many for the time, it is not begun.
        if count > _ADDED_A_SECOND * seconds:
            return None
        return self.filtered(user).aggregate(all=Sum("message_count"))["all"] or 0

    def facets(self, user: Reader, names: Collection[str] = facets.NAMES) -> facets.Counts:
        """For each value of the facets `names` how many conversations it would leave, the other filters kept."""
        return facets.counts_of(self, user, names)

    def keyset(self, user: Reader, size: int = 2000) -> Iterator[list[int]]:
        """Primary keys of the whole list in its order, `size` at a time."""
        return paging.keys_of(self.matched(user), size)

    def neighbours(self, user: Reader, conversation: Conversation, seconds: float | None = None) -> Neighbours:
        """The rows beside `conversation` in this list, whether or not it still belongs to it."""
        matched = self.matched(user)
        return Neighbours(matched if seconds is None else matched.patient(), conversation, seconds, self._whole(user))

    def describe(self, user: Reader) -> list[Part]:
        """Each filter in words, with the names that `user` may know."""
        return sentence.parts_of(self, user)

    def sentence(self, count: int | None, user: Reader) -> str:
        return sentence.sentence_of(self.describe(user), count, self.order_words())

    def order_words(self) -> str:
        """ "newest first"; a shuffle names its seed, by which two people know that they have the same sample.

        Open conversations show an age, and have no duration yet by which they could stand.
        """
        words = self.order.words
        if self.order.seed is not None and self.seed is not None:
            way, *backwards = words.split(", ")
            return ", ".join([f"{way} with seed {self.seed}", *backwards])
        ended = (self.duration_min, self.duration_max, self.ended_from, self.ended_to)
        is_all_closed = self.status == ("closed",) or any(each is not None for each in ended)
        if self.order.sort.name != "duration" or is_all_closed:
            return words
        if self.status == ("open",):
            return "unsorted, as open ones have no duration"
        return f"{words}, then open ones"

    def period_bounds(self) -> tuple[date | None, date | None]:
        """First and last local day on which the asked conversations started; None where open."""
        return started_bounds(self)

    def params(self) -> list[tuple[str, str]]:
        """Names and values of the address: only what differs from the default, in one fixed order."""
        # A page asks for some hundred addresses: what is not set is passed over by the quickest look.
        return [
            (name, str(value))
            for name, unset in _UNSET
            if getattr(self, name) != unset and (given := self._in_address(name)) != unset
            for value in (given if isinstance(given, tuple) else (given,))
        ]

    @property
    def depends_on_zone(self) -> bool:
        """Whether the same words would mean other conversations in another zone."""
        return any(entry.is_set(self) for entry in BY_THE_CLOCK)

    def _in_address(self, name: str) -> Any:
        if name == "zone":
            return self.zone if self.has_own_zone else None
        if name == "seed" and self.order.sort.name != "shuffle":
            return None
        return getattr(self, name)

    def querystring(self) -> str:
        return urlencode(self.params())

    def replace(self, **changes: Any) -> ConversationQuery:
        """A copy with `changes`; the page is dropped, a zone becomes part of the address."""
        if "zone" in changes:
            changes.setdefault("has_own_zone", True)
        if unknown := changes.keys() - _NAMES:
            raise TypeError(f"a query has no {', '.join(sorted(unknown))}")
        # A page makes fifty of a query, and `dataclasses.replace` would set each of its sixty fields by itself.
        changed = copy(self)
        vars(changed).update({"page": None, **changes})
        return changed

    def with_zone(self) -> ConversationQuery:
        """The same page of the same list with its zone in the address, for links that others open."""
        return self.replace(has_own_zone=True, page=self.page)

    def asked_for(self) -> ConversationQuery:
        """What is asked and nothing about the page that shows it: equal for equal questions, whoever asks them."""
        return self.replace(has_own_zone=True, view=None, columns=None)

    def toggled(self, name: str, value: str) -> ConversationQuery:
        """With `value` added to the values of `name`, or taken away."""
        chosen = tuple(str(each) for each in getattr(self, name))
        changed = tuple(each for each in chosen if each != value) if value in chosen else (*chosen, value)
        return self.replace(**{name: in_order(name, changed)})


_NAMES = frozenset(each.name for each in fields(ConversationQuery))
