"""LivePerson refusing, failing, or answering with less than it counts: what the operator then reads."""

from dataclasses import replace
from datetime import timedelta

import pytest

from interactions.ingest import account, sync
from interactions.ingest.status import completeness, freshness
from interactions.liveperson import Unavailable
from interactions.models import Account, Conversation, SyncRun, SyncWindow

pytestmark = pytest.mark.django_db
SEARCH = "/conversations/search"


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        (401, "refused", "LivePerson refuses the key (401). An operator must check LIVEPERSON_APP_KEY, "),
        (403, "privilege", "LivePerson refuses the call (403): the key lacks a privilege."),
        (400, "privilege", "LivePerson refuses the call (400)."),
        (503, "unavailable", "LivePerson has not answered since "),
        (429, "slowed", "LivePerson asks for fewer calls (429)."),
    ],
)
def test_says_in_words_what_is_wrong(importer, status, kind, words):
    importer.served.force(status, times=20, ending=SEARCH)
    importer.run()
    state = Account.objects.get()
    assert state.trouble == kind
    assert state.trouble_detail.startswith(words)
    assert SyncRun.objects.latest("pk").error == state.trouble_detail


def test_waits_twice_as_long_after_each_failure_in_a_row(importer, clock):
    pauses = []
    for _ in range(3):
        importer.served.force(503, times=2, ending=SEARCH)
        importer.run()
        pauses.append(Account.objects.get().retry_at - clock.now)
        clock.now = Account.objects.get().retry_at
    assert pauses == [timedelta(minutes=2), timedelta(minutes=4), timedelta(minutes=8)]


def test_asks_nothing_before_the_pause_is_over(importer):
    importer.served.force(503, times=2, ending=SEARCH)
    importer.run()
    asked = importer.served.ledger.count(SEARCH)
    importer.later(minutes=1).run()
    assert importer.served.ledger.count(SEARCH) == asked


def test_forgets_the_trouble_once_calls_go_well(importer):
    importer.served.force(503, times=2, ending=SEARCH)
    importer.run()
    importer.later(minutes=3).run()
    state = Account.objects.get()
    assert (state.trouble, state.failure_count, state.retry_at) == ("", 0, None)
    assert Conversation.objects.count() == 60


def test_is_behind_while_the_key_is_refused(importer, clock):
    importer.run()
    importer.served.force(401, times=20)
    importer.later(minutes=2).run()
    assert freshness(clock.now).state == "behind"
    assert Conversation.objects.count() == 60


def test_calls_a_partial_answer_incomplete_but_keeps_what_came(importer, clock):
    importer.served.switches.partial_result = True
    importer.run()
    assert Conversation.objects.count() == 60
    assert set(SyncWindow.objects.values_list("state", flat=True)) == {"incomplete"}
    assert not completeness(clock.now - timedelta(days=3), clock.now, clock.now).is_complete


def test_tries_an_incomplete_window_three_times_and_then_later_and_later(importer, clock):
    importer.served.switches.partial_result = True
    waits = []
    for _ in range(3):
        importer.run()
        window = SyncWindow.objects.filter(kind="backfill").latest("start_from")
        waits.append(window.not_before - clock.now)
        clock.now = window.not_before
    assert waits == [timedelta(minutes=5), timedelta(minutes=10), timedelta(minutes=20)]


def test_reads_again_when_fewer_arrive_than_were_counted(importer, monkeypatch):
    search = importer.client.search

    def one_short(**asked):
        page = search(**asked)
        return type(page)(page.records[:-1], page.count, page.partial, page.offset)

    monkeypatch.setattr(importer.client, "search", one_short)
    importer.run()
    short = SyncWindow.objects.filter(kind="backfill", expected_count__gt=0).first()
    assert short.state == "incomplete"
    assert short.error == f"LivePerson counts {short.expected_count}, {short.seen_count} arrived."
    monkeypatch.undo()
    importer.later(hours=3).run()
    assert Conversation.objects.count() == 60
    assert set(SyncWindow.objects.values_list("state", flat=True)) == {"complete"}


