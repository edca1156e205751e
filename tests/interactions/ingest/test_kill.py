"""A worker that dies at any moment: nothing lost, nothing doubled, and a late holder writes nothing."""

import pytest
from django.db import transaction

from interactions import jobs
from interactions.ingest import reading, sync, windows
from interactions.ingest.reading import read_window, resumed
from interactions.ingest.turns import Turns
from interactions.jobs import LostClaim
from interactions.models import Conversation, Message, RawRecord, SyncPage, SyncRun, SyncWindow
from tests.interactions.ingest.tables import everything

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """What no code of ours catches, as little as it would catch SIGKILL."""


def killing(after):
    """Raises at the given number of calls."""
    calls = iter(range(1, after + 1))

    def hook(*_):
        if next(calls, None) == after:
            raise Killed

    return hook


@pytest.mark.parametrize("after", [1, 2, 4])
def test_loses_and_doubles_nothing_when_killed_after_a_page(importer_of, after):
    importer = importer_of(300)
    with pytest.raises(Killed):
        importer.run(watch=killing(after))
    sync.resume(now=importer.clock.now)
    importer.run()
    interrupted = everything()
    SyncWindow.objects.all().delete()
    importer.run()
    assert Conversation.objects.count() == 300
    assert everything() == interrupted


@pytest.mark.parametrize("after", [1, 3, 5])
def test_loses_and_doubles_nothing_when_killed_between_two_turns_of_a_page(importer_of, monkeypatch, after):
    importer = importer_of(300)
    monkeypatch.setattr(Turns, "parts", lambda self, page: [page[:7], page[7:50], page[50:]])
    write, kill = reading.write, killing(after + 1)

    def write_or_die(*given, **named):
        kill()
        return write(*given, **named)

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(reading, "write", write_or_die)
        importer.run()
    # What is stored of a page that was not finished is not yet counted as done.
    [window] = SyncWindow.objects.filter(state="running")
    stored = Conversation.objects.filter(started_at__gte=window.start_from, started_at__lt=window.start_to).count()
    assert window.done_count < stored if after == 1 else window.done_count <= stored
    sync.resume(now=importer.clock.now)
    importer.run()
    interrupted = everything()
    SyncWindow.objects.all().delete()
    importer.run()
    assert Conversation.objects.count() == 300
    assert everything() == interrupted


def test_goes_on_where_the_killed_worker_stood(importer_of):
    importer = importer_of(600)
    with pytest.raises(Killed):
        importer.run(watch=lambda reading: killing(1)() if len(reading.seen) > 150 else None)
    stood = SyncWindow.objects.get(state="running")
    offsets = []
    sync.resume(now=importer.clock.now)
    importer.run(watch=lambda reading: offsets.append(reading.offset) if reading.window == stood else None)
    assert offsets[0] == 180  # two pages of 100, each reading the last ten of the one before again
    assert not SyncPage.objects.exists()


def test_can_be_claimed_again_only_when_the_lease_has_run_out(importer):
    with pytest.raises(Killed):
        importer.run(watch=killing(1))
    held = SyncWindow.objects.get(state="running")
    assert jobs.claim(SyncWindow.objects.filter(pk=held.pk), importer.clock.now) is None
    later = importer.clock.now + jobs.LEASE * 2
    assert jobs.claim(SyncWindow.objects.filter(pk=held.pk), later).fence == held.fence + 1


def test_resumes_at_once_at_the_start_of_the_only_worker(importer):
    with pytest.raises(Killed):
        importer.run(watch=killing(2))
    assert sync.resume(now=importer.clock.now) == 1
    importer.run()
    assert Conversation.objects.count() == 60
    assert not SyncRun.objects.filter(state="running").exists()


def test_lets_go_of_the_window_when_interrupted(importer):
    def interrupt(reading):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        importer.run(watch=interrupt)
    assert not SyncWindow.objects.filter(state="running").exists()
    importer.run()
    assert Conversation.objects.count() == 60


def test_writes_nothing_for_a_holder_whose_claim_was_taken_over(importer):
    sync.run_configuration(importer.client, importer.tools)
    sync.plan(importer.clock.now)
    rows = SyncWindow.objects.filter(pk=windows.next_windows().filter(kind="backfill").last().pk)
    late = jobs.claim(rows, importer.clock.now)
    jobs.take_over(rows, importer.clock.now)
    jobs.claim(rows, importer.clock.now)
    with pytest.raises(LostClaim):
        read_window(importer.client, late, importer.tools, resumed(late.row))
    assert (Conversation.objects.count(), SyncPage.objects.count()) == (0, 0)


def test_rolls_rows_and_progress_back_together(importer, monkeypatch):
    def refuse(*_):
        raise Killed

    monkeypatch.setattr(reading, "_keep_place", refuse)
    with pytest.raises(Killed), transaction.atomic():
        importer.run()
    assert (Conversation.objects.count(), Message.objects.count(), RawRecord.objects.count()) == (0, 0, 0)
