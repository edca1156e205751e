"""How many conversations have each rating and each MCS band."""

from dataclasses import dataclass

from interactions.search.sums import Number

from .figure import Params, Values

RATINGS = (1, 2, 3, 4, 5)
BANDS = (-1, 0, 1)


@dataclass(frozen=True)
class Bar:
    """One value with its count and the parameters that select its conversations."""

    value: int
    count: int
    params: Params


@dataclass(frozen=True)
class Distributions:
    csat: tuple[Bar, ...]
    mcs_band: tuple[Bar, ...]

    @property
    def rated(self) -> int:
        return sum(bar.count for bar in self.csat)

    @property
    def banded(self) -> int:
        return sum(bar.count for bar in self.mcs_band)


def _names() -> dict[tuple[str, int], str]:
    wanted = [("csat", value) for value in RATINGS] + [("mcs_band", value) for value in BANDS]
    return {(column, value): f"bar_{place}" for place, (column, value) in enumerate(wanted)}


def distribution_sums() -> dict[str, Number]:
    """The sums from which `read_distributions` makes the bars."""
    return {name: Number(column, (value,)) for (column, value), name in _names().items()}


def read_distributions(values: Values) -> Distributions:
    bars = [(column, Bar(value, values[name], {column: (str(value),)})) for (column, value), name in _names().items()]
    return Distributions(*(tuple(bar for name, bar in bars if name == column) for column in ("csat", "mcs_band")))
