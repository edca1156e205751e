"""What is computed from many conversations at once: sums, whole or group by group, and percentiles."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable, Mapping, Sequence
from typing import Protocol

from django.db.models import Max, Min, QuerySet

from interactions.models import Conversation

from .percentiles import Percentiles, percentiles
from .sums import Sum, expression

Sums = Mapping[str, Sum]
Added = dict[str, int]


class Facts(Protocol):
    """Of some conversations. Columns are named as in `Conversation`; a column of keys gives the keys."""

    def whole(self, sums: Sums) -> Added: ...

    def by(self, column: str, sums: Sums) -> dict[Hashable, Added]:
        """For each value that there is, None among them."""
        ...

    def along(self, column: str, edges: Sequence[int], sums: Sums) -> list[Added]:
        """For each stretch from one of the ascending `edges` until before the next."""
        ...

    def values(self, column: str) -> list[int]:
        """Each value that there is, once, in order."""
        ...

    def ends(self, column: str) -> tuple[int, int] | None:
        """The least and the greatest value."""
        ...

    def percentiles(self, column: str, percents: Sequence[int], by: str | None = None) -> Percentiles:
        """As `percentiles.percentiles`; who has no value of `by` is left out."""
        ...


class InDatabase:
    """Of the rows of a query, one statement for each question."""

    def __init__(self, rows: QuerySet[Conversation]) -> None:
        self._rows = rows.order_by()

    def whole(self, sums: Sums) -> Added:
        return _named(sums, list(self._rows.aggregate(**_columns(sums)).values()))

    def by(self, column: str, sums: Sums) -> dict[Hashable, Added]:
        return {key: _named(sums, values) for key, *values in self._grouped(column, sums)}

    def along(self, column: str, edges: Sequence[int], sums: Sums) -> list[Added]:
        found = [dict.fromkeys(sums, 0) for _ in edges[1:]]
        for value, *values in self._grouped(column, sums):
            place = bisect_right(edges, value) - 1
            if 0 <= place < len(found):
                for name, number in _named(sums, values).items():
                    found[place][name] += number
        return found

    def values(self, column: str) -> list[int]:
        return sorted(self._rows.filter(**{f"{column}__isnull": False}).values_list(column, flat=True).distinct())

    def ends(self, column: str) -> tuple[int, int] | None:
        ends = self._rows.aggregate(least=Min(column), greatest=Max(column))
        return None if ends["least"] is None else (ends["least"], ends["greatest"])

    def percentiles(self, column: str, percents: Sequence[int], by: str | None = None) -> Percentiles:
        return percentiles(self._rows, column, percents, by)

    def _grouped(self, column: str, sums: Sums) -> QuerySet[Conversation, tuple[int, ...]]:
        return self._rows.values_list(column).annotate(**_columns(sums))


def _columns(sums: Sums) -> dict[str, object]:
    # Numbered: a name of a sum may be that of a column.
    return {f"sum_{place}": expression(one) for place, one in enumerate(sums.values())}


def _named(sums: Sums, values: Sequence[int | None]) -> Added:
    return {name: value or 0 for name, value in zip(sums, values, strict=True)}
