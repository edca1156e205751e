"""Days of a zone, clock changes included, folded from quarter hours."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from pytest_django import DjangoAssertNumQueries

from interactions.metrics import trend
from interactions.models import Conversation
from interactions.search.facts import InDatabase
from tests import factories

pytestmark = pytest.mark.django_db


def every_quarter_hour(start: datetime, days: int) -> list[datetime]:
    return [start + timedelta(minutes=15 * step) for step in range(days * 96)]


@pytest.mark.parametrize(
    ("zone", "around"),
    [
        ("Europe/Paris", date(2026, 3, 29)),
        ("Europe/Paris", date(2026, 10, 25)),
        ("America/New_York", date(2026, 11, 1)),
        ("Asia/Beirut", date(2026, 3, 29)),
        ("America/Havana", date(2026, 11, 1)),
        ("Asia/Kathmandu", date(2026, 7, 1)),
        ("Australia/Lord_Howe", date(2026, 4, 5)),
        ("Pacific/Chatham", date(2026, 4, 5)),
    ],
)
def test_puts_every_quarter_hour_into_its_local_day(zone: str, around: date) -> None:
    place = ZoneInfo(zone)
    times = every_quarter_hour(datetime(around.year, around.month, around.day, tzinfo=UTC) - timedelta(days=1), 3)
    Conversation.objects.bulk_create(
        Conversation(
            conversation_id=str(at),
            status="open",
            started_at=at,
            shuffle_key=0,
            started_slot=int(at.timestamp()) // 900,
        )
        for at in times
    )
    found = trend(InDatabase(Conversation.objects.all()), place, None, None)
    assert {span.first: span.conversations for span in found.spans} == Counter(
        at.astimezone(place).date() for at in times
    )


def test_sums_ratings_and_scores_day_by_day() -> None:
    noon = datetime(2026, 5, 4, 12, tzinfo=UTC)
    for csat, mcs in [(5, 70), (1, 30), (None, None), (4, None)]:
        factories.conversation(started_at=noon, csat=csat, mcs=mcs)
    (day,) = trend(InDatabase(Conversation.objects.all()), ZoneInfo("UTC"), noon.date(), noon.date()).spans
    assert (day.conversations, day.rated, day.good, day.scored, day.mcs) == (4, 3, 2, 2, 50)
    assert day.csat == pytest.approx(2 / 3)


def test_keeps_days_on_which_nothing_happened() -> None:
    factories.conversation(started_at=datetime(2026, 5, 4, 12, tzinfo=UTC))
    found = trend(InDatabase(Conversation.objects.all()), ZoneInfo("UTC"), date(2026, 5, 1), date(2026, 5, 7))
    assert [span.conversations for span in found.spans] == [0, 0, 0, 1, 0, 0, 0]
    assert (found.spans[0].csat, found.spans[0].mcs, found.spans[0].csat_interval) == (None, None, None)


def test_folds_a_long_period_into_weeks_from_monday() -> None:
    factories.conversation(started_at=datetime(2026, 5, 4, 12, tzinfo=UTC))
    found = trend(InDatabase(Conversation.objects.all()), ZoneInfo("UTC"), date(2026, 1, 1), date(2026, 6, 30))
    assert found.is_weekly
    assert (found.spans[0].first, found.spans[0].last) == (date(2026, 1, 1), date(2026, 1, 4))
    assert found.spans[-1].last == date(2026, 6, 30)
    assert all(span.first.weekday() == 0 for span in found.spans[1:])
    assert [span.first for span in found.spans if span.conversations] == [date(2026, 5, 4)]


@pytest.mark.parametrize(("first", "last"), [(date.min, date.max), (None, date.max), (date.min, None)])
def test_is_bounded_by_the_conversations_when_asked_for_all_time(first: date | None, last: date | None) -> None:
    factories.conversation(started_at=datetime(2026, 5, 4, 12, tzinfo=UTC))
    found = trend(InDatabase(Conversation.objects.all()), ZoneInfo("UTC"), first, last)
    assert [span.first for span in found.spans] == [date(2026, 5, 4)]


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
@pytest.mark.parametrize("far", [datetime(2998, 3, 1, tzinfo=UTC), datetime(9999, 12, 29, 23, 59, tzinfo=UTC)])
def test_leaves_out_empty_weeks_where_one_started_in_a_thousand_years(zone: str, far: datetime) -> None:
    near = [datetime(2026, 5, 4, 12, tzinfo=UTC), datetime(2026, 5, 6, 12, tzinfo=UTC)]
    for started_at in (*near, far):
        factories.conversation(started_at=started_at, mcs=50)
    found = trend(InDatabase(Conversation.objects.all()), ZoneInfo(zone), date(2020, 1, 1), None)
    assert [(span.conversations, span.mcs) for span in found.spans] == [(2, 50), (1, 50)]
    assert (found.spans[0].last, found.spans[1].last) == (date(2026, 5, 10), far.astimezone(ZoneInfo(zone)).date())


def test_ends_with_the_calendar() -> None:
    for month in (8, 12):
        factories.conversation(started_at=datetime(9999, month, 29, 12, tzinfo=UTC))
    found = trend(InDatabase(Conversation.objects.all()), ZoneInfo("UTC"), None, None).spans
    assert (found[0].first, found[-1].last, len(found)) == (date(9999, 8, 29), date(9999, 12, 29), 19)
    assert [found[0].conversations, found[-1].conversations] == [1, 1]


def test_keeps_weeks_on_which_nothing_happened_for_years() -> None:
    for year in (2022, 2026):
        factories.conversation(started_at=datetime(year, 5, 4, 12, tzinfo=UTC))
    found = trend(InDatabase(Conversation.objects.all()), ZoneInfo("UTC"), None, None).spans
    assert sum(span.conversations for span in found) == 2 and len(found) == 210
    assert all(after.first == before.last + timedelta(days=1) for before, after in pairwise(found))


def test_is_empty_without_conversations() -> None:
    assert trend(InDatabase(Conversation.objects.all()), ZoneInfo("UTC"), None, None).spans == []


def test_never_asks_row_by_row(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for hours in range(40):
        factories.conversation(started_at=datetime(2026, 5, 4, tzinfo=UTC) + timedelta(hours=hours))
    with django_assert_num_queries(1):
        trend(InDatabase(Conversation.objects.all()), ZoneInfo("UTC"), date(2026, 5, 4), date(2026, 5, 6))
