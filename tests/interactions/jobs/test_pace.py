"""The pace: up a little on quick answers, down by half on 429 and 503, and rarely written."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from interactions.jobs.pace import GAIN, QUICK, WRITE_EVERY, Pace
from interactions.models import CallPace

pytestmark = pytest.mark.django_db


class Watch:
    """A clock in seconds that goes on when told."""

    seconds = 0.0

    def __call__(self):
        return self.seconds


@pytest.fixture
def watch():
    return Watch()


def pace(watch, allowed=1.0, most=8, **columns):
    CallPace.objects.all().delete()
    CallPace.objects.create(pk=1, allowed=allowed, **columns)
    return Pace(most, clock=watch)


def written():
    return CallPace.objects.get()


def test_begins_with_one_call():
    assert Pace(4).allowed() == 1
    assert written().allowed == 1


@pytest.mark.parametrize(("stored", "most", "allowed"), [(1.0, 8, 1), (2.95, 8, 2), (5.0, 3, 3), (8.0, 8, 8)])
def test_allows_whole_calls_up_to_the_setting(watch, stored, most, allowed):
    assert pace(watch, stored, most).allowed() == allowed


def test_earns_a_slot_with_twenty_quick_answers(watch):
    given = pace(watch)
    for _ in range(round(1 / GAIN)):
        given.answered(QUICK / 2, slot=1)
    given.flush()
    watch.seconds += 1
    assert given.allowed() == 2


@pytest.mark.parametrize(
    ("seconds", "slot", "why"), [(QUICK + 1, 3, "a slow answer"), (QUICK / 2, 2, "a slot below the last one")]
)
def test_does_not_grow_on(watch, seconds, slot, why):
    given = pace(watch, 3.0)
    given.answered(seconds, slot)
    given.flush()
    assert (written().allowed, written().call_count) == (3.0, 1)


def test_never_grows_above_the_setting(watch):
    given = pace(watch, 1.99, most=2)
    for _ in range(100):
        given.answered(0.1, slot=2)
    given.flush()
    assert written().allowed <= 2


@pytest.mark.parametrize(("before", "after"), [(8.0, 4.0), (3.0, 1.5), (1.5, 1.0), (1.0, 1.0), (100.0, 4.0)])
def test_halves_when_asked_for_fewer_calls(watch, before, after):
    given = pace(watch, before)
    given.slowed(0.1)
    assert (written().allowed, written().slowed_count) == (after, 1)
    assert given.allowed() == int(after)


def test_halves_once_for_calls_that_were_in_flight_together(watch):
    given = pace(watch, 8.0)
    for _ in range(4):
        given.slowed(60.0)
    assert (written().allowed, written().slowed_count) == (4.0, 4)


def test_halves_again_for_a_call_that_began_after_the_last_slowdown(watch):
    given = pace(watch, 8.0)
    CallPace.objects.update(slowed_at=Now() - timedelta(seconds=30))
    given.slowed(1.0)
    assert written().allowed == 4.0


def test_forgets_what_it_earned_before_a_slowdown(watch):
    given = pace(watch, 4.0)
    given.answered(0.1, slot=4)
    given.slowed(0.1)
    assert written().allowed == 2.0


def test_hears_within_a_second_what_another_process_was_told(watch):
    given = pace(watch, 4.0)
    assert given.allowed() == 4
    Pace(8).slowed(0.1)
    watch.seconds += 1
    assert given.allowed() == 2


def test_counts_calls_and_failures(watch):
    given = pace(watch, call_count=10, failed_count=1)
    given.answered(0.1, slot=1)
    given.failed()
    given.slowed(0.1)
    assert (written().call_count, written().failed_count, written().slowed_count) == (13, 3, 1)


def test_costs_no_statement_for_most_calls(watch, django_assert_num_queries):
    given = pace(watch)
    given.allowed()
    with django_assert_num_queries(0):
        for _ in range(50):
            given.allowed()
            given.answered(0.1, slot=1)


def test_is_written_every_ten_seconds(watch, django_assert_num_queries):
    given = pace(watch)
    given.allowed()
    given.answered(QUICK + 1, slot=1)
    watch.seconds += WRITE_EVERY
    with django_assert_num_queries(1):
        given.answered(QUICK + 1, slot=1)
    assert written().call_count == 2


def test_writes_what_it_counted_before_anybody_asked_it(watch):
    CallPace.objects.all().delete()
    given = Pace(4, clock=watch)
    given.failed()
    given.flush()
    assert written().call_count == 1