def test_keeps_the_database_for_one_account(db):
    account.pin("sandbox-1")
    assert account.pin("sandbox-1").account_id == "sandbox-1"
    with pytest.raises(account.OtherAccount, match="holds account sandbox-1, not 71830264: set DATA_DIR"):
        account.pin("71830264")


def test_goes_on_with_other_windows_when_one_breaks_off(importer, monkeypatch):
    read, broken = sync.read_window, []

    def once_broken(client, claim, *others):
        if not broken:
            broken.append(claim.row.pk)
            raise ZeroDivisionError("a fault of ours")
        return read(client, claim, *others)

    monkeypatch.setattr(sync, "read_window", once_broken)
    importer.run()
    assert SyncWindow.objects.get(pk=broken[0]).error == "Reading broke off (ZeroDivisionError)."
    assert SyncWindow.objects.exclude(pk=broken[0]).exclude(state="complete").count() == 0


@pytest.mark.parametrize("status", [503, 400, 200])
def test_goes_on_with_the_others_when_one_window_cannot_be_read(importer, monkeypatch, status):
    sync.plan(importer.clock.now)
    newest = SyncWindow.objects.filter(kind="backfill").latest("start_from").start_to
    search = importer.client.search

    def failing(**asked):
        if asked["start_to"] == round(newest.timestamp() * 1000) - 1 and asked.get("limit") != 1:
            importer.served.force(status, times=2, ending=SEARCH)
        return search(**asked)

    monkeypatch.setattr(importer.client, "search", failing)
    for _ in range(5):
        importer.run()
        importer.later(minutes=5)
    left = SyncWindow.objects.filter(kind="backfill").exclude(state="complete").get()
    assert (left.state, left.incomplete_since is not None) == ("incomplete", True)


def test_asks_a_single_failed_window_again_until_it_is_read(importer, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(importer.client, "search", _raising)
        for _ in range(4):
            importer.run()
            importer.later(minutes=40)
    assert SyncWindow.objects.filter(incomplete_since__isnull=False).exists()
    for _ in range(3):
        importer.run()
        importer.later(minutes=40)
    assert Conversation.objects.count() == 60
    assert set(SyncWindow.objects.values_list("state", flat=True)) == {"complete"}


def _raising(**asked):
    raise Unavailable("the search is down", status=500)


def test_does_not_take_an_empty_answer_in_the_middle_for_the_end(importer_of, monkeypatch):
    importer = importer_of(600)
    search, emptied = importer.client.search, []

    def empty_once(**asked):
        page = search(**asked)
        if asked.get("offset") and not emptied:
            emptied.append(page)
            return type(page)((), 0, False, page.offset)
        return page

    monkeypatch.setattr(importer.client, "search", empty_once)
    importer.run()
    assert emptied
    assert Conversation.objects.count() == 600


def test_counts_a_record_that_is_listed_twice_as_arrived(importer, monkeypatch):
    search = importer.client.search

    def doubled(**asked):
        page = search(**asked)
        return replace(page, records=page.records + page.records[:1], count=page.count + bool(page.records))

    monkeypatch.setattr(importer.client, "search", doubled)
    importer.run()
    assert Conversation.objects.count() == 60
    assert set(SyncWindow.objects.values_list("state", flat=True)) == {"complete"}


def test_ends_after_the_page_in_hand_when_the_worker_is_to_end(importer_of):
    importer = importer_of(600)
    assert importer.run(is_ending=lambda: Conversation.objects.exists()) is False
    assert 0 < Conversation.objects.count() <= 100
    assert not SyncWindow.objects.filter(state="running").exists()
    importer.run()
    assert Conversation.objects.count() == 600


def test_leaves_alone_what_another_worker_took_while_liveperson_kept_it_waiting(importer, monkeypatch):
    def taken_then_failing(**asked):
        SyncWindow.objects.filter(state="running").update(fence=99)
        _raising()

    monkeypatch.setattr(importer.client, "search", taken_then_failing)
    assert importer.run() is False
    assert SyncWindow.objects.filter(fence=99, state="running").exists()
