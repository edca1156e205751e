"""What the worker stores, compared with what the account holds."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import orjson
import pytest

from interactions.ingest.store import canonical
from interactions.models import Account, Agent, AgentGroup, Conversation, Message, Skill, SyncRun, SyncWindow
from tests.interactions.ingest.tables import everything

pytestmark = pytest.mark.django_db
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moment(ms):
    return None if ms in (None, -1) else EPOCH + timedelta(milliseconds=ms)


def truth(importer):
    return {record["info"]["conversationId"]: record for record in importer.account.truth()}


def test_holds_every_conversation_of_the_account(importer_of):
    importer = importer_of(150)
    importer.run()
    assert set(Conversation.objects.values_list("conversation_id", flat=True)) == truth(importer).keys()


def as_searched(account, ident):
    """The record as a search answers it: files without preview, long ones cut."""
    now = account.refresh()
    return orjson.loads(account.records([account.row_of(ident, now)], now=now, by_id=False)[0])


def test_stores_each_record_as_the_account_gives_it(importer):
    importer.run()
    for row in Conversation.objects.select_related("raw").filter(raw__is_partial=False):
        given = as_searched(importer.account, row.conversation_id)
        stored = orjson.loads(row.raw.json_bytes)
        if given["info"].get("isPartial") is True:
            continue
        assert canonical(stored) == canonical({name: value for name, value in given.items() if name in stored})
        assert {"info", "messageRecords"} <= stored.keys()


def test_states_the_columns_that_the_record_states(importer_of):
    importer = importer_of(150)
    importer.run()
    known = truth(importer)
    for row in Conversation.objects.select_related("last_agent", "group", "skill", "consumer"):
        info = known[row.conversation_id]["info"]
        is_open = info["status"] == "OPEN"
        ended = None if is_open else moment(info.get("conversationEndTimeL", info.get("endTimeL")))
        assert row.is_open is is_open
        assert (row.started_at, row.ended_at) == (moment(info["startTimeL"]), ended)
        assert row.duration_seconds == (None if ended is None else (ended - row.started_at) // timedelta(seconds=1))
        assert (row.csat, row.mcs) == (info.get("csatRate", info.get("csat")), info.get("mcs"))
        assert row.mcs_band == info.get("alertedMCS")
        assert row.channel == info["source"].lower()
        assert row.started_slot == info["startTimeL"] // 900_000


def test_keeps_every_message_in_order_with_its_score(importer_of):
    importer = importer_of(100)
    importer.run()
    for ident, record in truth(importer).items():
        sent = record.get("messageRecords", [])
        scores = {s["messageId"]: s["mcs"] for s in record.get("messageScores", record.get("messageScore", []))}
        conversation = Conversation.objects.get(conversation_id=ident)
        rows = list(Message.objects.of(conversation.pk))
        assert Counter(row.message_id for row in rows) == Counter(message["messageId"] for message in sent)
        assert [row.sent_at for row in rows] == sorted(row.sent_at for row in rows)
        assert [row.mcs for row in rows] == [scores.get(row.message_id) for row in rows]
        assert conversation.message_count == len(sent)


def test_puts_every_message_into_a_class_that_the_record_supports(importer_of):
    importer = importer_of(100)
    importer.run()
    for ident, record in truth(importer).items():
        surveys = {d["dialogId"] for d in record.get("dialogs", []) if d["dialogType"] == "POST_SURVEY"}
        notes = {m["messageId"] for m in record["messageRecords"] if m.get("audience") == "AGENTS_AND_MANAGERS"}
        asked = {m["messageId"] for m in record["messageRecords"] if m.get("dialogId") in surveys}
        said = dict(Message.objects.filter(conversation__conversation_id=ident).values_list("message_id", "speaker"))
        assert {key for key, speaker in said.items() if speaker == "note"} == notes - asked
        if "dialogs" in record:
            assert {key for key, speaker in said.items() if speaker == "survey"} == asked


def test_knows_groups_skills_and_users(importer):
    importer.run()
    assert AgentGroup.objects.filter(parent__isnull=False).exists()
    assert Skill.objects.exclude(name="").count() == Skill.objects.count() > 0
    assert Agent.objects.filter(is_deleted=True).exists()
    twins = Counter(Agent.objects.exclude(nickname="").values_list("nickname", flat=True))
    assert 2 in twins.values()
    assert Account.objects.get().automatic_texts


def test_takes_full_names_from_conversations(importer_of):
    importer_of(150).run()
    assert Agent.objects.exclude(full_name="").filter(kind="human", last_in__isnull=False).exists()


def test_changes_nothing_when_it_reads_everything_again(importer):
    importer.run()
    before = everything()
    SyncWindow.objects.all().delete()
    importer.run()
    assert everything() == before
    again = SyncRun.objects.filter(kind="backfill").order_by("-pk")[:3]
    assert {(run.new_count, run.changed_count) for run in again} == {(0, 0)}


def test_reads_records_cut_short_by_id(importer):
    idents = list(truth(importer))[:3]
    importer.served.switches.cut_short.update(idents)
    importer.run()
    assert importer.served.ledger.count("/conversations/conversation/search") >= 1
    for ident in idents:
        row = Conversation.objects.select_related("raw").get(conversation_id=ident)
        assert not row.raw.is_partial
        assert row.message_count == len(truth(importer)[ident]["messageRecords"])


def test_brings_the_newest_first(importer):
    seen = []
    importer.run(watch=lambda reading: seen.append((reading.window.kind, reading.window.start_from)))
    starts = [start for kind, start in seen if kind == "backfill"]
    assert starts == sorted(starts, reverse=True)


def test_leaves_every_window_complete(importer):
    importer.run()
    assert set(SyncWindow.objects.values_list("state", flat=True)) == {"complete"}
    assert all(window.seen_count == window.expected_count for window in SyncWindow.objects.all())


def test_records_each_piece_of_work(importer):
    importer.run()
    runs = SyncRun.objects.all()
    assert {run.kind for run in runs} == {"configuration", "refresh", "backfill"}
    assert sum(run.new_count for run in runs) == Conversation.objects.count()
    assert all(run.state == "complete" and run.ended_at for run in runs)
