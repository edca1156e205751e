"""One conversation read again because somebody asked for it."""

import sys
import zlib
from datetime import timedelta

import pytest

from interactions.ingest import control, one, poison
from interactions.ingest.reading import Ending, Tools
from interactions.models import Conversation, RawRecord, RefreshRequest, SyncRun, UnreadableRecord
from tests import factories
from tests.interactions.ingest.test_refresh import ms, record

pytestmark = pytest.mark.django_db
BY_ID = "/conversations/conversation/search"


@pytest.fixture
def read(importer, clock):
    importer.account.put(record("mine", ms(clock.now - timedelta(days=3))))
    importer.run()
    return importer


def asked(importer, clock, ident="mine"):
    one.ask(ident, None, clock.now)
    importer.run()
    return one.latest(ident)


def test_says_that_nothing_changed_and_since_when(read, clock):
    read.later(seconds=30)
    found = asked(read, clock)
    assert (found.result, found.state, found.error) == ("unchanged", "complete", "")
    assert RawRecord.objects.get(conversation__conversation_id="mine").read_at == clock.now


def test_brings_a_change_at_once(read, clock):
    read.account.put(record("mine", ms(clock.now - timedelta(days=3)), csatRate=5, status="CLOSE"))
    read.later(seconds=5)
    assert asked(read, clock).result == "changed"
    assert Conversation.objects.get(conversation_id="mine").csat == 5


def test_marks_what_liveperson_does_not_have_any_more(read, clock):
    read.account.remove("mine")
    read.later(seconds=5)
    assert asked(read, clock).result == "not_found"
    assert RawRecord.objects.get(conversation__conversation_id="mine").missing_since == clock.now


def test_takes_the_mark_away_when_a_refresh_brings_it_again(read, clock):
    read.account.remove("mine")
    asked(read, clock)
    read.later(minutes=2)
    read.account.put(record("mine", ms(clock.now - timedelta(days=3)), changed_ms=ms(clock.now)))
    read.run()
    assert RawRecord.objects.get(conversation__conversation_id="mine").missing_since is None


def test_reads_what_was_never_read_before(read, clock):
    read.account.put(record("new", ms(clock.now - timedelta(days=2))))
    assert asked(read, clock, "new").result == "changed"


def test_is_one_request_for_two_who_ask(read, clock):
    first = one.ask("mine", factories.user("analyst"), clock.now)
    assert one.ask("mine", factories.user("operator"), clock.now) == first
    assert RefreshRequest.objects.count() == 1


def test_goes_first_and_also_while_history_is_paused(importer, clock):
    importer.account.put(record("mine", ms(clock.now - timedelta(days=3))))
    one.ask("mine", None, clock.now)
    importer.run(is_ending=lambda: Conversation.objects.exists())
    assert SyncRun.objects.exclude(kind="configuration").first().kind == "conversation"
    control.pause_history(clock.now)
    assert asked(importer, clock).result == "unchanged"


def test_tells_in_words_why_it_failed(read, clock):
    read.later(seconds=5)
    read.served.force(403, ending="conversation/search")
    found = asked(read, clock)
    assert (found.result, found.state) == ("failed", "failed")
    assert "privilege" in found.error


def test_reads_an_unreadable_record_again(read, clock):
    body = zlib.compress(b'{"info": {"conversationId": "strange"}}')
    UnreadableRecord.objects.create(
        key="strange", body=body, reason="no start", first_seen_at=clock.now, last_seen_at=clock.now
    )
    kept = UnreadableRecord.objects.get(key="strange")
    assert "asked for it again" in control.read_again(kept.pk, None, clock.now, read.tools)
    read.account.put(record("strange", ms(clock.now - timedelta(days=1))))
    read.run()
    assert Conversation.objects.filter(conversation_id="strange").exists()
    assert "any more" in control.read_again(kept.pk, None, clock.now, read.tools)


def test_ends_a_request_that_has_ended_the_worker_too_often(read, clock):
    one.ask("mine", None, clock.now)
    asked = read.served.ledger.count(BY_ID)
    for _ in range(poison.AT_A_RECORD):
        assert one.next_request(clock.now).row.conversation_id == "mine"  # and the process dies
        read.later(seconds=200)
    read.run()
    found = one.latest("mine")
    assert (found.result, found.state, found.ended_at) == ("failed", "failed", clock.now)
    assert found.error.startswith("Reading it has ended the worker 5 times")
    assert read.served.ledger.count(BY_ID) == asked
    assert RefreshRequest.objects.filter(ended_at=None).count() == 0


def test_serves_the_others_behind_a_request_that_ends_the_worker(read, clock):
    RefreshRequest.objects.create(conversation_id="deadly", asked_at=clock.now, attempt_count=poison.AT_A_RECORD)
    read.later(seconds=1)
    assert asked(read, clock).result == "unchanged"
    assert one.latest("deadly").result == "failed"


def test_does_not_count_a_worker_that_ends_in_good_order(read, clock):
    def end(seconds):
        raise Ending

    one.ask("mine", None, clock.now)
    for _ in range(5):
        claim = one.next_request(clock.now)
        with pytest.raises(Ending):
            one.serve(Slow(), claim, Tools(clock=clock, sleep=end))
    read.run()
    assert one.latest("mine").result == "unchanged"


class Slow:
    """A client whose worker is told to end while it waits."""

    def by_id(self, idents):
        raise Ending


def test_does_not_call_what_is_stored_of_now_when_the_new_state_cannot_be_read(read, clock, monkeypatch):
    before = RawRecord.objects.get(conversation__conversation_id="mine").read_at
    read.account.put(record("mine", ms(clock.now - timedelta(days=3)), csatRate=5, status="CLOSE"))
    read.later(seconds=5)
    monkeypatch.setattr(sys.modules["interactions.ingest.store.prepare"], "derive", lambda *given: 1 // 0)
    assert asked(read, clock).result == "changed"
    assert UnreadableRecord.objects.get().last_seen_at == clock.now
    assert RawRecord.objects.get(conversation__conversation_id="mine").read_at == before
