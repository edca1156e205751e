"""How many of some conversations hold each value of a column, in the way that is quickest on either database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Aggregate, Count, QuerySet, TextField

from interactions.models import Conversation
from interactions.models.conversation import COUNTED
from interactions.models.together import agent_of

from .conditions import to_q
from .covering import countable, leading, walked

if TYPE_CHECKING:
    from .names import Reader
    from .query import ConversationQuery

# For each column the number of rows by value as text: none is "", yes "1", no "0".
Tallies = dict[str, Counter[str]]
_APART = "\x1f"
_FUNCTIONS = {"sqlite": "GROUP_CONCAT", "postgresql": "STRING_AGG"}
# Characters of a joined text taken apart at a time.
_PIECE = 1_000_000


class _Joined(Aggregate):
    """All values of a column but the missing ones, as one text."""

    function = "GROUP_CONCAT"
    template = f"%(function)s(%(expressions)s, '{_APART}')"


class _Run(Aggregate):
    """All texts of a column as one, nothing between them."""

    template = "%(function)s(%(expressions)s, '')"

    def __init__(self, column: str) -> None:
        super().__init__(column, output_field=TextField())
        self.function = _FUNCTIONS[connection.vendor]


class Tally:
    """What the conversations that `user` may read and `query` asks for hold."""

    def __init__(self, query: ConversationQuery, user: Reader) -> None:
        self.rows = countable(query.conditions(), user)
        self._query, self._user = query, user

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
            found |= _taken_apart(self.rows if self.along is None else self.along, others)
        return found

    def took_part(self) -> Counter[int]:
        """Conversations by the key of whoever had any part in them."""
        rows = self.rows if self.along is None else self.along
        return _signs(rows.aggregate(all=_Run("took_part"))["all"] or "")


def _signs(text: str) -> Counter[int]:
    """How often each agent stands in texts of models/together.py, one behind the other."""
    import numpy as np  # for processes that count

    found: Counter[int] = Counter()
    for start in range(0, len(text), _PIECE):
        codes = np.bincount(np.frombuffer(text[start : start + _PIECE].encode("utf-32-le"), dtype="<u4"))
        found.update({agent_of(int(code)): int(codes[code]) for code in codes.nonzero()[0]})
    return found


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
    """From the values joined into one text for each column: a third of what SQLite takes to sort as many."""
    joined = {f"{column}_all": _Joined(column, output_field=TextField()) for column in columns}
    answer = rows.aggregate(number=Count("pk"), **joined)
    found: Tallies = {}
    for column in columns:
        tally = found[column] = Counter[str]()
        for piece in _pieces(answer.pop(f"{column}_all")):
            tally.update(piece.split(_APART))
        if missing := answer["number"] - tally.total():
            tally[""] += missing
    return found


def _pieces(text: str | None) -> Iterator[str]:
    start = 0
    while text is not None and start <= len(text):
        end = text.find(_APART, start + _PIECE)
        yield text[start : end if end >= 0 else None]
        start = end + 1 if end >= 0 else len(text) + 1
