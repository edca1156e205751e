"""Records that LivePerson cuts short by id too: kept as they are, and asked for again until they are whole."""

import pytest

from interactions.models import Conversation, RawRecord, SyncWindow

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
