"""Intervals against published and hand-computed values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest
from scipy.stats import t as student

from interactions.metrics import intervals


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [
        (8, 10, 0.4902, 0.9433),
        (18, 20, 0.6990, 0.9721),
        (912, 1206, 0.7312, 0.7796),
        (0, 12, 0.0, 0.2425),
        (12, 12, 0.7575, 1.0),
        (1, 1, 0.2065, 1.0),
    ],
)
def test_gives_the_wilson_interval_of_a_share(part: int, whole: int, low: float, high: float) -> None:
    assert intervals.wilson(part, whole) == pytest.approx((low, high), abs=5e-5)


def test_has_no_interval_of_nothing() -> None:
    assert intervals.wilson(0, 0) is None
    assert intervals.share_difference(0, 0, 3, 4) is None


@pytest.mark.parametrize("n", [1, 7, 60, 999])
def test_stays_within_nought_and_one_for_every_count(n: int) -> None:
    for part in range(n + 1):
        low, high = intervals.wilson(part, n) or (1, 0)
        assert 0 <= low <= part / n + 1e-12
        assert part / n - 1e-12 <= high <= 1


def test_gives_the_t_interval_of_a_mean() -> None:
    # 60, 70, 80: standard deviation 10, t(2) = 4.3027.
    assert intervals.mean_interval(70, 10, 3) == pytest.approx((45.158, 94.842), abs=1e-3)
    assert intervals.mean_interval(70, 0, 1) is None


def test_gives_newcombes_interval_of_a_difference() -> None:
    # Newcombe 1998, table II, example (a), method 10: 56/70 against 48/80.
    assert intervals.share_difference(56, 70, 48, 80) == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_gives_welchs_interval_of_a_difference() -> None:
    # Equal sizes and spreads: Welch is Student with 2n - 2 degrees of freedom, t(18) = 2.1009.
    low, high = intervals.mean_difference((52, 10, 10), (50, 10, 10)) or (0, 0)
    assert (low, high) == pytest.approx((2 - 2.1009 * 4.4721, 2 + 2.1009 * 4.4721), abs=1e-3)


@pytest.mark.parametrize(("now", "before"), [((50, 1, 1), (50, 1, 9)), ((50, 1, 9), (50, 1, 1))])
def test_has_no_difference_of_means_with_a_single_value(now: tuple, before: tuple) -> None:
    assert intervals.mean_difference(now, before) is None


def test_takes_means_without_spread_as_certain() -> None:
    assert intervals.mean_difference((60, 0, 5), (50, 0, 5)) == (10, 10)


@given(whole=st.integers(1, 10**7), part=st.integers(0, 10**7))
def test_agrees_with_scipy_about_shares(whole: int, part: int) -> None:
    part = min(part, whole)
    expected = binomtest(part, whole, p=part / whole).proportion_ci(intervals.CONFIDENCE, method="wilson")
    assert intervals.wilson(part, whole) == pytest.approx((expected.low, expected.high), rel=1e-9, abs=1e-12)


@given(st.floats(1, 10**6))
def test_agrees_with_scipy_about_t(freedom: float) -> None:
    assert intervals._t(freedom) == pytest.approx(student.ppf(0.5 + intervals.CONFIDENCE / 2, freedom), rel=1e-9)
