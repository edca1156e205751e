"""A reading in the foreground: what it reads again, what it says it has not read, and how it counts."""

from datetime import timedelta

import pytest

from interactions import jobs
from interactions.ingest import byhand, control, counting, sync
from interactions.ingest.byhand import Summary
from interactions.ingest.counting import Tally
from interactions.ingest.reading import Reading, Tools
from interactions.liveperson import Refused
from interactions.models import Conversation, SyncWindow, WorkState

pytestmark = pytest.mark.django_db
DAYS = timedelta(days=20)


class Impatient:
    """Sleeps in virtual time, but not for ever."""

    def __init__(self, clock):
        self.clock, self.naps = clock, 0

    def __call__(self, seconds):
        self.clock.sleep(seconds)
        self.naps += 1
        assert self.naps < 2000, "it looks again and again"


def tools_of(importer):
    return Tools(clock=importer.clock, sleep=Impatient(importer.clock))


def taken_over(importer, monkeypatch, *, times):
    """At so many pages this process is stopped for longer than its lease; another worker takes over, and dies."""
    search, left = importer.client.search, [times]

    def stopped(**asked):
        if asked.get("limit") != 1 and left[0] and SyncWindow.objects.filter(state=WorkState.RUNNING).exists():
            left[0] -= 1
            importer.clock.sleep(180)
            jobs.claim(SyncWindow.objects.filter(state=WorkState.RUNNING), importer.clock.now)
        return search(**asked)

    monkeypatch.setattr(type(importer.client), "search", lambda client, **asked: stopped(**asked))


def read_range(importer, watch=lambda tally: None):
    now, summary = importer.clock.now, Summary()
    byhand.read_range(importer.client, tools_of(importer), now - DAYS, now, watch, summary)
    return summary


def read_all(importer, watch=lambda tally: None):
    summary = Summary()
    byhand.read_all(importer.client, tools_of(importer), watch, summary)
    return summary


def test_reads_again_what_it_lost_to_a_worker_that_died(importer, monkeypatch):
    taken_over(importer, monkeypatch, times=2)
    summary = read_range(importer)
    assert summary.incomplete == []
    assert summary.read == summary.outcome.new == Conversation.objects.count() > 50


def test_gives_up_what_it_loses_every_time(importer, monkeypatch):
    taken_over(importer, monkeypatch, times=1000)
    summary = read_range(importer)
    assert summary.incomplete
    assert all(line.endswith(": not read") for line in summary.incomplete)


def test_does_not_wait_for_a_period_whose_lease_has_ended(importer, monkeypatch):
    def lost(client, claim, tools):
        importer.clock.sleep(180)

    monkeypatch.setattr(byhand.sync, "run_window", lost)
    summary = read_range(importer)
    assert len(summary.incomplete) == len(
        list(byhand.windows.backfill_spans(importer.clock.now, importer.clock.now - DAYS))
    )


def test_counts_what_was_stored_of_a_period_that_was_lost(importer_of, monkeypatch):
    importer = importer_of(400, days=1)
    real = byhand.sync.run_window
    pages = []

    def broken(client, claim, tools):
        follow = tools.watch

        def watch(reading):
            follow(reading)
            pages.append(reading)
            if len(pages) == 2:
                raise jobs.LostClaim

        tools.watch = watch
        return real(client, claim, tools)

    monkeypatch.setattr(byhand.sync, "run_window", broken)
    summary = read_range(importer)
    assert summary.incomplete == []
    assert summary.outcome.new == Conversation.objects.count()


def test_waits_for_a_worker_that_reads_what_is_left(importer):
    sync.plan(importer.clock.now)
    jobs.claim(SyncWindow.objects.filter(kind="backfill"), importer.clock.now)
    summary = read_all(importer)
    assert summary.incomplete == []
    assert Conversation.objects.count() == 60


def test_says_that_history_is_paused(importer):
    sync.plan(importer.clock.now)
    control.pause_history(importer.clock.now)
    summary = read_all(importer)
    count = SyncWindow.objects.filter(kind="backfill").count()
    said = f"History is paused; periods that wait until it is resumed on the page /sync/: {count}."
    assert summary.incomplete == [said]
    assert SyncWindow.objects.filter(kind="refresh", state="complete").exists()


def test_says_what_is_not_read_when_somebody_pauses_history_meanwhile(importer):
    def pause(tally):
        if SyncWindow.objects.filter(kind="backfill", state="running").exists():
            control.pause_history(importer.clock.now)

    summary = read_all(importer, pause)
    left = SyncWindow.objects.filter(kind="backfill").exclude(state="complete").count()
    assert left
    assert summary.incomplete[0].endswith(f": {left}.")
    assert summary.tally.done == Conversation.objects.count() < summary.tally.total


