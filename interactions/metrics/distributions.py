"""How many conversations have each rating and each MCS band."""

from dataclasses import dataclass

from django.db.models import Count, Q

from .figure import Params, Rows

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


def distributions(rows: Rows) -> Distributions:
    """All counts in one statement."""
    wanted = [("csat", value) for value in RATINGS] + [("mcs_band", value) for value in BANDS]
    columns = {f"{column}_{place}": Count("pk", filter=Q(**{column: v})) for place, (column, v) in enumerate(wanted)}
    counts = rows.order_by().aggregate(**columns)
    bars = [
        (column, Bar(value, counts[f"{column}_{place}"], {column: (str(value),)}))
        for place, (column, value) in enumerate(wanted)
    ]
    return Distributions(*(tuple(bar for name, bar in bars if name == column) for column in ("csat", "mcs_band")))
