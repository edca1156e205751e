"""The slow comparison: what refreshes missed arrives, and what LivePerson has lost is marked."""

from datetime import timedelta

import pytest

from interactions.ingest import control, sweep
from interactions.models import Conversation, RawRecord, SyncRun, SyncWindow
from interactions.sandbox.faults import BY_ID
from tests.interactions.ingest.test_refresh import ms, record

pytestmark = pytest.mark.django_db


@pytest.fixture
def read(importer, settings):
    """Everything is read, and three weeks are compared in seven days."""
    settings.POLL_SECONDS = 3600
    importer.run()
    return importer


def a_week(importer):
    for _ in range(6):
        importer.later(hours=28, minutes=1).run()


def swept():
    return SyncWindow.objects.filter(kind="sweep")


def test_compares_everything_within_a_week(read, clock):
    a_week(read)
    a_week(read)
    begun = min(swept().values_list("planned_at", flat=True))
    windows = list(swept().filter(planned_at=begun).order_by("-start_from"))
    assert (windows[0].start_to, len(windows)) == (begun, 3)
    assert all(newer.start_from == older.start_to for newer, older in zip(windows, windows[1:], strict=False))
    # By then the oldest days have left what is kept.
    assert windows[-1].start_from <= windows[-1].completed_at - timedelta(days=20)
    assert sweep.progress(clock.now, 21).begun_at > begun
    assert set(swept().values_list("state", flat=True)) == {"complete"}


def test_finds_a_change_that_moved_no_update_time(read, clock):
    known = Conversation.objects.exclude(status="open").order_by("started_at").last()
    changed = next(r for r in read.account.truth() if r["info"]["conversationId"] == known.conversation_id)
    changed["info"]["csatRate"] = 1
    read.account.put(changed)
    a_week(read)
    known.refresh_from_db()
    assert known.csat == 1


def test_marks_what_liveperson_has_lost_and_keeps_it(read):
    lost = Conversation.objects.order_by("started_at").last()
    read.account.remove(lost.conversation_id)
    a_week(read)
    assert list(RawRecord.objects.exclude(missing_since=None).values_list("pk", flat=True)) == [lost.pk]


def test_takes_the_mark_away_when_it_is_there_again(read, clock):
    started = ms(clock.now)
    read.account.put(record("gone", started))
    read.later(hours=2).run()
    read.account.remove("gone")
    a_week(read)
    assert RawRecord.objects.filter(missing_since__isnull=False).count() == 1
    read.account.put(record("gone", started))
    a_week(read)
    a_week(read)
    assert not RawRecord.objects.filter(missing_since__isnull=False).exists()


def test_waits_for_history_and_for_a_pause(importer, clock):
    sweep.plan_sweep(clock.now + timedelta(days=30), 21)
    assert not swept().exists()
    importer.run()
    control.pause_history(clock.now)
    assert not sweep.plan_sweep(clock.now + timedelta(days=30), 21)
    control.resume_history()
    assert sweep.plan_sweep(clock.now + timedelta(days=30), 21)


def test_marks_nothing_after_a_window_that_was_not_read_whole(read, clock):
    lost = Conversation.objects.order_by("started_at").last()
    read.account.remove(lost.conversation_id)
    read.served.switches.partial_result = True
    a_week(read)
    assert not RawRecord.objects.filter(missing_since__isnull=False).exists()


def test_compares_again_when_the_comparison_broke_off(read):
    lost = Conversation.objects.order_by("started_at").last()
    read.account.remove(lost.conversation_id)
    read.served.force(503, times=3, ending=BY_ID)
    a_week(read)
    assert SyncRun.objects.filter(kind="sweep", state="failed").exists()
    read.later(hours=2).run()
    assert list(RawRecord.objects.exclude(missing_since=None).values_list("pk", flat=True)) == [lost.pk]


def test_ends_between_two_calls_and_goes_on_from_there(read, monkeypatch):
    monkeypatch.setattr(sweep, "_TOGETHER", 1)
    for ident in Conversation.objects.values_list("conversation_id", flat=True):
        read.account.remove(ident)
    asked, by_id = [], read.client.by_id

    def asking(idents):
        asked.extend(idents)
        return by_id(idents)

    monkeypatch.setattr(read.client, "by_id", asking)
    read.later(hours=100)
    for number in range(1, 4):
        read.run(is_ending=lambda number=number: len(asked) >= number)
        assert (len(asked), swept().get().state) == (number, "waiting")
    read.run()
    window = swept().get()
    stored = Conversation.objects.filter(started_at__gte=window.start_from, started_at__lt=window.start_to)
    assert window.state == "complete"
    assert sorted(asked) == sorted(stored.values_list("conversation_id", flat=True))
