"""95 % intervals: Wilson for a share, t for a mean, Newcombe and Welch for their differences."""

from functools import cache, lru_cache
from math import sqrt

CONFIDENCE = 0.95
Interval = tuple[float, float]


@lru_cache(maxsize=4096)
def wilson(part: int, whole: int) -> Interval | None:
    """Interval of a share, 0..1 (Wilson 1927, score interval without continuity correction); None of nothing.

    The formula stands here, and a test beside SciPy's own: `scipy.stats` takes a second and 45 MB of every web process.
    """
    if whole == 0:
        return None
    share, squared = part / whole, _z() ** 2
    middle = (share + squared / (2 * whole)) / (1 + squared / whole)
    half = sqrt(squared * (share * (1 - share) + squared / (4 * whole)) / whole) / (1 + squared / whole)
    return 0.0 if part == 0 else middle - half, 1.0 if part == whole else middle + half


def mean_interval(mean: float, spread: float, n: int) -> Interval | None:
    """Interval of a mean by Student's t; None under two values. `spread` is the sample standard deviation."""
    if n < 2:
        return None
    half = _t(n - 1) * spread / sqrt(n)
    return mean - half, mean + half


def share_difference(part: int, whole: int, part_before: int, whole_before: int) -> Interval | None:
    """Interval of one share minus another, independent samples (Newcombe 1998, Stat. Med. 17:873, method 10)."""
    now, before = wilson(part, whole), wilson(part_before, whole_before)
    if now is None or before is None:
        return None
    p, q = part / whole, part_before / whole_before
    low = p - q - sqrt((p - now[0]) ** 2 + (before[1] - q) ** 2)
    high = p - q + sqrt((now[1] - p) ** 2 + (q - before[0]) ** 2)
    return low, high


def mean_difference(now: tuple[float, float, int], before: tuple[float, float, int]) -> Interval | None:
    """Interval of one mean minus another by Welch's t; each is (mean, standard deviation, n)."""
    (mean, spread, n), (mean_before, spread_before, n_before) = now, before
    if n < 2 or n_before < 2:
        return None
    a, b = spread**2 / n, spread_before**2 / n_before
    difference = mean - mean_before
    if a + b == 0:
        return difference, difference
    freedom = (a + b) ** 2 / (a**2 / (n - 1) + b**2 / (n_before - 1))
    half = _t(freedom) * sqrt(a + b)
    return difference - half, difference + half


# SciPy is loaded by processes that show figures alone.


@cache
def _z() -> float:
    from scipy.special import ndtri

    return float(ndtri(0.5 + CONFIDENCE / 2))


@lru_cache(maxsize=4096)
def _t(freedom: float) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(freedom, 0.5 + CONFIDENCE / 2))
