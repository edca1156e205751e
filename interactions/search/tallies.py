"""How many of some conversations hold each value of a column, in the way that is quickest on either database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from django.db import connection
from django.db.models import CharField, Count, QuerySet
from django.utils.functional import cached_property

from interactions.models import Conversation, Participation
from interactions.models.conversation import COUNTED

from . import joined, manymarks, marks
from .columnar.answer import Answer, answer_to
from .conditions import HANDLED, to_q
from .covering import countable, keys_of, leading, walked
from .joined import BETWEEN_NUMBERS, BETWEEN_WORDS, Joined

if TYPE_CHECKING:
    from .joined import Numbers
    from .names import Reader
    from .query import ConversationQuery

# For each column the number of rows by value as text: none is "", yes "1", no "0".
Tallies = dict[str, Counter[str]]


class Tally:
    """What the conversations that `user` may read and `query` asks for hold."""

    def __init__(self, query: ConversationQuery, user: Reader) -> None:
        self._query, self._user = query, user

    @cached_property
    def rows(self) -> QuerySet[Conversation]:
        return countable(self._query.conditions(), self._user)

    @cached_property
    def _answer(self) -> Answer | None:
        return answer_to(self._query.conditions(), self._user)

    @cached_property
    def few(self) -> QuerySet[Conversation]:
        """The same rows, put so that single ones are looked at quickly."""
        asked = to_q(self._query.conditions(), few=True, reader=self._user.pk)
        return Conversation.objects.visible_to(self._user, few=True).filter(asked).order_by()

    @cached_property
    def total(self) -> int:
        return self._query.count(self._user)

    @cached_property
    def along(self) -> QuerySet[Conversation] | None:
        """The rows along the index that holds all facets, where that is worth its while."""
        return walked(self._query.conditions(), self._user)

    def of(self, columns: Sequence[str]) -> Tallies:
        """By each of `columns`, in as few passes over the rows as is quick."""
        if self._answer is not None:
            return self._answer.tallies(columns)
        few = [column for column in COUNTED if column in columns]
        others = [column for column in columns if column not in few]
        found: Tallies = {}
        if connection.vendor != "sqlite":
            found |= _grouped(self.rows, few, few)
        elif self.along is not None:
            # Of all, CSAT has a narrower index.
            rows = self.rows if few == ["csat"] and not self.rows.query.where else self.along
            found |= _grouped(rows, few, leading(few)) if few else {}
        else:
            few, others = [], list(columns)
        # Where all are asked for, or the database groups without sorting, an index or a pass of its own tells each.
        if connection.vendor != "sqlite" or not self.rows.query.where:
            for column in others:
                found |= _grouped(self.rows, [column], [column])
        elif others:
            found |= _taken_apart(self._quick, others)
        return found

    def took_part(self, *, is_counted: bool = False) -> Counter[int]:
        """Conversations by the key of whoever had any part in them, or only by those whom the rule "all" credits."""
        if self._answer is not None:
            return self._answer.took_part(is_counted=is_counted)
        if not is_counted:
            return joined.agents(self._quick.aggregate(all=Joined("took_part"))["all"] or "")
        parts = Participation.objects.filter(is_counted=True, conversation__in=self._quick.values("pk")).order_by()
        return Counter(dict(parts.values_list("agent").annotate(count=Count("conversation", distinct=True))))

    def handled_by(self) -> Counter[str]:
        if self._answer is not None:
            return self._answer.handled_by()
        found = self._quick.aggregate(**{value: Count("pk", filter=meant) for value, meant in HANDLED.items()})
        return Counter({value: count for value, count in found.items() if count})

    def commented(self) -> Counter[str]:
        """Conversations with a survey comment ("1") and without."""
        if self._answer is not None:
            return self._answer.tallies(["has_comment"])["has_comment"]
        number = self._query.replace(comment=("1",)).count(self._user)
        return Counter({value: count for value, count in (("1", number), ("0", self.total - number)) if count})

    def marked(self, name: str) -> Counter[str]:
        """By the values of a facet of marks."""
        if self._answer is not None:
            return manymarks.counts_of(name, self._answer.holds_each, self._answer.count(), self._user.pk)
        if not manymarks.are_many(name):
            return marks.counts_of(name, self.few, self.total, self._user.pk)
        keys = self._keys
        if keys is None:
            return manymarks.counts_of(name, None, self.total, self._user.pk)
        return manymarks.counts_of(name, lambda marked: np.isin(marked, keys), len(keys), self._user.pk)

    @cached_property
    def _keys(self) -> Numbers | None:
        return keys_of(self._query.conditions(), self._user)

    @cached_property
    def _quick(self) -> QuerySet[Conversation]:
        return self.rows if self.along is None else self.along


def _grouped(rows: QuerySet[Conversation], columns: Sequence[str], by: Sequence[str]) -> Tallies:
    """From one GROUP BY over the columns `by`, which `columns` are among."""
    found: Tallies = {column: Counter() for column in columns}
    if not columns:
        return found
    wanted = [(by.index(column), found[column]) for column in columns]
    for *values, count in rows.values_list(*by).annotate(count=Count("pk")):
        for place, tally in wanted:
            tally[_text(values[place])] += count
    return found


def _text(value: Any) -> str:
    return "" if value is None else str(int(value)) if isinstance(value, bool) else str(value)


def _taken_apart(rows: QuerySet[Conversation], columns: Sequence[str]) -> Tallies:
    """From the values joined into one text for each column."""
    are_words = {column: isinstance(Conversation._meta.get_field(column), CharField) for column in columns}
    between = {column: BETWEEN_WORDS if are_words[column] else BETWEEN_NUMBERS for column in columns}
    answer = rows.aggregate(number=Count("pk"), **{f"{each}_all": Joined(each, between[each]) for each in columns})
    found: Tallies = {}
    for column in columns:
        text = answer.pop(f"{column}_all")
        if text is None:
            found[column] = Counter()
        elif are_words[column]:
            found[column] = joined.words(text)
        else:
            found[column] = Counter({str(value): n for value, n in joined.tally(joined.numbers(text)).items()})
        if missing := answer["number"] - found[column].total():
            found[column][""] += missing
    return found
