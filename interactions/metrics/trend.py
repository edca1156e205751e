"""CSAT, MCS and volume over time: grouped by quarter hour in SQL, folded into days of a zone afterwards."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Min, Q, Sum

from .csat import GOOD
from .figure import Rows
from .intervals import Interval, wilson

SLOT_SECONDS = 900
# Beyond a quarter a year's days are a thicket: weeks, from Monday.
DAYS_BEFORE_WEEKS = 92
# Beyond 13 months the conversations bound the trend: an address may ask from the year 1.
LONGEST_DAYS = 400
# Beyond ten years weeks without conversations are left out: a single record may say that it started in 2998.
DAYS_BEFORE_GAPS = 3660
ONE_DAY = timedelta(days=1)
Counts = tuple[int, ...]


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

    def add(self, counts: Iterable[int | None]) -> None:
        conversations, rated, good, scored, mcs_sum = (count or 0 for count in counts)
        self.conversations += conversations
        self.rated += rated
        self.good += good
        self.scored += scored
        self.mcs_sum += mcs_sum


@dataclass(frozen=True)
class Trend:
    spans: list[Span] = field(default_factory=list)
    is_weekly: bool = False

    @property
    def rated(self) -> int:
        return sum(span.rated for span in self.spans)


def trend(rows: Rows, zone: ZoneInfo, first: date | None, last: date | None) -> Trend:
    """The trend from `first` to `last` in `zone`; where one is None, from or to the conversations themselves.

    Each day or week follows the one before it, but beyond DAYS_BEFORE_GAPS only those with conversations are there.
    """
    if first is None or last is None or (last - first).days > LONGEST_DAYS:
        ends = rows.order_by().aggregate(first=Min("started_slot"), last=Max("started_slot"))
        if ends["first"] is None:
            return Trend()
        first = max(first or date.min, _day(ends["first"], zone))
        last = min(last or date.max, _day(ends["last"], zone))
    if last < first:
        return Trend()
    length, counts = (last - first).days, list(_counted(rows))
    is_weekly = length >= DAYS_BEFORE_WEEKS
    if length > DAYS_BEFORE_GAPS:
        spans = list(_weeks({_day(slot, zone) for slot, *_ in counts}, first, last))
    elif is_weekly:
        spans = list(_weeks([*(first + number * ONE_DAY for number in range(0, length, 7)), last], first, last))
    else:
        spans = list(_days(first, last))
    _fold(counts, spans, [*(_slot(span.first, zone) for span in spans), _slot(last + ONE_DAY, zone)])
    return Trend(spans, is_weekly)


def _day(slot: int, zone: ZoneInfo) -> date:
    return datetime.fromtimestamp(slot * SLOT_SECONDS, zone).date()


def _slot(day: date, zone: ZoneInfo) -> int:
    """The quarter hour in which a local day begins; zones are offset by whole quarters of an hour."""
    # Where clocks skip midnight, fold 0 names the instant of the change, which is when that day begins.
    return int(datetime.combine(day, time(), zone).timestamp()) // SLOT_SECONDS


def _days(first: date, last: date) -> Iterable[Span]:
    for number in range((last - first).days + 1):
        day = first + number * ONE_DAY
        yield Span(day, day)


def _weeks(days: Iterable[date], first: date, last: date) -> Iterable[Span]:
    """The weeks that `days` lie in, as far as they lie between `first` and `last`."""
    for monday in sorted({day.toordinal() - day.weekday() for day in days}):
        # As numbers: the last week of the calendar has no Sunday.
        low, high = max(monday, first.toordinal()), min(monday + 6, last.toordinal())
        if low <= high:
            yield Span(date.fromordinal(low), date.fromordinal(high))


def _counted(rows: Rows) -> Iterable[Counts]:
    """(slot, conversations, rated, good, scored, sum of MCS) of each quarter hour in which any started."""
    return (
        rows.order_by()
        .values_list("started_slot")
        .annotate(
            conversations=Count("pk"),
            rated=Count("csat"),
            good=Count("pk", filter=Q(csat__in=GOOD)),
            scored=Count("mcs"),
            mcs_sum=Sum("mcs"),
        )
    )


def _fold(groups: Iterable[Counts], spans: Sequence[Span], edges: Sequence[int]) -> None:
    """Adds each quarter hour to its span; `edges` are the slots in which the spans begin and the last one ends."""
    for slot, *counts in groups:
        place = bisect_right(edges, slot) - 1
        if 0 <= place < len(spans):
            spans[place].add(counts)
