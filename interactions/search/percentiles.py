"""Percentiles in SQL, on both databases alike, for all rows or for each group of them."""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from typing import Any

from django.db.models import Count, ExpressionWrapper, F, IntegerField, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from interactions.models import Conversation

Percentiles = dict[Hashable, tuple[float, ...]]


def percentiles(
    rows: QuerySet[Conversation], column: str, percents: Sequence[int], by: str | None = None
) -> Percentiles:
    """Percentiles with linear interpolation (PostgreSQL's percentile_cont), keyed by the value of `by`.

    Without `by` the only key is None; a group without a value is missing, as is whoever has no value of `by`. SQLite
    has no percentile_cont: rows are numbered by a window and only the one or two around each percentile are fetched,
    whatever the table's size.
    """
    partition = [F(by)] if by else None
    named = (column, by) if by else (column,)
    numbered = rows.order_by().filter(**{f"{name}__isnull": False for name in named})
    numbered = numbered.annotate(
        place=Window(RowNumber(), partition_by=partition, order_by=F(column).asc()),
        size=Window(Count("pk"), partition_by=partition),
    )
    wanted = Q()
    for percent in percents:
        # Whole-number division: 0 and 1 steps after the percentile's place are the rows around it.
        steps = F("place") - 1 - (F("size") - 1) * percent / 100
        numbered = numbered.annotate(**{f"steps_{percent}": ExpressionWrapper(steps, output_field=IntegerField())})
        wanted |= Q(**{f"steps_{percent}__in": (0, 1)})
    found: dict[Hashable, dict[int, Any]] = defaultdict(dict)
    sizes: dict[Hashable, int] = {}
    names = (by, "place", "size", column) if by else ("place", "size", column)
    for *key, place, size, value in numbered.filter(wanted).values_list(*names):
        group = key[0] if by else None
        found[group][place] = value
        sizes[group] = size
    return {
        group: tuple(
            interpolated([found[group][place + 1] for place in around(size, percent)], size, percent)
            for percent in percents
        )
        for group, size in sizes.items()
    }


def around(size: int, percent: int) -> tuple[int, int]:
    """The places (0 is the least) of the values between which the percentile of `size` values lies."""
    before, hundredths = divmod((size - 1) * percent, 100)
    return before, before + bool(hundredths)


def interpolated(between: Sequence[float], size: int, percent: int) -> float:
    """The percentile of `size` values from the two that it lies between."""
    low, high = between
    return low + (high - low) * ((size - 1) * percent % 100) / 100
