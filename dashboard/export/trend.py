"""The trend's table as a file: one row per day or week, with the numbers that the chart draws."""

from collections.abc import Sequence

from interactions.metrics import Span

from .lines import Column


def trend_columns() -> Sequence[Column]:
    """Shares are 0 to 1 with their 95 % interval by Wilson; a figure without ratings or scores is empty."""
    return (
        Column("from", lambda span: span.first.isoformat()),
        Column("to", lambda span: span.last.isoformat()),
        Column("conversations", lambda span: span.conversations),
        Column("csat_share", lambda span: _rounded(span.csat)),
        Column("csat_low", lambda span: _end(span, 0)),
        Column("csat_high", lambda span: _end(span, 1)),
        Column("ratings", lambda span: span.rated),
        Column("mcs_mean", lambda span: _rounded(span.mcs)),
        Column("scored", lambda span: span.scored),
    )


def _end(span: Span, place: int) -> float | None:
    interval = span.csat_interval
    return None if interval is None else _rounded(interval[place])


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
