"""A clock that is set forward or back neither stops reading nor loses anything."""

from datetime import UTC, datetime, timedelta

import pytest

from interactions import jobs
from interactions.ingest import account, connection, refresh, sync
from interactions.ingest.reading import Tools
from interactions.ingest.windows import next_windows
from interactions.models import Account, Conversation, SyncWindow
from tests.interactions.ingest.conftest import client_of
from tests.interactions.ingest.test_refresh import ms, record

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def read(importer):
    importer.run()
    return importer


def arrives(importer, name, when):
    importer.account.put(record(name, ms(when - HOUR), changed_ms=ms(when)))


def known(name):
    return Conversation.objects.filter(conversation_id=name).exists()


def test_brings_what_came_while_the_clock_was_an_hour_ahead(read, clock):
    truth = clock.now
    clock.now = truth + HOUR
    read.later(minutes=2).run()
    arrives(read, "meanwhile", truth + timedelta(minutes=1))
    read.later(minutes=2).run()
    clock.now = truth + timedelta(minutes=10)
    read.run()
    assert known("meanwhile")
    assert refresh.covered_to() == clock.now


def test_goes_on_at_once_when_the_clock_is_set_back(read, clock):
    clock.now -= HOUR
    arrives(read, "after", clock.now)
    read.later(minutes=2).run()
    assert known("after")


def test_takes_over_what_was_leased_by_a_clock_that_was_ahead(read, clock):
    window = SyncWindow.objects.filter(kind="backfill").first()
    held = {"state": "running", "fence": 7, "lease_until": clock.now + HOUR}
    SyncWindow.objects.filter(pk=window.pk).update(**held)
    claim = jobs.claim(next_windows().filter(pk=window.pk), clock.now)
    assert claim is not None and claim.fence == 8


def test_does_not_wait_for_a_pause_of_the_future(read, clock):
    Account.objects.update(retry_at=clock.now + 2 * HOUR, configuration_read_at=clock.now + HOUR)
    assert account.may_call(clock.now)
    read.later(minutes=2).run()
    assert Account.objects.get().configuration_read_at == clock.now


def test_writes_what_was_in_hand_for_longer_than_its_lease_unless_another_has_claimed_it(read, clock):
    SyncWindow.objects.filter(kind="backfill").update(state="waiting")
    rows = SyncWindow.objects.filter(pk=SyncWindow.objects.filter(kind="backfill").first().pk)
    claim = jobs.claim(rows, clock.now)
    late = clock.now + 2 * jobs.LEASE
    claim.renew(late)
    assert jobs.claim(rows, late) is None
    assert jobs.claim(rows, late + 2 * jobs.LEASE) is not None
    with pytest.raises(jobs.LostClaim):
        claim.renew(late + 2 * jobs.LEASE)


def test_writes_down_how_wrong_the_clock_is(read):
    account.note_clock(-3605.0)
    assert Account.objects.get().clock_ahead_seconds == -3600


@pytest.mark.parametrize("hours", [-1, 1])
def test_plans_by_livepersons_clock_when_this_machines_was_never_right(importer, set_machine, hours):
    set_machine(hours)
    client = client_of(importer.served)
    is_left = sync.run_due(client, Tools(clock=connection.clock_of(client), sleep=lambda seconds: None))
    assert not is_left
    assert Conversation.objects.count() == 60
    assert all(abs(at - datetime.now(UTC)) < HOUR / 10 for at in planned())


def planned():
    return SyncWindow.objects.values_list("planned_at", flat=True)
