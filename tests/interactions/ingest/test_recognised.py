"""Records that are stored byte by byte already: recognised before they are decoded, and only then."""

from datetime import timedelta

import pytest
from django.db import transaction

from interactions.ingest.derive import AutomaticTexts
from interactions.ingest.store import prepare, stored_as, write
from interactions.liveperson import encode, parse_conversation
from interactions.models import Conversation, RawRecord
from tests.interactions.ingest.test_store import NOW, counts, store, talk

pytestmark = pytest.mark.django_db


def recognised(*records):
    return [found and found.conversation_id for found in stored_as([encode(record) for record in records])]


def test_recognises_what_is_stored_and_nothing_else():
    store(talk("one"), talk("two"))
    changed = talk("two", info={"mcs": 3})
    assert recognised(talk("one"), changed, talk("three"), talk("two")) == ["one", None, None, "two"]


def test_asks_the_database_as_often_for_any_number(django_assert_num_queries):
    store(*[talk(f"c-{number}") for number in range(30)])
    with django_assert_num_queries(2):
        assert all(recognised(*[talk(f"c-{number}") for number in range(30)]))


def test_is_not_misled_by_another_id_in_front_of_its_own():
    store(talk("one"), talk("two"))
    misleading = {"campaign": {"conversationId": "two"}, **talk("one")}
    assert recognised(misleading) == [None]
    store(misleading)
    assert recognised(talk("two")) == ["two"]


def test_reads_parts_and_what_older_rules_derived():
    part, old = talk("part", info={"isPartial": True}), talk("old")
    store(part, old)
    RawRecord.objects.filter(conversation__conversation_id="old").update(derived_by=0)
    assert recognised(part, old) == [None, None]


def test_knows_the_new_bytes_of_an_unchanged_record():
    given = talk()
    store(given)
    shuffled = dict(reversed(given.items()))
    assert recognised(shuffled) == [None]
    assert counts(store(shuffled)) == (0, 0, 1, 0)
    assert recognised(shuffled) == ["one"]


def test_does_not_take_the_bytes_of_an_older_reading():
    given = talk()
    store(given)
    store(dict(reversed(given.items())), read_at=NOW - timedelta(hours=1))
    assert recognised(given) == ["one"]


def test_reads_one_after_all_that_changed_between_looking_and_writing():
    store(talk("one"))
    [known] = stored_as([encode(talk("one"))])
    items = prepare([], NOW + timedelta(minutes=2), AutomaticTexts(), stored=[known])
    store(talk("one", info={"mcs": 3}), read_at=NOW + timedelta(minutes=1))
    with transaction.atomic():
        assert counts(write(items, AutomaticTexts())) == (0, 1, 0, 0)
    assert Conversation.objects.get().mcs is None
    assert parse_conversation(talk("one")).encoded == RawRecord.objects.get().json_bytes
