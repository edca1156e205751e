"""The way to the rows of a list: what is asked of either database, and in which form, so that a page comes soon."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import QuerySet

from interactions.models import Conversation

from . import covering, marks
from .conditions import Condition, to_q
from .fulltext import are_rare
from .matched import Matched
from .names import own_groups, sees_people_s_alone
from .sorts import SORTS
from .stroll import Stroll

if TYPE_CHECKING:
    from .query import ConversationQuery, Reader

Rows = QuerySet[Conversation]
_SORTED = {sort.key for sort in SORTS.values()}


def matched(query: ConversationQuery, user: Reader) -> Matched:
    """The list in its order."""
    if is_vain(query.conditions(), user):
        nothing = query.order.prepared(Conversation.objects.none())
        return Matched(query.order, nothing, nothing, nothing)
    return _on_sqlite(query, user) if connection.vendor == "sqlite" else _on_postgresql(query, user)


def is_vain(conditions: Sequence[Condition], user: Reader) -> bool:
    """Whether what is asked for is nothing that `user` may read; found out, it took 0.4 s at a million."""
    is_bots_alone = any(each.column == "handled_by" and set(each.value) == {"bot"} for each in conditions)
    return is_bots_alone and sees_people_s_alone(user)


def _on_postgresql(query: ConversationQuery, user: Reader) -> Matched:
    few, rare = _few_and_rare(query.conditions(), user)
    guess = query.order.prepared(few) if query.q else None
    return Matched(query.order, query.order.prepared(query.filtered(user)), few, rare, guess=guess)


def _on_sqlite(query: ConversationQuery, user: Reader) -> Matched:
    order, conditions, every = query.order, query.conditions(), query.filtered(user)
    few, rare = _few_and_rare(conditions, user)
    if not conditions and own_groups(user) is None:
        return Matched(order, order.prepared(every), few, rare)
    if order.sort.computed is not None:
        # Stretch by stretch: a list of all that somebody may read would be made for each.
        return Matched(order, order.prepared(few), few, rare)
    led = None if query.q else _led(conditions, user)  # words are listed for few rows as for many
    if led is not None:
        return Matched(order, led, few, rare)
    # Nothing else is asked for, in the order in which conversations came in: words of one in a hundred are met soon.
    is_met_soon = order.sort.key == "started_at" and len(conditions) == 1
    if query.q and are_rare(query.words, is_met_soon=is_met_soon):
        return Matched(order, few, few, rare)
    if any(each.operator == "marked" and marks.are_few(each.column, each.value, user.pk) for each in conditions):
        return Matched(order, every, few, rare)
    # An index that leads to a rating or a length gives no other order: SQLite would sort a tenth of the table.
    is_astray = any(each.column in _SORTED and each.column != order.sort.key for each in conditions)
    return Matched(order, every, few, rare, _stroll(query, conditions, user), guess=None if is_astray else few)


def _stroll(query: ConversationQuery, conditions: Sequence[Condition], user: Reader) -> Stroll:
    # Bounds of the order itself tell the walk where to begin and to end.
    own = [condition for condition in conditions if condition.column == query.order.sort.key]
    others = [each for each in conditions if each not in own and each.column != "words"]
    if query.order.sort.key == "started_at":
        # Nothing ends before it starts (derive): what ended in May is walked from the last that started in May.
        ends = [each for each in others if each.column == "ended_at" and each.operator == "before"]
        own += [replace(each, column="started_at") for each in ends]
    narrow = Conversation.objects.visible_to(user, few=True).filter(to_q(others, few=True, reader=user.pk))
    wide = Conversation.objects.filter(to_q(own))
    return Stroll(query.order, wide, narrow, query.words if query.q else None)


def _few_and_rare(conditions: Sequence[Condition], user: Reader) -> tuple[Rows, Rows]:
    """All that match, put so that single ones are looked at quickly, and so that an index leads to all of them."""
    seen = Conversation.objects.visible_to(user, few=True)
    return seen.filter(to_q(conditions, few=True, reader=user.pk)), seen.filter(to_q(conditions, reader=user.pk))


def _led(conditions: Sequence[Condition], user: Reader) -> Rows | None:
    """All that match, where the index of one of several columns leads to very few rows."""
    asked = to_q(conditions, few=True, reader=user.pk)
    begun = covering.begun_at_the_fewest(conditions, asked)
    if begun is asked:
        return None
    return Conversation.objects.visible_to(user, few=True).alias(**covering.named(begun)).filter(begun)
