"""The distributions as bars: count, address and length of each."""

from dataclasses import dataclass

from dashboard.bands import BANDS, Band
from dashboard.links import list_url, narrowed
from interactions.metrics import Bar, Distributions
from interactions.search import ConversationQuery


@dataclass(frozen=True)
class DrawnBar:
    """One bar; `length` is 0..100 of the longest, `step` the colour step of its value."""

    label: str
    word: str
    step: int
    count: int
    length: float
    url: str


def csat_bars(query: ConversationQuery, counts: Distributions) -> list[DrawnBar]:
    return _draw(query, counts.csat, {value: Band(str(value), "", value) for value in range(1, 6)})


def band_bars(query: ConversationQuery, counts: Distributions) -> list[DrawnBar]:
    return _draw(query, counts.mcs_band, BANDS)


def _draw(query: ConversationQuery, bars: tuple[Bar, ...], words: dict[int, Band]) -> list[DrawnBar]:
    longest = max((bar.count for bar in bars), default=0) or 1
    return [
        DrawnBar(
            *words[bar.value],
            count=bar.count,
            length=round(100 * bar.count / longest, 1),
            url=list_url(narrowed(query, bar.params)) if bar.count else "",
        )
        for bar in bars
    ]
