"""Percentiles in SQL, on both databases alike, for all rows or for each group of them."""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from typing import Any

from django.db.models import Count, ExpressionWrapper, F, IntegerField, Q, Window
from django.db.models.functions import RowNumber

from .figure import Rows


def percentiles(
    rows: Rows, column: str, percents: Sequence[int], by: str | None = None
) -> dict[Hashable, tuple[float, ...]]:
    """Percentiles with linear interpolation (PostgreSQL's percentile_cont), keyed by the value of `by`.

    Without `by` the only key is None; a group without a value is missing. SQLite has no percentile_cont: rows are
    numbered by a window and only the one or two around each percentile are fetched, whatever the table's size.
    """
    partition = [F(by)] if by else None
    numbered = rows.order_by().filter(**{f"{column}__isnull": False})
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
    around: dict[Hashable, dict[int, Any]] = defaultdict(dict)
    sizes: dict[Hashable, int] = {}
    names = (by, "place", "size", column) if by else ("place", "size", column)
    for *key, place, size, value in numbered.filter(wanted).values_list(*names):
        group = key[0] if by else None
        around[group][place] = value
        sizes[group] = size
    return {
        group: tuple(_interpolate(around[group], size, percent) for percent in percents)
        for group, size in sizes.items()
    }


def _interpolate(values: dict[int, float], size: int, percent: int) -> float:
    before, hundredths = divmod((size - 1) * percent, 100)
    low = values[before + 1]
    high = values.get(before + 2, low)
    return low + (high - low) * hundredths / 100
