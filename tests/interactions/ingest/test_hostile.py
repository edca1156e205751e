"""Mutated and hostile records through derivation and storage: nothing raises, nothing is lost."""

from datetime import UTC, datetime

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from interactions.ingest.derive import AutomaticTexts
from interactions.ingest.store import prepare, write
from interactions.liveperson import parse_conversation
from interactions.models import Conversation, Message, UnreadableRecord, message_range
from tests.interactions.ingest.derive.talk import START, joins, record, say
from tests.interactions.ingest.tables import everything
from tests.interactions.liveperson.test_hostile_records import mutated, odd

NOW = datetime.now(UTC)
DEEP: object = "end"
for _ in range(200):
    DEEP = [DEEP]
DEEPER: object = "end"
for _ in range(1000):
    DEEPER = [DEEPER]

CORPUS = {
    "nul": record(say(1, text="a\0b"), info={"source": "a\0b", "language": "\0"}),
    "surrogate": record(say(1, text="\ud800"), people=[joins("h\ud800", agentFullName="\udfff")]),
    "huge numbers": record(say(1, seq=10**30), info={"mcs": 10**400, "startTimeL": START, "endTimeL": 10**30}),
    "huge ids": record(info={"latestSkillId": 2**70, "latestAgentId": 10**30, "latestAgentGroupId": 1e30}),
    "64 bits": record(say(1, seq=2**63 - 1), say(2, seq=-(2**63))),
    "far time": record(say(1, timeL=253_402_300_799_999), info={"endTimeL": 253_402_300_799_999}),
    "not a number": record(say(1), info={"mcs": float("nan"), "duration": float("inf")}),
    "long words": record(say(1, text="x" * 3_000_000, type="T" * 500, messageId="m" * 5000)),
    "many words": record(say(1, text="word " * 200_000)),
    "distinct words": record(say(1, text=" ".join(f"w{n}é" for n in range(150_000)))),
    "long names": record(people=[joins("1" * 500, agentFullName="n" * 5000), joins("2", agentNickname="n" * 5000)]),
    "long groups": record(people=[joins("3", agentGroupId="9" * 500, agentGroupName="g" * 5000)]),
    "long consumer": record(consumerParticipants=[{"participantId": "c" * 500, "email": "e" * 5000}]),
    "long codes": record(info=dict.fromkeys(("source", "device", "language", "closeReason"), "z" * 5000)),
    "long reasons": record(transfers=[{"reason": "r" * 5000, "by": "b" * 500, "targetSkillId": "5" * 500}]),
    "long attribute": record(sdes={"events": [{"sdeType": "T" * 500, "lead": {"lead": {"k" * 900: "v" * 50_000}}}]}),
    "many attributes": record(sdes={"events": [{"sdeType": "T", "lead": {"lead": {"k": ["v"] * 5_000}}}]}),
    "scores": record(say(1), messageScores=[{"messageId": say(1)["messageId"], "messageRawScore": 10**12, "mcs": 50}]),
    "many people": record(people=[joins(str(number), number) for number in range(5_000)]),
    "deep": record(say(1, messageData={"richContent": {"content": DEEP}}), sdes=DEEP),
    "deeper": record(unknown=DEEPER),
    "payload": record(say(1, messageData={"richContent": {"content": '{"text":"\\u0000\\ud800"}'}})),
    "swapped": {"info": [], "messageRecords": {}, "agentParticipants": "x", "transfers": 5},
    "list": [1, 2],
    "nothing": None,
    "empty id": record(info={"conversationId": "\0"}),
    "control characters": record(
        say(1, "Agent", participantId="h\n"),
        people=[joins("h\n", agentGroupId="g\x7f"), joins("h\x1f")],
        info={"source": "a\x1fb", "language": "e\tn", "latestSkillId": "s\x85", "latestAgentId": "h\n"},
        consumerParticipants=[{"participantId": "c\n"}],
        transfers=[{"timeL": START, "by": "b\r", "targetSkillId": "s\x85"}],
    ),
    "id of two lines": record(say(1), info={"conversationId": "a\nb"}),
    "id that leads up": record(say(1), info={"conversationId": ".."}),
    "tags": record(say(1, text="<" * 100_000, type="TEXT_HTML")),
    "placeholder": record(say(1, "Agent", text="{" * 50_000)),
}


def store(values):
    automatic = AutomaticTexts(["Hi {name}, one moment please"])
    items = prepare([parse_conversation(value) for value in values], NOW, automatic)
    with transaction.atomic():
        return items, write(items, automatic)


def check(values):
    items, _ = store(values)
    kept = set(Conversation.objects.values_list("conversation_id", flat=True))
    kept |= set(UnreadableRecord.objects.values_list("key", flat=True))
    assert {item.key for item in items} <= kept
    for pk, count in Conversation.objects.values_list("pk", "message_count"):
        assert Message.objects.filter(pk__range=message_range(pk)).count() == count
    before = everything()
    _, again = store(values)
    assert (again.new, again.changed) == (0, 0)
    assert everything() == before


@pytest.mark.django_db
@pytest.mark.parametrize("name", CORPUS)
def test_survives_the_corpus_record_by_record(name):
    value = CORPUS[name]
    if isinstance(value, dict) and isinstance(value["info"], dict) and name != "empty id":
        value["info"]["conversationId"] = name
    check([value])


@pytest.mark.django_db
def test_survives_the_corpus_in_one_page():
    check(list(CORPUS.values()))


class TestMutations(TestCase):
    """Hypothesis with a fresh database for each example."""

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.one_of(mutated(), odd), max_size=4))
    def test_loses_nothing_and_changes_nothing_the_second_time(self, values):
        check(values)
