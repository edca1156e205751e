"""Claims: one holder at a time, and none that was taken over may write."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from interactions import jobs
from interactions.jobs import LEASE, LostClaim, StopRequested
from interactions.models import SyncWindow, WorkState

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC).replace(microsecond=0)


def window(**fields):
    number = SyncWindow.objects.count()
    start = NOW - timedelta(days=number + 1)
    given = {"kind": "backfill", "planned_at": NOW, "start_from": start, "start_to": start + timedelta(days=1)}
    return SyncWindow.objects.create(**{**given, **fields})


def rows():
    return SyncWindow.objects.order_by("-start_from")


@pytest.mark.parametrize(
    ("fields", "is_due"),
    [
        ({}, True),
        ({"not_before": NOW}, True),
        ({"not_before": NOW + timedelta(seconds=1)}, False),
        ({"state": "incomplete", "not_before": NOW - timedelta(1)}, True),
        ({"state": "running", "lease_until": NOW + timedelta(seconds=1)}, False),
        ({"state": "running", "lease_until": NOW - timedelta(seconds=1)}, True),
        ({"state": "complete"}, False),
        ({"state": "stopped"}, False),
        ({"state": "failed"}, False),
        ({"stop_requested": True}, False),
    ],
)
def test_offers_what_waits_and_what_a_dead_holder_left(fields, is_due):
    window(**fields)
    assert (jobs.claim(rows(), NOW) is not None) is is_due


def test_takes_the_first_of_the_order_given():
    window()
    older = window()
    assert jobs.claim(rows().order_by("start_from"), NOW).row == older


def test_raises_fence_and_attempts_and_sets_a_lease():
    window(fence=4)
    claim = jobs.claim(rows(), NOW)
    assert (claim.fence, claim.row.fence, claim.row.attempt_count, claim.row.state) == (5, 5, 1, "running")
    assert claim.row.lease_until == NOW + LEASE


def test_gives_a_row_to_one_of_two():
    window()
    assert jobs.claim(rows(), NOW) is not None
    assert jobs.claim(rows(), NOW) is None


def test_gives_two_claimers_different_rows():
    window(), window()
    assert jobs.claim(rows(), NOW).row != jobs.claim(rows(), NOW).row


def test_lets_nobody_change_a_row_as_it_was_before_the_claim():
    row = window()
    stale = list(rows())
    jobs.claim(rows(), NOW)
    taken = SyncWindow.objects.filter(pk=row.pk, fence=stale[0].fence).update(fence=99)
    assert taken == 0


def test_keeps_columns_and_lease_when_renewed():
    window()
    claim = jobs.claim(rows(), NOW)
    claim.renew(NOW + timedelta(seconds=50), done_count=7)
    row = SyncWindow.objects.get()
    assert (row.done_count, row.lease_until) == (7, NOW + timedelta(seconds=50) + LEASE)


@pytest.mark.parametrize("verb", [lambda c: c.renew(NOW), lambda c: c.finish("complete"), lambda c: c.put_back(None)])
def test_refuses_a_holder_whose_row_was_taken_over(verb):
    window()
    late = jobs.claim(rows(), NOW)
    jobs.claim(rows(), NOW + 2 * LEASE)
    with pytest.raises(LostClaim):
        verb(late)


def test_undoes_what_a_late_holder_wrote_in_the_same_transaction():
    window()
    late = jobs.claim(rows(), NOW)
    jobs.claim(rows(), NOW + 2 * LEASE)
    with pytest.raises(LostClaim), transaction.atomic():
        SyncWindow.objects.update(error="written too late")
        late.renew(NOW)
    assert SyncWindow.objects.get().error == ""


def test_can_be_taken_over_at_once_when_no_holder_can_be_alive():
    window()
    jobs.claim(rows(), NOW)
    assert jobs.take_over(SyncWindow.objects.all(), NOW) == 1
    assert jobs.claim(rows(), NOW).fence == 2


def test_stops_waiting_work_at_once_and_running_work_at_its_next_page():
    window(), window()
    claim = jobs.claim(rows(), NOW)
    assert jobs.request_stop(SyncWindow.objects.all()) == 1
    with pytest.raises(StopRequested):
        claim.renew(NOW)
    assert SyncWindow.objects.exclude(pk=claim.row.pk).get().state == WorkState.STOPPED


def test_puts_work_back_until_later():
    window()
    jobs.claim(rows(), NOW).put_back(NOW + timedelta(minutes=2), error="no answer")
    assert jobs.claim(rows(), NOW) is None
    assert jobs.claim(rows(), NOW + timedelta(minutes=2)) is not None


def test_claims_with_few_statements_however_many_rows_wait(django_assert_max_num_queries):
    for _ in range(20):
        window()
    with django_assert_max_num_queries(3):
        jobs.claim(rows(), NOW)
