"""Figures in words."""

import pytest

from interactions.metrics import wording


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (9, "9 s"),
        (59.6, "1 m 00 s"),
        (239, "3 m 59 s"),
        (3600, "1 h 0 m"),
        (5160, "1 h 26 m"),
        (187_200, "2 d 4 h"),
    ],
)
def test_writes_a_span_in_its_two_largest_units(seconds: float, text: str) -> None:
    assert wording.span(seconds) == text


@pytest.mark.parametrize(("n", "text"), [(999, "76%"), (1000, "75.6%")])
def test_writes_one_decimal_from_a_thousand(n: int, text: str) -> None:
    assert wording.share(0.756, n) == text


@pytest.mark.parametrize(
    ("interval", "text"),
    [
        ((-0.02, 0.05), "within noise"),
        ((0.01, 0.05), "up more than chance"),
        ((-0.05, -0.01), "down more than chance"),
    ],
)
def test_calls_a_difference_noise_when_its_interval_holds_zero(interval: tuple[float, float], text: str) -> None:
    change = wording.verdict(interval, 100, "points", "74% of 90")
    assert change is not None
    assert change.text == text
    assert change.detail.startswith("74% of 90 before; difference ")


def test_has_no_verdict_without_an_interval() -> None:
    assert wording.verdict(None, 100, "points", "") is None
