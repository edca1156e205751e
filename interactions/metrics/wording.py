"""How figures are written (screens.md, Formats)."""

from .figure import Change
from .intervals import Interval

NOTHING = "–"
# From here on a share carries one decimal: below, the interval is wider than a point anyway.
DECIMALS_FROM = 1000
WITHIN_NOISE = "within noise"
UNITS = (("d", 86400, "h", 3600, ""), ("h", 3600, "m", 60, ""), ("m", 60, "s", 1, "02"))


def count(number: int) -> str:
    return f"{number:,}"


def share(value: float, n: int) -> str:
    """0.756 -> "76%", or "75.6%" from n 1,000."""
    return f"{_points(value, n)}%"


def share_interval(interval: Interval | None, n: int) -> str:
    return f"({_points(interval[0], n)}-{_points(interval[1], n)})" if interval else ""


def _points(value: float, n: int) -> str:
    return f"{value * 100:.{1 if n >= DECIMALS_FROM else 0}f}"


def span(seconds: float) -> str:
    """The two largest units: 9 s, 3 m 59 s, 1 h 26 m, 2 d 4 h."""
    whole = round(seconds)
    for unit, size, small, small_size, digits in UNITS:
        if whole >= size:
            return f"{whole // size} {unit} {whole % size // small_size:{digits}} {small}"
    return f"{whole} s"


def verdict(interval: Interval | None, size: float, unit: str, before: str) -> Change | None:
    """Whether a difference is more than chance: its 95 % interval holds zero, or lies on one side of it."""
    if interval is None:
        return None
    low, high = interval[0] * size, interval[1] * size
    detail = f"{before} before; difference {low:+.1f} to {high:+.1f} {unit} (95%)"
    if low <= 0 <= high:
        return Change(WITHIN_NOISE, detail, is_certain=False)
    return Change(f"{'up' if low > 0 else 'down'} more than chance", detail, is_certain=True)
