"""Pausing history, and trying a period now."""

from datetime import timedelta

import pytest

from interactions.ingest import control
from interactions.models import Account, Conversation, SyncWindow
from tests.interactions.ingest.test_refresh import ms, record

pytestmark = pytest.mark.django_db


def test_pauses_history_but_not_what_is_new(importer_of, clock):
    importer = importer_of(300)
    importer.run(watch=lambda reading: control.pause_history(clock.now))
    read = Conversation.objects.count()
    assert 0 < read < 300
    assert SyncWindow.objects.filter(kind="backfill", state="waiting").exists()
    importer.account.put(record("new", ms(clock.now)))
    importer.later(minutes=5).run()
    assert Conversation.objects.count() == read + 1


def test_resumes_where_it_was(importer_of, clock):
    importer = importer_of(300)
    importer.run(watch=lambda reading: control.pause_history(clock.now))
    assert control.resume_history()
    assert not control.resume_history()
    importer.run()
    assert Conversation.objects.count() == 300
    assert not SyncWindow.objects.exclude(state="complete").exists()


def test_tries_an_incomplete_period_now(importer, clock):
    importer.served.switches.partial_result = True
    importer.run()
    importer.served.switches.partial_result = False
    waiting = SyncWindow.objects.filter(state="incomplete").first()
    assert control.try_now(waiting.pk)
    importer.run()
    waiting.refresh_from_db()
    assert waiting.state == "complete"
    assert not control.try_now(waiting.pk)


def test_ends_a_pause_after_failures(importer, clock):
    importer.run()
    Account.objects.update(retry_at=clock.now + timedelta(minutes=8))
    window = SyncWindow.objects.filter(kind="backfill").first()
    SyncWindow.objects.filter(pk=window.pk).update(state="incomplete", not_before=clock.now + timedelta(hours=1))
    assert control.try_now(window.pk)
    importer.run()
    window.refresh_from_db()
    assert window.state == "complete"


@pytest.mark.parametrize("kind", ["backfill", "sweep"])
def test_tries_a_stopped_period_now(importer, clock, kind):
    importer.run()
    window = SyncWindow.objects.filter(kind="backfill").first()
    SyncWindow.objects.filter(pk=window.pk).update(kind=kind, state="stopped", stop_requested=True)
    assert control.try_now(window.pk)
    importer.run()
    window.refresh_from_db()
    assert window.state == "complete"


@pytest.mark.parametrize("kind", ["backfill", "sweep"])
def test_goes_on_with_a_stopped_period_although_nothing_is_paused(importer, clock, kind):
    importer.run()
    SyncWindow.objects.filter(kind="backfill").update(kind=kind, state="stopped")
    assert not control.resume_history()
    assert not SyncWindow.objects.filter(state="stopped").exists()
