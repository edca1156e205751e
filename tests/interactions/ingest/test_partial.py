"""Records that LivePerson cuts short by id too: kept as they are, and asked for again until they are whole."""

import contextlib
import sys

import pytest

from interactions.ingest import poison
from interactions.models import Conversation, RawRecord, RefreshRequest, SyncWindow, UnreadableRecord

pytestmark = pytest.mark.django_db
BY_ID = "/conversations/conversation/search"


@pytest.fixture
def cut(importer):
    """The id of an old conversation that was read in part, which no refresh lists; it is still cut."""
    importer.run()
    row = Conversation.objects.filter(status="closed", message_count__gt=3).earliest("started_at")
    SyncWindow.objects.all().delete()
    RawRecord.objects.filter(conversation=row).delete()
    row.delete()
    for ids in (importer.served.switches.cut_short, importer.served.switches.cut_by_id):
        ids.add(row.conversation_id)
    importer.run()
    return row.conversation_id


def raw(ident):
    return RawRecord.objects.get(conversation__conversation_id=ident)


def test_keeps_what_came_and_marks_it(importer, cut):
    assert raw(cut).is_partial
    assert set(SyncWindow.objects.values_list("state", flat=True)) == {"complete"}


def test_asks_by_id_again_in_a_later_refresh_though_nothing_changed(importer, cut):
    asked = importer.served.ledger.count(BY_ID)
    importer.later(minutes=61).run()
    assert importer.served.ledger.count(BY_ID) > asked
    assert raw(cut).is_partial


def test_waits_an_hour_between_two_tries(importer, cut):
    importer.later(minutes=61).run()
    asked = importer.served.ledger.count(BY_ID)
    importer.later(minutes=5).run()
    assert importer.served.ledger.count(BY_ID) == asked


def test_has_it_whole_once_liveperson_gives_it(importer, cut):
    before = Conversation.objects.get(conversation_id=cut).message_count
    importer.served.switches.cut_by_id.clear()
    importer.later(minutes=61).run()
    assert not raw(cut).is_partial
    assert Conversation.objects.get(conversation_id=cut).message_count > before


def test_asks_for_nothing_that_is_whole(importer, cut):
    importer.served.switches.cut_by_id.clear()
    importer.later(minutes=61).run()
    asked = importer.served.ledger.count(BY_ID)
    importer.later(hours=2).run()
    assert importer.served.ledger.count(BY_ID) == asked


def test_asks_by_id_again_in_a_backfill_though_the_hash_is_the_same(importer, cut):
    digest, asked = raw(cut).digest, importer.served.ledger.count(BY_ID)
    SyncWindow.objects.all().delete()
    importer.run()
    assert importer.served.ledger.count(BY_ID) > asked
    assert bytes(raw(cut).digest) == bytes(digest)


@pytest.mark.parametrize("status", [200, 403])
def test_is_complete_and_up_to_date_although_asking_again_fails(importer, cut, status):
    importer.served.force(status, times=9, ending=BY_ID)
    importer.later(minutes=61).run()
    assert set(SyncWindow.objects.values_list("state", flat=True)) == {"complete"}


def test_does_not_call_a_part_of_now_when_the_whole_cannot_be_read(importer, cut, monkeypatch):
    before = raw(cut).read_at
    importer.served.switches.cut_by_id.clear()
    importer.later(minutes=61)
    monkeypatch.setattr(sys.modules["interactions.ingest.store.prepare"], "derive", lambda *given: 1 // 0)
    importer.run()
    asked = importer.served.ledger.count(BY_ID)
    assert UnreadableRecord.objects.get(key=cut).last_seen_at > raw(cut).read_at == before
    importer.later(minutes=5).run()
    assert importer.served.ledger.count(BY_ID) == asked


class Killed(BaseException):
    """What ends a worker and leaves nothing written."""


def die_over(importer, monkeypatch, ident):
    """Every call that asks for this conversation by its id ends the worker; returns a count of the dead."""
    real, dead = importer.client.by_id, []

    def by_id(ids):
        if ident in ids:
            dead.append(ident)
            raise Killed
        return real(ids)

    monkeypatch.setattr(importer.client, "by_id", by_id)
    return dead


def test_asks_for_each_alone_where_the_worker_died(importer, cut, monkeypatch):
    dead = die_over(importer, monkeypatch, cut)
    importer.later(minutes=61)
    for _ in range(20):
        with contextlib.suppress(Killed):
            importer.run()
        importer.later(minutes=10)
    assert 0 < len(dead) <= poison.AT_A_PAGE + poison.AT_A_RECORD
    found = RefreshRequest.objects.get()
    assert (found.conversation_id, found.result) == (cut, "failed")
    assert not SyncWindow.objects.exclude(state="complete").exists()
