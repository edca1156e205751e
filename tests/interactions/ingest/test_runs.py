"""What a run says of itself when it breaks off, or when its worker dies."""

import pytest

from interactions import jobs
from interactions.ingest import control, sync, windows
from interactions.models import Conversation, SyncRun, SyncWindow
from interactions.sandbox.faults import Status

pytestmark = pytest.mark.django_db


def test_counts_what_a_run_has_stored_before_it_broke_off(importer_of):
    importer = importer_of(400, days=1)
    importer.served.faults.script(Status(first=4, times=4))
    importer.run()
    stored = Conversation.objects.count()
    assert 0 < stored < 400
    assert sum(SyncRun.objects.values_list("new_count", flat=True)) == stored


def test_ends_the_run_of_a_worker_that_died(importer, clock):
    sync.plan(clock.now)
    claim = jobs.claim(windows.next_windows(), clock.now)
    SyncRun.objects.create(kind=claim.row.kind, window=claim.row, started_at=clock.now)
    importer.later(minutes=3).run()
    assert not SyncRun.objects.filter(state="running").exists()
    assert SyncRun.objects.get(window=claim.row, state="failed").error == "The worker ended before it was done."


def test_ends_the_run_of_a_worker_that_died_over_the_lists(importer, clock):
    importer.run()
    SyncRun.objects.create(kind="configuration", started_at=clock.now)
    importer.later(minutes=30).run()
    assert SyncRun.objects.filter(state="running").exists()
    importer.later(minutes=31).run()
    assert not SyncRun.objects.filter(state="running").exists()


def test_logs_how_every_run_ended(importer, logged):
    importer.run()
    ended = {line["run"]: line for line in logged() if line["event"] == "run ended"}
    assert ended.keys() == set(SyncRun.objects.values_list("pk", flat=True))
    newest = SyncRun.objects.filter(kind="backfill").last()
    assert ended[newest.pk]["new"] == newest.new_count and ended[newest.pk]["window"] == newest.window_id
    assert sum(line["new"] for line in ended.values()) == Conversation.objects.count() > 0


def test_takes_no_end_in_good_order_for_a_failure(importer_of):
    importer = importer_of(600, days=1)
    for _ in range(3):
        stored = Conversation.objects.count()
        importer.run(is_ending=lambda stored=stored: Conversation.objects.count() > stored)
    window = SyncWindow.objects.get(kind="backfill", done_count__gt=0)
    assert (window.state, window.attempt_count, window.incomplete_since) == ("waiting", 0, None)
    runs = SyncRun.objects.filter(window=window)
    assert set(runs.values_list("state", "error")) == {("incomplete", "Interrupted.")}
    # The first refusal is the first.
    importer.served.force(503, times=2, ending="/conversations/search")
    importer.run()
    window.refresh_from_db()
    assert (window.state, window.attempt_count) == ("waiting", 1)


def test_takes_no_pause_for_a_failure(importer_of, clock):
    importer = importer_of(600, days=1)

    def pausing(reading):
        if reading.window.kind == "backfill" and reading.count > 100:
            control.pause_history(clock.now)

    importer.run(watch=pausing)
    stopped = SyncRun.objects.get(error="Stopped on request.").window
    assert (stopped.state, stopped.attempt_count) == ("waiting", 0)
