"""Filters on when conversations started and ended: dates, inclusive, local to the query's zone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from interactions.search.clock import LocalTimes
from interactions.search.conditions import Condition

from . import reading
from .table import Choice, Filter, Names, Parameter, choices, joined

FAMILY = "Time"
PERIODS = {
    "today": "today",
    "yesterday": "yesterday",
    "7d": "in the last 7 days",
    "28d": "in the last 28 days",
    "this_month": "this month",
    "last_month": "last month",
}
WEEKDAYS = dict(
    zip("1234567", ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), strict=True)
)
HOURS = {str(hour): f"{hour}:00 to {hour}:59" for hour in range(24)}
Bounds = tuple[date | None, date | None]


def period_days(period: str, today: date) -> tuple[date, date]:
    """First and last day of a relative period; 7d and 28d include today."""
    first_of_month = today.replace(day=1)
    last_of_previous = first_of_month - timedelta(days=1)
    yesterday = today - timedelta(days=1)
    return {
        "today": (today, today),
        "yesterday": (yesterday, yesterday),
        "7d": (today - timedelta(days=6), today),
        "28d": (today - timedelta(days=27), today),
        "this_month": (first_of_month, today),
        "last_month": (last_of_previous.replace(day=1), last_of_previous),
    }[period]


def started_bounds(query: Any) -> Bounds:
    """The local dates, both included, between which the asked conversations started."""
    if query.period is None:
        return query.started_from, query.started_to
    return period_days(query.period, query.asked_at.astimezone(ZoneInfo(query.zone)).date())


def first_instant(day: date, zone: str) -> datetime:
    """The UTC instant at which `day` begins in `zone`, also where the clock skips or repeats midnight."""
    return datetime.combine(day, time.min, ZoneInfo(zone)).astimezone(UTC)


def conditions_of(column: str, bounds: Bounds, zone: str) -> tuple[Condition, ...]:
    first, last = bounds
    found = []
    if first is not None:
        found.append(Condition(column, "at_least", first_instant(first, zone)))
    if last is not None:
        found.append(Condition(column, "before", first_instant(last + timedelta(days=1), zone)))
    return tuple(found)


def written(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def words_of(bounds: Bounds) -> str:
    """Dates as the sentence says them: "since 1 Nov 2026", "1 Nov to 3 Nov 2026"."""
    first, last = bounds
    if first is None:
        return f"until {written(last)}" if last else ""
    if last is None:
        return f"since {written(first)}"
    if first == last:
        return f"on {written(first)}"
    start = f"{first.day} {first:%b}" if first.year == last.year else written(first)
    return f"{start} to {written(last)}"


def _dates(name: str, label: str) -> tuple[Parameter, ...]:
    return tuple(Parameter(f"{name}_{end}", f"{label} {end}", "date", reading.day) for end in ("from", "to"))


def _started_words(query: Any, names: Names) -> str:
    return f"started {PERIODS[query.period] if query.period else words_of(started_bounds(query))}"


def last_year(query: Any) -> int:
    """Until when the changes of its zone's clocks are looked up."""
    return int(query.asked_at.year + 1)


def _local_times(query: Any, values: tuple[str, ...]) -> LocalTimes:
    return LocalTimes(tuple([int(value) for value in values]), query.zone, last_year(query))


def _weekday_words(query: Any, names: Names) -> str:
    return f"started on a {joined([WEEKDAYS[value] for value in query.weekday])}"


def _hour_words(query: Any, names: Names) -> str:
    """Hours that follow each other as one stretch: "started from 9:00 to 11:59 or 14:00 to 14:59"."""
    hours = [int(value) for value in query.hour]
    firsts = [hour for hour in hours if hour - 1 not in hours]
    lasts = [hour for hour in hours if hour + 1 not in hours]
    stretches = [f"{first}:00 to {last}:59" for first, last in zip(firsts, lasts, strict=True)]
    return f"started from {joined(stretches)}"


_PERIOD = Parameter(
    "period",
    "Started",
    "choices",
    reading.one_of(tuple(PERIODS)),
    choices=tuple(Choice(value, word) for value, word in PERIODS.items()),
)

FILTERS = (
    Filter(
        "started",
        FAMILY,
        "Started",
        (*_dates("started", "Started"), _PERIOD),
        lambda query: conditions_of("started_at", started_bounds(query), query.zone),
        _started_words,
    ),
    Filter(
        "ended",
        FAMILY,
        "Ended",
        _dates("ended", "Ended"),
        lambda query: conditions_of("ended_at", (query.ended_from, query.ended_to), query.zone),
        lambda query, names: f"ended {words_of((query.ended_from, query.ended_to))}",
    ),
    replace(
        choices("weekday", FAMILY, "Weekday of the start", WEEKDAYS),
        conditions=lambda query: (Condition("started_slot", "on_weekdays", _local_times(query, query.weekday)),),
        words=_weekday_words,
    ),
    replace(
        choices("hour", FAMILY, "Hour of the start", HOURS),
        conditions=lambda query: (Condition("started_slot", "in_hours", _local_times(query, query.hour)),),
        words=_hour_words,
    ),
)
