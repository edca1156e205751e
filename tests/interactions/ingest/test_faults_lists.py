"""Answers that are not the whole truth, and an account that moves while it is read."""

import pytest

from interactions.ingest.store import PART_OF_NEWER
from interactions.models import Conversation, RawRecord, SyncWindow, UnreadableRecord
from interactions.sandbox.faults import (
    BY_ID,
    Arriving,
    Changing,
    CutShort,
    Doubled,
    Leaving,
    Nothing,
    PartialResult,
    Shuffled,
)
from tests.interactions.ingest.faulty import Scene, cut_records, unread

pytestmark = pytest.mark.django_db

MOVING = {
    "one leaves after each page": lambda: [Leaving()],
    "eight leave after each page": lambda: [Leaving(count=8)],
    "one arrives after each page": lambda: [Arriving()],
    "twenty arrive after a page": lambda: [Arriving(count=20, first=3, times=2)],
    "some change after each page": lambda: [Changing(count=3)],
    "all at once": lambda: [Leaving(count=2), Arriving(count=2), Changing(count=2)],
    "every seventh twice on a page": lambda: [Doubled()],
    "every fifth again on the next page": lambda: [Doubled(every=5, apart=100)],
    "neighbours in another order each time": lambda: [Shuffled(reach=5)],
    "pages in another order each time": lambda: [Shuffled(reach=150)],
    "twice and in disorder": lambda: [Doubled(every=4, apart=60), Shuffled(reach=30)],
}


@pytest.mark.parametrize("name", MOVING)
def test_has_everything_although_the_list_moves(importer_of, name):
    scene = Scene.of(importer_of(300))
    faults = MOVING[name]()
    for fault in faults:
        fault.lasts = 1800.0
    scene.script(*faults)
    scene.go_on(hours=0.3, step=1)
    assert all(fault.hits for fault in faults)
    scene.go_on(hours=4)
    assert scene.wrong() == []
    assert scene.state == "current"


@pytest.mark.parametrize("leaving", [9, 10, 11, 40, 90])
@pytest.mark.parametrize("arriving", [0, 30])
def test_reads_again_when_more_leave_than_pages_overlap(importer_of, leaving, arriving):
    scene = Scene.of(importer_of(400, days=0.5))
    scene.script(gone := Leaving(count=leaving, first=3, times=1))
    if arriving:
        scene.script(Arriving(count=arriving, first=3, times=1))
    scene.work()
    assert len(gone.gone) == leaving
    assert list(unread(scene.importer)) == []


@pytest.mark.parametrize("lost", [0, 5])
def test_reads_again_what_a_part_of_the_index_did_not_answer_for(importer_of, lost):
    scene = Scene.of(importer_of(300))
    scene.script(PartialResult(lost=lost, lasts=3600.0))
    scene.work()
    assert scene.state == "incomplete"
    assert "LivePerson answered for a part of its index only." in scene.errors()
    assert set(SyncWindow.objects.filter(kind="backfill").values_list("state", flat=True)) == {"incomplete"}
    scene.go_on(hours=5)
    assert scene.wrong() == []
    assert scene.state == "current"


def test_asks_by_id_for_records_cut_short(importer_of):
    scene = Scene.of(importer_of(300))
    scene.script(CutShort(lasts=3600.0))
    scene.work()
    assert cut_records() == 0
    assert scene.wrong() == []


def test_keeps_the_parts_until_the_whole_is_given(importer_of):
    scene = Scene.of(importer_of(300))
    scene.script(CutShort(lasts=3600.0), CutShort(ending=BY_ID, lasts=3600.0))
    scene.work()
    assert cut_records() == Conversation.objects.count() == 300
    scene.go_on(hours=14)
    assert cut_records() == 0
    assert scene.wrong() == []


def test_never_puts_a_part_in_place_of_the_whole(importer_of):
    scene = Scene.of(importer_of(300))
    scene.work()
    whole = dict(RawRecord.objects.values_list("pk", "digest"))
    scene.script(CutShort(lasts=3600.0), CutShort(ending=BY_ID, lasts=3600.0))
    SyncWindow.objects.all().delete()
    scene.work()
    assert dict(RawRecord.objects.values_list("pk", "digest")) == whole
    assert {row.reason for row in UnreadableRecord.objects.all()} == {PART_OF_NEWER}
    scene.go_on(hours=6)
    assert scene.wrong() == []
    assert not UnreadableRecord.objects.exists()


def test_brings_the_whole_of_what_changed_while_records_were_cut_short(importer_of):
    scene = Scene.of(importer_of(300))
    scene.work()
    scene.script(Changing(count=2, times=4), CutShort(lasts=3600.0), CutShort(ending=BY_ID, lasts=3600.0))
    SyncWindow.objects.filter(kind="backfill").update(state="waiting", not_before=None)
    scene.go_on(hours=6)
    assert scene.wrong() == []
    heads = [each["info"] for each in scene.importer.account.truth()]
    ratings = {head["conversationId"]: head.get("csatRate", head.get("csat")) for head in heads}
    assert dict(Conversation.objects.values_list("conversation_id", "csat")) == ratings


@pytest.mark.parametrize("status", [200, 204])
@pytest.mark.parametrize("read_first", [False, True], ids=["during the first import", "during the refreshes"])
def test_finds_what_was_hidden_by_empty_answers(importer_of, settings, read_first, status):
    scene = Scene.of(importer_of(300))
    settings.BACKFILL_DAYS = 60  # nothing grows too old to be asked for meanwhile
    if read_first:
        scene.work()
    scene.script(Changing(first=1, times=1), Nothing(first=2, status=status, lasts=3600.0))
    SyncWindow.objects.filter(kind="backfill").update(state="waiting")
    scene.go_on(hours=0.9, step=10)
    scene.go_on(hours=24 * 11, step=360)  # until the slow comparison has come round
    assert scene.wrong() == []
