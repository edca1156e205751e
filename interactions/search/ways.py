"""The way to the rows of a list: what is asked of either database, and in which form, so that a page comes soon."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import QuerySet

from interactions.models import Conversation

from . import covering, marks
from .columnar import answer as columnar
from .conditions import Condition, to_q
from .fulltext import are_rare
from .matched import Matched
from .names import own_groups, sees_people_s_alone
from .stroll import Stroll
from .walking import Order

if TYPE_CHECKING:
    from .query import ConversationQuery, Reader

Rows = QuerySet[Conversation]


def matched(query: ConversationQuery, user: Reader) -> Matched:
    """The list in its order."""
    if is_vain(query.conditions(), user):
        nothing = query.order.prepared(Conversation.objects.none())
        return Matched(query.order, nothing, nothing, lambda: nothing)
    return _on_sqlite(query, user) if connection.vendor == "sqlite" else _on_postgresql(query, user)


def answer_to(query: ConversationQuery, user: Reader) -> columnar.Answer | None:
    """By the columnar copy, but for what an index tells by itself."""
    conditions = query.conditions()
    # What is shuffled no index has in its order.
    is_everything = not conditions and own_groups(user) is None and query.order.seed is None
    return None if is_everything else columnar.answer_to(conditions, user)


def answer_of_all(user: Reader) -> columnar.Answer | None:
    """All that somebody may read, to count: SQLite's index tells at once how many there are, PostgreSQL's in 0.1 s."""
    if connection.vendor == "sqlite" and own_groups(user) is None:
        return None
    return columnar.answer_to((), user)


def is_vain(conditions: Sequence[Condition], user: Reader) -> bool:
    """Whether what is asked for is nothing that `user` may read; found out, it took 0.4 s at a million."""
    is_bots_alone = any(each.column == "handled_by" and set(each.value) == {"bot"} for each in conditions)
    return is_bots_alone and sees_people_s_alone(user)


def _on_postgresql(query: ConversationQuery, user: Reader) -> Matched:
    few, rare = _few_and_rare(query.conditions(), user)
    answer = answer_to(query, user)
    if answer is not None and answer.is_soon:
        return Matched(query.order, query.order.prepared(few), few, rare, answer=answer)
    guess = query.order.prepared(few) if query.q else None
    return Matched(query.order, query.order.prepared(query.filtered(user)), few, rare, guess=guess, late=answer)


def _on_sqlite(query: ConversationQuery, user: Reader) -> Matched:
    order, conditions, every = query.order, query.conditions(), query.filtered(user)
    few, rare = _few_and_rare(conditions, user)
    if (answer := answer_to(query, user)) is not None:
        return Matched(order, order.prepared(every), few, rare, answer=answer)
    seen = Conversation.objects.visible_to(user, few=True)
    if order.sort.computed is not None:
        # Stretch by stretch: a list of all that somebody may read would be made for each.
        asked = to_q(conditions, few=True, reader=user.pk)
        return Matched(order, order.prepared(covering.met_by_agent(seen, asked)), few, rare)
    if order.seed is not None or (not conditions and own_groups(user) is None):
        return Matched(order, order.prepared(every), few, rare)
    # Nothing else is asked for, in the order in which conversations came in: words of one in a hundred are met soon.
    is_met_soon = order.sort.key == "started_at" and len(conditions) == 1
    if query.q and are_rare(query.words, is_met_soon=is_met_soon):
        return Matched(order, few, few, rare)
    if any(each.operator == "marked" and marks.are_few(each.column, each.value, user.pk) for each in conditions):
        return Matched(order, every, few, rare)
    asked = to_q(_along(order, conditions), few=True, reader=user.pk)
    met = covering.met_on_the_way(seen, asked, order.sort.key)
    if query.q:
        return Matched(order, every, few, rare, stroll=Stroll(order, met, query.words))
    guess, told = covering.not_astray(seen, asked, order.sort.key), covering.told(conditions, user)
    return Matched(order, every, few, rare, guess=guess, met=met, told=told)


def _along(order: Order, conditions: Sequence[Condition]) -> Iterator[Condition]:
    """What is compared on a walk along the order, words apart."""
    for condition in conditions:
        if condition.column == "words":
            continue
        yield condition
        if order.sort.key == "started_at" and condition.column == "ended_at" and condition.operator == "before":
            # Nothing ends before it starts (derive): what ended in May is walked from the last that started in May.
            yield replace(condition, column="started_at")


def _few_and_rare(conditions: Sequence[Condition], user: Reader) -> tuple[Rows, Callable[[], Rows]]:
    """All that match, put so that single ones are looked at quickly, and so that an index leads to all of them."""
    seen = Conversation.objects.visible_to(user, few=True)

    def rare() -> Rows:
        return covering.begun_at_the_fewest(seen, conditions, to_q(conditions, reader=user.pk))

    return seen.filter(to_q(conditions, few=True, reader=user.pk)), rare