def test_reads_a_range_while_history_is_paused(importer):
    control.pause_history(importer.clock.now)
    assert read_range(importer).incomplete == []


def test_paused_history_that_is_read_is_nothing_to_complain_about(importer):
    read_all(importer)
    control.pause_history(importer.clock.now)
    importer.later(minutes=5)
    assert read_all(importer).incomplete == []


def test_tells_which_lists_are_refused(importer):
    importer.served.force(403, times=50, ending="/agentGroups")
    summary = read_all(importer)
    assert summary.incomplete == []
    assert [line.partition(":")[0] for line in summary.refused] == ["The key may not read agent groups"]


def test_counts_a_conversation_once_that_refresh_and_history_list(importer):
    shown = []
    summary = read_all(importer, lambda tally: shown.append((tally.done, tally.total)))
    assert SyncWindow.objects.get(kind="refresh").seen_count > 0
    assert summary.read == summary.outcome.new == 60
    assert (summary.tally.done, summary.tally.total) == (60, 60)
    assert shown[0][0] == 0 < shown[0][1]
    assert all(done <= total for done, total in shown)
    assert shown == sorted(shown, key=lambda pair: pair[0])


def test_a_second_reading_counts_only_what_it_works_on(importer):
    read_all(importer)
    again = read_all(importer)
    assert (again.read, again.tally.done, again.tally.total) == (0, 0, 0)
    importer.later(minutes=5)
    refreshed = read_all(importer)
    count = SyncWindow.objects.filter(kind="refresh").latest("planned_at").seen_count
    assert (refreshed.tally.done, refreshed.tally.total) == (count, count)


def test_expects_the_whole_of_a_period_that_is_split(importer_of, monkeypatch):
    monkeypatch.setattr("interactions.ingest.splitting.SPLIT_ABOVE", 100)
    monkeypatch.setattr("interactions.ingest.splitting.AIM", 40)
    shown = []
    summary = read_range(importer_of(300, days=1), lambda tally: shown.append(tally.total))
    assert min(shown) >= summary.tally.total == Conversation.objects.count()


def test_reads_although_the_count_is_refused(importer, monkeypatch):
    monkeypatch.setattr(counting, "count", refuse)
    summary = read_all(importer)
    assert (summary.incomplete, summary.tally.done, summary.tally.total) == ([], 60, 60)


def refuse(*_, **__):
    raise Refused("no", status=400)


def test_asks_once_for_periods_that_touch(importer, monkeypatch):
    sync.plan(importer.clock.now)
    asked = []
    monkeypatch.setattr(counting, "count", lambda client, since, until, **options: asked.append((since, until)) or 7)
    rows = SyncWindow.objects.filter(kind="backfill")
    assert counting.expected(importer.client, rows) == 7
    assert asked == [(rows.earliest("start_from").start_from, rows.latest("start_to").start_to)]
    middle = rows.order_by("start_from")[1]
    assert counting.expected(importer.client, rows.exclude(pk=middle.pk)) == 14


def reading(pk, count, *ids, updated_since=None):
    return Reading(SyncWindow(pk=pk, updated_since=updated_since), count=count, seen=set(ids))


def test_the_first_page_corrects_what_was_expected():
    tally = Tally(expected=10)
    tally.see(reading(1, 12, b"a", b"b"))
    assert (tally.done, tally.total) == (2, 12)


def test_a_period_that_is_started_over_loses_nothing():
    tally = Tally(expected=4)
    tally.see(reading(1, 4, b"a", b"b", b"c"))
    tally.see(reading(1, 4, b"a"))
    assert (tally.done, tally.total) == (3, 4)


def test_a_conversation_near_a_border_is_expected_once():
    tally = Tally(expected=5)
    tally.see(reading(1, 2, b"a", b"b"))
    tally.see(reading(2, 2, b"b", b"c"))
    assert (tally.done, tally.total) == (3, 5)
    tally.see(reading(3, 2, b"d", b"e"))
    assert (tally.done, tally.total) == (5, 5)


def test_a_conversation_that_a_refresh_shows_too_is_expected_twice(clock):
    tally = Tally(expected=4)  # three of history, one that was updated
    tally.see(reading(1, 3, b"a", b"b", b"c"))
    assert (tally.done, tally.total) == (3, 4)
    tally.see(reading(2, 1, b"b", updated_since=clock.now))
    assert (tally.done, tally.total) == (3, 3)
    tally.close()
    assert (tally.done, tally.total) == (3, 3)
