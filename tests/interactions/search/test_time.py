"""Dates are whole local days, also where the clock jumps."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from django.http import QueryDict

from interactions.search import parse
from interactions.search.clock import changes
from interactions.search.filters.time import first_instant
from tests import factories

from .conftest import asked

BEGINNINGS = [
    ("2026-11-01", "UTC", "2026-11-01T00:00"),
    ("2026-10-25", "Europe/Paris", "2026-10-24T22:00"),  # 25 hours long
    ("2026-10-26", "Europe/Paris", "2026-10-25T23:00"),
    ("2026-03-29", "Europe/Paris", "2026-03-28T23:00"),  # 23 hours long
    ("2026-03-30", "Europe/Paris", "2026-03-29T22:00"),
    ("2018-11-04", "America/Sao_Paulo", "2018-11-04T03:00"),  # has no midnight: begins at 01:00
    ("2018-02-18", "America/Sao_Paulo", "2018-02-18T03:00"),  # the day before has 23:00 twice
    ("2025-11-02", "America/Havana", "2025-11-02T04:00"),  # has midnight twice: the first counts
    ("2011-12-30", "Pacific/Apia", "2011-12-30T10:00"),  # never was
    ("2011-12-31", "Pacific/Apia", "2011-12-30T10:00"),
    ("2026-01-01", "Asia/Kathmandu", "2025-12-31T18:15"),
    ("1970-01-01", "Pacific/Kiritimati", "1970-01-01T10:40"),
    ("2999-12-31", "Pacific/Pago_Pago", "2999-12-31T11:00"),
]


@pytest.mark.parametrize(("day", "zone", "instant"), BEGINNINGS)
def test_begins_a_day_at_its_first_instant(day, zone, instant):
    assert first_instant(date.fromisoformat(day), zone).isoformat()[:16] == instant


@pytest.mark.parametrize(("day", "hours"), [("2026-10-25", 25), ("2026-03-29", 23), ("2026-06-01", 24)])
def test_takes_a_day_whole_and_nothing_beside_it(day, hours, analyst):
    begin = first_instant(date.fromisoformat(day), "Europe/Paris")
    second = timedelta(seconds=1)
    end = begin + timedelta(hours=hours)
    inside = {factories.conversation(started_at=at).pk for at in (begin, end - second)}
    for at in (begin - second, end):
        factories.conversation(started_at=at)
    found = asked(f"started_from={day}&started_to={day}", zone="Europe/Paris").filtered(analyst)
    assert set(found.values_list("pk", flat=True)) == inside


PERIODS = [
    ("today", "2026-03-01", "2026-03-01"),
    ("yesterday", "2026-02-28", "2026-02-28"),
    ("7d", "2026-02-23", "2026-03-01"),
    ("28d", "2026-02-02", "2026-03-01"),
    ("this_month", "2026-03-01", "2026-03-01"),
    ("last_month", "2026-02-01", "2026-02-28"),
]


@pytest.mark.parametrize(("period", "first", "last"), PERIODS)
def test_resolves_a_period_in_the_zone_of_the_query(period, first, last):
    # Still 28 February in UTC, already 1 March in Auckland.
    now = datetime(2026, 2, 28, 20, tzinfo=UTC)
    query = parse(QueryDict(f"period={period}"), zone="Pacific/Auckland", now=now).query
    assert query.period_bounds() == (date.fromisoformat(first), date.fromisoformat(last))
    assert query.conditions()[0].value == first_instant(date.fromisoformat(first), "Pacific/Auckland")


def test_keeps_a_period_relative_in_the_address():
    assert asked("period=7d").params() == [("period", "7d")]


def test_leaves_out_what_has_not_ended(analyst):
    factories.conversation(status="open")
    assert asked("ended_from=1970-01-01&ended_to=2999-12-31").count(analyst) == 0


@pytest.mark.parametrize(
    ("zone", "instant", "weekday", "hour"),
    [
        ("UTC", "2026-11-01T23:59:59", 7, 23),
        ("Europe/Paris", "2026-11-01T23:00:00", 1, 0),
        ("Europe/Paris", "2026-10-25T00:59:59", 7, 2),
        ("Europe/Paris", "2026-10-25T01:00:00", 7, 2),  # the same hour again
        ("Europe/Paris", "2026-10-25T02:00:00", 7, 3),
        ("Europe/Paris", "2026-03-29T00:59:59", 7, 1),
        ("Europe/Paris", "2026-03-29T01:00:00", 7, 3),  # has no hour from 2
        ("Australia/Lord_Howe", "2026-04-04T14:59:59", 7, 1),  # turned back by half an hour
        ("Australia/Lord_Howe", "2026-04-04T15:00:00", 7, 1),
        ("Australia/Lord_Howe", "2026-04-04T15:30:00", 7, 2),
        ("Asia/Kathmandu", "2026-06-01T18:14:59", 1, 23),
        ("Asia/Kathmandu", "2026-06-01T18:15:00", 2, 0),
        ("Pacific/Pago_Pago", "1970-01-01T00:00:00", 3, 13),
        ("America/Sao_Paulo", "2018-11-04T02:59:59", 6, 23),
        ("America/Sao_Paulo", "2018-11-04T03:00:00", 7, 1),
    ],
)
def test_tells_weekday_and_hour_on_the_clocks_of_the_zone(zone, instant, weekday, hour, analyst):
    factories.conversation(started_at=datetime.fromisoformat(instant).replace(tzinfo=UTC))
    for name, count, right in (("weekday", 7, weekday), ("hour", 24, hour)):
        first = 1 if name == "weekday" else 0
        matching = [n for n in range(first, first + count) if asked(f"{name}={n}", zone).count(analyst)]
        assert matching == [right]


def test_every_clock_is_changed_on_a_quarter_hour_by_whole_quarters():
    """What filtering by quarter hour rests on; one station in the ice changed at a minute past midnight."""
    quarter = timedelta(minutes=15)
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    for zone in sorted(available_timezones() - {"Antarctica/Casey"}):
        for slot, offset in changes(zone, 2037)[:-1]:
            at, clock = epoch + slot * quarter, ZoneInfo(zone)
            assert at.astimezone(clock).utcoffset() == offset * quarter, zone
            assert (at - timedelta(seconds=1)).astimezone(clock).utcoffset() != offset * quarter, zone
