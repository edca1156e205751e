"""How freshness and completeness are told from what landed."""

from datetime import UTC, datetime, timedelta

import pytest

from interactions.ingest import account, status
from interactions.ingest.status import completeness, freshness, months
from interactions.models import Account, SyncWindow

pytestmark = pytest.mark.django_db
NOW = datetime(2031, 5, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def history(*states):
    """Windows of ten days, newest first: "c" complete, "w" waiting, "i" incomplete, "r" half read."""
    account.pin("sandbox-1")
    fields = {
        "c": {"state": "complete"},
        "w": {},
        "i": {"state": "incomplete", "incomplete_since": NOW - DAY},
        "r": {"state": "running", "done_count": 50, "total_count": 100},
    }
    for number, state in enumerate(states):
        to = NOW - number * 10 * DAY
        SyncWindow.objects.create(
            kind="backfill", planned_at=NOW, start_from=to - 10 * DAY, start_to=to, **fields[state]
        )


def refreshed(ago=timedelta(0), **fields):
    given = {"kind": "refresh", "planned_at": NOW - ago, "start_from": NOW - 40 * DAY, "start_to": NOW, **fields}
    SyncWindow.objects.create(**{"state": "complete", **given})


@pytest.mark.parametrize(
    ("states", "ago", "expected"),
    [
        ("", None, "never"),
        ("w", None, "history"),
        ("cw", timedelta(minutes=1), "history"),
        ("cc", timedelta(minutes=1), "current"),
        ("ci", timedelta(minutes=1), "incomplete"),
        ("iw", timedelta(minutes=1), "incomplete"),
        ("ci", timedelta(minutes=16), "behind"),
        ("cc", timedelta(minutes=16), "behind"),
    ],
)
def test_names_the_worst_that_holds(states, ago, expected):
    history(*states)
    if ago is not None:
        refreshed(ago)
    assert freshness(NOW).state == expected


def test_knows_nothing_before_the_first_start():
    found = freshness(NOW)
    assert (found.state, found.read_to, found.data_age_seconds, found.incomplete) == ("never", None, None, [])


@pytest.mark.parametrize(
    ("states", "back", "complete"),
    [("ccw", 20, 20), ("cic", 30, 10), ("wcc", None, None), ("ciw", 20, 10), ("rcc", None, None)],
)
def test_says_how_far_back_history_reaches(states, back, complete):
    history(*states)
    found = freshness(NOW)
    reached = [None if days is None else NOW - days * DAY for days in (back, complete)]
    assert [found.history_back_to, found.complete_since] == reached


def test_measures_age_from_the_last_refresh_that_is_complete():
    history("c")
    refreshed(timedelta(minutes=4))
    refreshed(timedelta(minutes=1), state="running")
    found = freshness(NOW)
    assert (found.read_to, found.data_age_seconds) == (NOW - timedelta(minutes=4), 240)


def test_lists_incomplete_periods_of_history_and_refresh():
    history("c", "i")
    refreshed(timedelta(minutes=1), state="incomplete", incomplete_since=NOW)
    found = freshness(NOW)
    assert (found.incomplete_count, found.incomplete_since) == (2, NOW - DAY)


def test_is_behind_when_an_operator_must_act():
    history("c")
    refreshed()
    Account.objects.update(trouble="refused", trouble_detail="LivePerson refuses the key (401).")
    assert (freshness(NOW).state, freshness(NOW).trouble) == ("behind", "refused")


@pytest.mark.parametrize(
    ("states", "start", "end", "expected"),
    [
        ("cw", 9, 0, True),
        ("cw", 11, 0, False),
        ("cw", None, 0, False),
        ("cc", None, None, True),
        ("ci", 5, 1, True),
        ("ci", 15, 1, False),
        ("ic", 15, 12, True),
        ("", 5, 1, False),
        ("cc", 20, 0, True),
        ("cc", 21, 0, False),
        ("cc", 40, 30, False),
        ("cc", None, 30, False),
    ],
)
def test_tells_whether_a_period_was_read_whole(states, start, end, expected):
    history(*states)
    refreshed()
    bounds = [None if days is None else NOW - days * DAY for days in (start, end)]
    assert completeness(*bounds, NOW).is_complete is expected


def test_is_incomplete_up_to_the_present_when_refreshes_have_stopped():
    history("c")
    refreshed(timedelta(hours=2))
    later = NOW + timedelta(hours=1)
    assert not completeness(NOW - DAY, later, later).is_complete
    assert completeness(NOW - 2 * DAY, NOW - DAY, later).is_complete


def test_asks_a_constant_number_of_queries(django_assert_num_queries):
    history(*"c" * 30)
    refreshed()
    with django_assert_num_queries(4):
        known = freshness(NOW)
    with django_assert_num_queries(0):
        completeness(NOW - DAY, NOW, NOW, known)


def test_shows_how_much_of_each_month_is_read():
    history("c", "c", "r", "i", "w", "w", "w")
    found = months()
    assert [(f"{m.month:%b}", m.state) for m in found] == [
        ("May", "complete"),
        ("Apr", "incomplete"),
        ("Mar", "waiting"),
    ]
    assert 0 < found[1].share < 1


def test_counts_the_last_hour():
    assert status.last_hour(NOW) == status.LastHour(0, 0, 0, 0, 0)
