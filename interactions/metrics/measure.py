"""Computes many figures of the same conversations in one statement, whole or group by group."""

from collections import defaultdict
from collections.abc import Hashable

from django.db.models.expressions import BaseExpression

from .distributions import Distributions, distribution_columns, read_distributions
from .figure import Figure, Metric, Metrics, Percentiles, Rows, Values
from .percentiles import percentiles

Figures = dict[str, Figure]


def measure(rows: Rows, metrics: Metrics) -> Figures:
    """Figures by metric key: one statement, and one more for each metric with percentiles."""
    values = rows.order_by().aggregate(**_columns(metrics))
    return _read_all(metrics, values, {metric.key: _percentiles(rows, metric) for metric in metrics}, None)


def measure_whole_and_by(
    rows: Rows, metrics: Metrics, by: str
) -> tuple[Figures, dict[Hashable, Figures], Distributions]:
    """Figures of all rows, of each value of `by`, and the distributions, from one walk over the rows.

    Every column is a count or a sum, so the groups add up to the whole; percentiles do not and are asked for apart.
    """
    columns = _columns(metrics) | distribution_columns()
    groups = list(rows.order_by().values(by).annotate(**columns))
    whole = {name: sum(values[name] or 0 for values in groups) for name in columns}
    extra = {metric.key: _percentiles(rows, metric) for metric in metrics}
    extra_by = {metric.key: _percentiles(rows.filter(**{f"{by}__isnull": False}), metric, by) for metric in metrics}
    found = {
        values[by]: _read_all(metrics, values, extra_by, values[by]) for values in groups if values[by] is not None
    }
    return _read_all(metrics, whole, extra, None), found, read_distributions(whole)


def _read_all(
    metrics: Metrics, values: Values, extra: dict[str, dict[Hashable, tuple[float, ...]]], key: Hashable
) -> Figures:
    return {metric.key: metric.read(_own(metric, values, extra[metric.key], key)) for metric in metrics}


def _columns(metrics: Metrics) -> dict[str, BaseExpression]:
    # Two underscores would read as a lookup, hence the plain join.
    return {f"{metric.key}_{name}": expression for metric in metrics for name, expression in metric.columns.items()}


def _percentiles(rows: Rows, metric: Metric, by: str | None = None) -> dict[Hashable, tuple[float, ...]]:
    wanted: Percentiles | None = metric.percentiles
    return percentiles(rows, wanted.column, wanted.percents, by) if wanted else defaultdict(tuple)


def _own(metric: Metric, values: Values, extra: dict[Hashable, tuple[float, ...]], key: Hashable) -> Values:
    own = {name: values[f"{metric.key}_{name}"] for name in metric.columns}
    return own | {"percentiles": extra.get(key, ())}
