"""Changes after the first reading: late surveys, open conversations, arrivals, and when the cursor moves."""

from datetime import timedelta

import pytest

from interactions.ingest import refresh
from interactions.ingest.status import freshness
from interactions.models import Conversation, SyncRun, SyncWindow

pytestmark = pytest.mark.django_db


def record(conversation_id, started_ms, **info):
    whole = {"conversationId": conversation_id, "startTimeL": started_ms, "status": "OPEN", "source": "APP", **info}
    message = {
        "messageId": f"{conversation_id}-{len(info)}",
        "type": "TEXT_PLAIN",
        "messageData": {"msg": {"text": "hello"}},
        "timeL": info.pop("changed_ms", started_ms),
        "sentBy": "Consumer",
        "participantId": "c-1",
    }
    return {"info": whole, "messageRecords": [message]}


def ms(moment):
    return int(moment.timestamp() * 1000)


def test_brings_a_survey_that_is_answered_a_week_later(importer, clock):
    started = ms(clock.now - timedelta(days=5))
    importer.account.put(record("late", started))
    importer.run()
    importer.later(minutes=5)
    importer.account.put(record("late", started, csatRate=2, status="CLOSE", changed_ms=ms(clock.now)))
    importer.run()
    assert Conversation.objects.get(conversation_id="late").csat == 2


def test_brings_conversations_that_arrive(importer_of, clock):
    importer = importer_of(60, live=True)
    importer.run()
    before = set(Conversation.objects.values_list("conversation_id", flat=True))
    importer.later(minutes=30).run()
    assert set(Conversation.objects.values_list("conversation_id", flat=True)) > before


def test_ends_where_the_account_stands_after_an_hour_of_life(importer_of):
    importer = importer_of(60, live=True)
    for _ in range(6):
        importer.run()
        importer.later(minutes=10)
    importer.run()
    known = {record["info"]["conversationId"]: record["info"] for record in importer.account.truth()}
    states = dict(Conversation.objects.values_list("conversation_id", "status"))
    assert states == {ident: {"OPEN": "open", "CLOSE": "closed"}[info["status"]] for ident, info in known.items()}
    ratings = dict(Conversation.objects.exclude(csat=None).values_list("conversation_id", "csat"))
    assert ratings == {ident: info["csatRate"] for ident, info in known.items() if "csatRate" in info}


def test_goes_first_while_history_is_still_being_read(importer_of, clock):
    importer = importer_of(300)
    order = []

    def watch(reading):
        order.append(reading.window.kind)
        clock.sleep(40)

    importer.run(watch=watch)
    first, last = order.index("backfill"), len(order) - 1 - order[::-1].index("backfill")
    assert "refresh" in order[first:last]


def test_is_not_due_before_the_poll_interval_has_passed(importer):
    importer.run()
    count = SyncRun.objects.count()
    importer.later(seconds=30).run()
    assert SyncRun.objects.count() == count
    importer.later(seconds=31).run()
    assert SyncRun.objects.count() > count


def test_asks_from_the_last_complete_plan_less_the_overlap(importer, clock):
    importer.run()
    planned = refresh.covered_to()
    importer.later(minutes=3).run()
    latest = SyncWindow.objects.filter(kind="refresh").latest("planned_at")
    assert latest.updated_since == planned - refresh.OVERLAP
    assert latest.planned_at == refresh.covered_to() == clock.now


def test_keeps_the_cursor_while_a_slice_is_incomplete(importer, clock):
    importer.run()
    covered = refresh.covered_to()
    importer.served.switches.partial_result = True
    for _ in range(3):
        importer.later(minutes=2).run()
    assert refresh.covered_to() == covered
    [waiting] = SyncWindow.objects.filter(kind="refresh").exclude(state="complete")
    assert waiting.updated_since == covered - refresh.OVERLAP
    assert freshness(clock.now).state == "incomplete"
    importer.served.switches.partial_result = False
    importer.later(hours=3).run()
    assert refresh.covered_to() == clock.now
    assert freshness(clock.now).state == "current"


def test_remembers_since_when_a_slice_was_incomplete(importer, clock):
    importer.run()
    importer.served.switches.partial_result = True
    importer.later(minutes=2).run()
    since = SyncWindow.objects.get(kind="refresh", state="incomplete").incomplete_since
    importer.later(hours=1).run()
    assert SyncWindow.objects.exclude(state="complete").get(kind="refresh").incomplete_since == since
