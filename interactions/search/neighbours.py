"""The rows beside the conversation in hand, found by its own sort key."""

from __future__ import annotations

from functools import cached_property

from django.db.models import QuerySet

from interactions.models import Conversation

from .paging import PAGE_SIZE, keyed
from .position import Position
from .walking import Key, Order


class Neighbours:
    """Previous, next, rank and count of one conversation in one list; each is read when first asked for.

    The conversation need not match the filters any more: a mark may just have taken it out.
    """

    def __init__(self, order: Order, rows: QuerySet[Conversation], conversation: Conversation) -> None:
        self._order = order
        self._rows = rows
        self._conversation = conversation

    @cached_property
    def _key(self) -> Key:
        if self._order.sort.computed is None:
            return self._order.key_of(self._conversation)
        own = self._order.prepared(Conversation.objects.filter(pk=self._conversation.pk))
        return self._order.key_of(own.get())

    @cached_property
    def previous(self) -> Conversation | None:
        return next(iter(self._order.walk(self._rows, self._key, 1, backwards=True)), None)

    @cached_property
    def next(self) -> Conversation | None:
        return next(iter(self._order.walk(self._rows, self._key, 1)), None)

    @cached_property
    def _before(self) -> int:
        return self._order.count_before(self._rows, self._key)

    @cached_property
    def rank(self) -> int | None:
        """1-based ordinal in the list; None when the conversation does not belong to it."""
        return self._before + 1 if self._rows.filter(pk=self._conversation.pk).exists() else None

    def page(self, size: int = PAGE_SIZE) -> str | None:
        """Position token of the page of `size` rows on which the conversation stands; None for the first page."""
        if self._before < size:
            return None
        above = self._before % size
        found = self._order.walk(keyed(self._rows, self._order), self._key, above + 1, backwards=True)
        if not found:
            return None
        value, pk = found[-1]
        return Position("after", value, pk, self._before - above + 1).token(self._order)

    @cached_property
    def count(self) -> int:
        return self._rows.count()
