"""CSAT, MCS and volume over time, by days or weeks of a zone."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from interactions.search.facts import Facts
from interactions.search.sums import Number, Sum, Total

from .csat import GOOD
from .intervals import Interval, wilson

SLOT_SECONDS = 900
# Beyond a quarter a year's days are a thicket: weeks, from Monday.
DAYS_BEFORE_WEEKS = 92
# Beyond 13 months the conversations bound the trend: an address may ask from the year 1.
LONGEST_DAYS = 400
# Beyond ten years weeks without conversations are left out: a single record may say that it started in 2998.
DAYS_BEFORE_GAPS = 3660
ONE_DAY = timedelta(days=1)
COLUMN = "started_slot"
SUMS: dict[str, Sum] = {
    "conversations": Number(),
    "rated": Number("csat"),
    "good": Number("csat", GOOD),
    "scored": Number("mcs"),
    "mcs_sum": Total("mcs"),
}


@dataclass
class Span:
    """One day or week of a trend; `first` and `last` are local dates, both included."""

    first: date
    last: date
    conversations: int = 0
    rated: int = 0
    good: int = 0
    scored: int = 0
    mcs_sum: int = 0

    @property
    def csat(self) -> float | None:
        return self.good / self.rated if self.rated else None

    @property
    def csat_interval(self) -> Interval | None:
        return wilson(self.good, self.rated)

    @property
    def mcs(self) -> float | None:
        return self.mcs_sum / self.scored if self.scored else None


@dataclass(frozen=True)
class Trend:
    spans: list[Span] = field(default_factory=list)
    is_weekly: bool = False

    @property
    def rated(self) -> int:
        return sum(span.rated for span in self.spans)


def trend(facts: Facts, zone: ZoneInfo, first: date | None, last: date | None) -> Trend:
    """The trend from `first` to `last` in `zone`; where one is None, from or to the conversations themselves.

    Each day or week follows the one before it, but beyond DAYS_BEFORE_GAPS only those with conversations are there.
    """
    if first is None or last is None or (last - first).days > LONGEST_DAYS:
        ends = facts.ends(COLUMN)
        if ends is None:
            return Trend()
        first = max(first or date.min, _day(ends[0], zone))
        last = min(last or date.max, _day(ends[1], zone))
    if last < first:
        return Trend()
    length = (last - first).days
    is_weekly = length >= DAYS_BEFORE_WEEKS
    if length > DAYS_BEFORE_GAPS:
        days = list(_weeks({_day(slot, zone) for slot in facts.values(COLUMN)}, first, last))
    elif is_weekly:
        days = list(_weeks([*(first + number * ONE_DAY for number in range(0, length, 7)), last], first, last))
    else:
        days = list(_days(first, last))
    edges = [*(_slot(begin, zone) for begin, _ in days), _slot(last + ONE_DAY, zone)]
    added = facts.along(COLUMN, edges, SUMS)
    return Trend([Span(*ends, *sums.values()) for ends, sums in zip(days, added, strict=True)], is_weekly)


def _day(slot: int, zone: ZoneInfo) -> date:
    return datetime.fromtimestamp(slot * SLOT_SECONDS, zone).date()


def _slot(day: date, zone: ZoneInfo) -> int:
    """The quarter hour in which a local day begins; zones are offset by whole quarters of an hour."""
    # Where clocks skip midnight, fold 0 names the instant of the change, which is when that day begins.
    return int(datetime.combine(day, time(), zone).timestamp()) // SLOT_SECONDS


def _days(first: date, last: date) -> Iterable[tuple[date, date]]:
    for number in range((last - first).days + 1):
        day = first + number * ONE_DAY
        yield day, day


def _weeks(days: Iterable[date], first: date, last: date) -> Iterable[tuple[date, date]]:
    """The weeks that `days` lie in, as far as they lie between `first` and `last`."""
    for monday in sorted({day.toordinal() - day.weekday() for day in days}):
        # As numbers: the last week of the calendar has no Sunday.
        low, high = max(monday, first.toordinal()), min(monday + 6, last.toordinal())
        if low <= high:
            yield date.fromordinal(low), date.fromordinal(high)
