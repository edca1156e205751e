"""Storing pages: what replaces what, how many statements it takes, and what happens to a bad record."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DataError, connection, transaction
from django.test.utils import CaptureQueriesContext

from interactions.ingest.derive import AutomaticTexts
from interactions.ingest.store import Outcome, canonical, prepare, rows, write
from interactions.ingest.store.sql import MOST_INDEXED
from interactions.liveperson import parse_conversation
from interactions.models import (
    Agent,
    AgentGroup,
    Consumer,
    Conversation,
    Message,
    Participation,
    TranscriptText,
    UnreadableRecord,
)
from tests.interactions.ingest.derive.talk import joins, record, say

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)


def store(*records, read_at=NOW):
    automatic = AutomaticTexts()
    items = prepare([parse_conversation(each) for each in records], read_at, automatic)
    with transaction.atomic():
        return write(items, automatic)


def talk(ident="one", *messages, **given):
    return record(
        *(messages or (say(1), say(2, "Agent"))),
        **{**given, "info": {"conversationId": ident, **given.get("info", {})}},
    )


def counts(outcome):
    return (outcome.new, outcome.changed, outcome.unchanged, outcome.unreadable)


def test_says_what_became_of_each_record():
    assert counts(store(talk("one"), talk("two"))) == (2, 0, 0, 0)
    assert counts(store(talk("one"), talk("two", info={"mcs": 3}), {"info": {}})) == (0, 1, 1, 1)


def test_derives_the_records_of_a_page_as_it_would_each_alone():
    page = [parse_conversation(each) for each in (talk("one"), {"info": {}}, talk("two", say(1)), record(info={}))]
    together = prepare(page, NOW, AutomaticTexts())
    alone = [item for each in page for item in prepare([each], NOW, AutomaticTexts())]
    assert [(item.derived, item.reason) for item in together] == [(item.derived, item.reason) for item in alone]
    assert [bool(item.reason) for item in together] == [False, True, False, False]


def test_stores_the_words_of_more_conversations_than_one_statement_takes():
    store(*[talk(str(number), say(number)) for number in range(MOST_INDEXED + 2)])
    assert TranscriptText.objects.filter(conversation__conversation_id=str(MOST_INDEXED + 1)).exists()
    assert TranscriptText.objects.count() == MOST_INDEXED + 2


def test_takes_equal_records_for_equal_whatever_the_order_of_keys():
    given = talk()
    shuffled = dict(reversed(given.items()))
    assert canonical(given) == canonical(shuffled)
    store(given)
    assert counts(store(shuffled)) == (0, 0, 1, 0)


def test_replaces_the_transcript_as_a_set():
    store(talk("one", say(1), say(2, "Agent"), say(3)), talk("two"))
    store(talk("one", say(1, text="changed")))
    one, two = Conversation.objects.get(conversation_id="one"), Conversation.objects.get(conversation_id="two")
    assert [m.text for m in Message.objects.of(one.pk)] == ["changed"]
    assert Message.objects.of(two.pk).count() == 2
    assert TranscriptText.objects.get(conversation=one).consumer == "changed"
    assert Participation.objects.filter(conversation=one).count() == 3


def test_keeps_transcripts_together_under_the_conversations_key():
    store(talk())
    conversation = Conversation.objects.get()
    assert list(Message.objects.values_list("pk", flat=True)) == [conversation.pk << 16 | 1, conversation.pk << 16 | 2]


def test_never_replaces_a_newer_state_by_an_older():
    store(talk(info={"mcs": 70}), read_at=NOW)
    assert counts(store(talk(info={"mcs": 20}), read_at=NOW - timedelta(seconds=1))) == (0, 0, 1, 0)
    assert Conversation.objects.get().mcs == 70


def test_never_replaces_a_full_record_by_a_partial_one():
    store(talk(info={"mcs": 70}))
    store(talk("one", say(1), info={"isPartial": True}), read_at=NOW + timedelta(hours=1))
    assert (Conversation.objects.get().mcs, Message.objects.count()) == (70, 2)


def test_replaces_a_partial_record_by_a_full_one():
    store(talk("one", say(1), info={"isPartial": True}))
    store(talk())
    assert Message.objects.count() == 2


def test_takes_the_full_one_of_two_in_the_same_page():
    store(talk(), talk("one", say(1), info={"isPartial": True}))
    assert Message.objects.count() == 2


def test_writes_a_page_of_any_size_with_the_same_number_of_statements():
    def statements(prefix, size):
        page = [
            talk(
                f"{prefix}-{n}",
                people=[joins(f"{prefix}{n}")],
                consumerParticipants=[{"participantId": f"{prefix}c{n}"}],
            )
            for n in range(size)
        ]
        store(*page)
        changed = [{**each, "info": {**each["info"], "mcs": 5}} for each in page]
        with CaptureQueriesContext(
            connection,
        ) as captured:
            store(*changed)
        return len(captured)

    assert statements("a", 2) == statements("b", 40)


def test_keeps_a_record_that_the_database_refuses_and_stores_the_others(monkeypatch):
    plain = rows.write_rows

    def refusing(items):
        if any(derived.conversation.conversation_id == "bad" for _, derived, _ in items):
            raise DataError("with the words of a consumer")
        plain(items)

    monkeypatch.setattr("interactions.ingest.store.page.write_rows", refusing)
    assert counts(store(talk("one"), talk("bad"), talk("two"))) == (2, 0, 0, 1)
    assert UnreadableRecord.objects.get().reason == "The database refuses it (DataError)."


def test_forgets_an_unreadable_record_once_it_can_be_read():
    store(talk(info={"startTimeL": None}, dialogs=[]) | {"messageRecords": []})
    assert UnreadableRecord.objects.get().key == "one"
    store(talk())
    assert (UnreadableRecord.objects.count(), Conversation.objects.count()) == (0, 1)


def test_keeps_an_unreadable_record_once_however_often_it_comes():
    for minutes in range(3):
        store({"info": {"status": "OPEN"}}, read_at=NOW + timedelta(minutes=minutes))
    kept = UnreadableRecord.objects.get()
    assert (kept.seen_count, kept.json_bytes, kept.reason) == (
        3,
        b'{"info":{"status":"OPEN"}}',
        "It has no conversation id.",
    )


MINUTE = timedelta(minutes=1)


def unreadable(ident="one", **info):
    return talk(ident, info={"startTimeL": None, **info}, dialogs=[]) | {"messageRecords": []}


def test_an_older_reading_drops_no_newer_unreadable_record():
    store(talk("one"))
    store(unreadable("one"), read_at=NOW + 2 * MINUTE)
    store(talk("one"), read_at=NOW + MINUTE)  # a slower worker's page
    assert UnreadableRecord.objects.get().last_seen_at == NOW + 2 * MINUTE


def test_an_older_unreadable_record_replaces_no_newer_one():
    store(unreadable(mcs=2), read_at=NOW + MINUTE)
    store(unreadable(mcs=1))
    kept = UnreadableRecord.objects.get()
    assert (b'"mcs":2' in kept.json_bytes, kept.last_seen_at, kept.seen_count) == (True, NOW + MINUTE, 1)


def test_keeps_no_unreadable_record_that_is_older_than_what_is_stored():
    store(talk("one"), read_at=NOW + MINUTE)
    assert counts(store(unreadable("one"))) == (0, 0, 1, 0)
    assert not UnreadableRecord.objects.exists()


def test_fills_blank_names_and_never_erases_one():
    store(talk("one", people=[joins("7")]))
    store(talk("two", people=[joins("7", agentFullName="Noor Haddad", agentNickname="Noor", kind="2")]))
    store(talk("three", people=[joins("7", agentFullName="", agentNickname="NA", kind=None)]))
    agent = Agent.objects.get(liveperson_id="7")
    assert (agent.full_name, agent.nickname, agent.kind) == ("Noor Haddad", "Noor", "bot")


def test_keeps_two_agents_with_one_nickname_apart():
    store(talk(people=[joins("7", agentNickname="Noor"), joins("8", agentNickname="Noor")]))
    assert Agent.objects.filter(nickname="Noor").count() == 2


def test_finds_an_agent_by_uuid_who_is_known_by_number():
    store(talk("one", people=[joins("7", agentPid="ab-cd")]))
    store(talk("two", say(1, "Agent", participantId="ab-cd"), people=None))
    assert list(Agent.objects.filter(liveperson_id="ab-cd")) == []
    assert Message.objects.latest("pk").agent.liveperson_id == "7"


def test_makes_consumers_and_groups_that_were_unknown():
    store(talk(people=[joins("7", agentGroupId=5, agentGroupName="Delivery")]))
    assert Consumer.objects.get().name == "Ilse"
    assert AgentGroup.objects.get().name == "Delivery"


def test_leaves_nothing_behind_when_the_transaction_is_rolled_back():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        store(talk())
        raise ZeroDivisionError
    assert (Conversation.objects.count(), Agent.objects.count()) == (0, 0)
    store(talk())
    assert Participation.objects.count() == 3


def test_adds_outcomes_up():
    total = Outcome(1, 2, 3, 4)
    total.add(Outcome(1, 1, 1, 1))
    assert counts(total) == (2, 3, 4, 5)
