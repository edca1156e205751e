"""One conversation read again because somebody asked for it."""

import zlib
from datetime import timedelta

import pytest

from interactions.ingest import control, one
from interactions.models import Conversation, RawRecord, RefreshRequest, SyncRun, UnreadableRecord
from tests import factories
from tests.interactions.ingest.test_refresh import ms, record

pytestmark = pytest.mark.django_db


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
