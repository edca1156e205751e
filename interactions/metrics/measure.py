"""Computes many figures of the same conversations in one statement, whole or group by group."""

from collections import defaultdict
from collections.abc import Hashable

from django.db.models.expressions import BaseExpression

from .figure import Figure, Metric, Metrics, Percentiles, Rows, Values
from .percentiles import percentiles

Figures = dict[str, Figure]


def measure(rows: Rows, metrics: Metrics) -> Figures:
    """Figures by metric key: one statement, and one more for each metric with percentiles."""
    values = rows.order_by().aggregate(**_columns(metrics))
    return {metric.key: metric.read(_own(metric, values, _percentiles(rows, metric), None)) for metric in metrics}


def measure_by(rows: Rows, metrics: Metrics, by: str) -> dict[Hashable, Figures]:
    """The same for each value of the column `by`; rows where it is null are left out."""
    rows = rows.order_by().filter(**{f"{by}__isnull": False})
    extra = {metric.key: _percentiles(rows, metric, by) for metric in metrics}
    found: dict[Hashable, Figures] = {}
    for values in rows.values(by).annotate(**_columns(metrics)):
        key = values[by]
        found[key] = {metric.key: metric.read(_own(metric, values, extra[metric.key], key)) for metric in metrics}
    return found


def _columns(metrics: Metrics) -> dict[str, BaseExpression]:
    # Two underscores would read as a lookup, hence the plain join.
    return {f"{metric.key}_{name}": expression for metric in metrics for name, expression in metric.columns.items()}


def _percentiles(rows: Rows, metric: Metric, by: str | None = None) -> dict[Hashable, tuple[float, ...]]:
    wanted: Percentiles | None = metric.percentiles
    return percentiles(rows, wanted.column, wanted.percents, by) if wanted else defaultdict(tuple)


def _own(metric: Metric, values: Values, extra: dict[Hashable, tuple[float, ...]], key: Hashable) -> Values:
    own = {name: values[f"{metric.key}_{name}"] for name in metric.columns}
    return own | {"percentiles": extra.get(key, ())}
