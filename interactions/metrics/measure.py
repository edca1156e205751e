"""Computes many figures of the same conversations at once, whole or group by group."""

from collections import defaultdict
from collections.abc import Hashable

from interactions.search.facts import Facts
from interactions.search.sums import Sum

from .distributions import Distributions, distribution_sums, read_distributions
from .figure import Figure, Metric, Metrics, Percentiles, Values

Figures = dict[str, Figure]


def measure(facts: Facts, metrics: Metrics) -> Figures:
    """Figures by metric key: one question, and one more for each metric with percentiles."""
    values = facts.whole(_sums(metrics))
    return _read_all(metrics, values, {metric.key: _percentiles(facts, metric) for metric in metrics}, None)


def measure_whole_and_by(
    facts: Facts, metrics: Metrics, by: str
) -> tuple[Figures, dict[Hashable, Figures], Distributions]:
    """Figures of all rows, of each value of `by`, and the distributions, from one walk over the rows.

    The groups add up to the whole; percentiles do not and are asked for apart.
    """
    sums = _sums(metrics) | distribution_sums()
    groups = facts.by(by, sums)
    whole = {name: sum(values[name] for values in groups.values()) for name in sums}
    extra = {metric.key: _percentiles(facts, metric) for metric in metrics}
    extra_by = {metric.key: _percentiles(facts, metric, by) for metric in metrics}
    found = {key: _read_all(metrics, values, extra_by, key) for key, values in groups.items() if key is not None}
    return _read_all(metrics, whole, extra, None), found, read_distributions(whole)


def _read_all(
    metrics: Metrics, values: Values, extra: dict[str, dict[Hashable, tuple[float, ...]]], key: Hashable
) -> Figures:
    return {metric.key: metric.read(_own(metric, values, extra[metric.key], key)) for metric in metrics}


def _sums(metrics: Metrics) -> dict[str, Sum]:
    return {f"{metric.key}_{name}": one for metric in metrics for name, one in metric.sums.items()}


def _percentiles(facts: Facts, metric: Metric, by: str | None = None) -> dict[Hashable, tuple[float, ...]]:
    wanted: Percentiles | None = metric.percentiles
    return facts.percentiles(wanted.column, wanted.percents, by) if wanted else defaultdict(tuple)


def _own(metric: Metric, values: Values, extra: dict[Hashable, tuple[float, ...]], key: Hashable) -> Values:
    own = {name: values[f"{metric.key}_{name}"] for name in metric.sums}
    return own | {"percentiles": extra.get(key, ())}
