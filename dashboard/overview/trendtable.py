"""The trend as a table with the chart's numbers and addresses, and as one sentence."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from dashboard import formats
from dashboard.links import list_url, narrowed, started_between
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
    return [list_url(started_between(query, span.first, span.last)) for span in found.spans]


def rows(query: ConversationQuery, found: Trend) -> list[Row]:
    return [_row(started_between(query, span.first, span.last), span) for span in found.spans]


def _row(query: ConversationQuery, span: Span) -> Row:
    return Row(
        span.first,
        label(span),
        _number(query, span.conversations, {}),
        _csat(query, span),
        _number(query, span.rated, RATED),
        _mcs(query, span),
        _number(query, span.scored, SCORED),
    )


def _number(query: ConversationQuery, n: int, params: Params) -> Number:
    return Number(formats.count(n), list_url(narrowed(query, params)) if n else "")


def _csat(query: ConversationQuery, span: Span) -> Number:
    if span.csat is None or span.csat_interval is None:
        return Number(formats.NOTHING, reason="no ratings")
    low, high = (formats.share(end, span.rated).rstrip("%") for end in span.csat_interval)
    url = list_url(narrowed(query, GOOD)) if span.good else ""
    return Number(formats.share(span.csat, span.rated), url, f"({low}-{high})")


def _mcs(query: ConversationQuery, span: Span) -> Number:
    if span.mcs is None:
        return Number(formats.NOTHING, reason="not scored")
    return Number(f"{span.mcs:.0f}", list_url(narrowed(query, SCORED)))


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
