"""The trend as a table with the chart's numbers and addresses, and as one sentence."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from dashboard import formats
from dashboard.links import DayLinks
from dashboard.overview.cards import Number
from interactions.metrics import Params, Span, Trend, trend
from interactions.search import ConversationQuery, Facts

GOOD: Params = {"csat": ("4", "5")}
RATED: Params = {"csat_min": 1}
SCORED: Params = {"mcs_min": 0}
# Fewer values than these scatter too much for a line to mean anything.
FEWEST = 10
# A day with a handful of ratings is lowest by chance: the caption names a day among better known ones only.
FEWEST_ON_A_DAY = 5


@dataclass(frozen=True)
class Row:
    """One day or week; a number without conversations behind it has no address."""

    first: date
    label: str
    conversations: Number
    csat: Number
    rated: Number
    mcs: Number
    scored: Number


def trend_of(query: ConversationQuery, facts: Facts) -> Trend:
    return trend(facts, ZoneInfo(query.zone), *query.period_bounds())


def addresses(query: ConversationQuery, found: Trend) -> list[str]:
    """What each day or week of the chart opens."""
    links = DayLinks(query)
    return [links.url(span.first, span.last, {}) for span in found.spans]


def rows(query: ConversationQuery, found: Trend) -> list[Row]:
    links = DayLinks(query)
    return [_row(links, span) for span in found.spans]


def _row(links: DayLinks, span: Span) -> Row:
    return Row(
        span.first,
        label(span),
        _number(links, span, span.conversations, {}),
        _csat(links, span),
        _number(links, span, span.rated, RATED),
        _mcs(links, span),
        _number(links, span, span.scored, SCORED),
    )


def _number(links: DayLinks, span: Span, n: int, params: Params) -> Number:
    return Number(formats.count(n), links.url(span.first, span.last, params) if n else "")


def _csat(links: DayLinks, span: Span) -> Number:
    if span.csat is None or span.csat_interval is None:
        return Number(formats.NOTHING, reason="no ratings")
    low, high = (formats.share(end, span.rated).rstrip("%") for end in span.csat_interval)
    url = links.url(span.first, span.last, GOOD) if span.good else ""
    return Number(formats.share(span.csat, span.rated), url, f"({low}-{high})")


def _mcs(links: DayLinks, span: Span) -> Number:
    if span.mcs is None:
        return Number(formats.NOTHING, reason="not scored")
    return Number(f"{span.mcs:.0f}", links.url(span.first, span.last, SCORED))


def label(span: Span) -> str:
    """ "Mon 2 Nov 2026", or a week by its ends: "2 Nov to 8 Nov 2026"."""
    if span.first == span.last:
        return f"{span.first:%a} {formats.day(span.first)}"
    return f"{span.first.day} {span.first:%b} to {formats.day(span.last)}"


def caption(found: Trend) -> str:
    """One sentence over the chart: what it shows, and its lowest point among days with enough ratings."""
    what = f"CSAT by {'week' if found.is_weekly else 'day'} with its 95% interval, MCS mean and conversations"
    known = [span for span in found.spans if span.rated >= FEWEST_ON_A_DAY]
    if len(known) < 2:
        return f"{what}."
    lowest = min(known, key=lambda span: span.csat or 0)
    when = f"{'in the week from' if found.is_weekly else 'on'} {lowest.first.day} {lowest.first:%b}"
    return f"{what}; lowest CSAT {formats.share(lowest.csat, lowest.rated)} {when} (n {lowest.rated})."


def is_drawn(found: Trend) -> bool:
    """Whether there is enough for lines over time."""
    return len(found.spans) > 1 and (found.rated >= FEWEST or sum(span.scored for span in found.spans) >= FEWEST)
