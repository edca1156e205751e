"""Keys of messages, and a transcript found by them."""

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from interactions.models import MAX_MESSAGES, Message, message_pk, message_range, told_apart
from tests import factories


@given(st.integers(1, 2**46), st.integers(1, MAX_MESSAGES))
def test_keeps_the_keys_of_one_conversation_together(conversation_pk, position):
    first, last = message_range(conversation_pk)
    key = message_pk(conversation_pk, position)
    assert first < key <= last < message_range(conversation_pk + 1)[0]
    assert Message(pk=key).position == position
    assert key < 2**63


@pytest.mark.parametrize("position", [0, -1, MAX_MESSAGES + 1])
def test_refuses_a_position_that_has_no_key(position):
    with pytest.raises(ValueError, match="does not fit"):
        message_pk(1, position)


@pytest.mark.django_db
def test_reads_a_transcript_in_order_and_alone():
    before, made, _ = (factories.conversation(messages=[("consumer", "a"), ("agent", "b")]) for _ in range(3))
    assert [message.message_id for message in Message.objects.of(made.pk)] == [
        f"{made.conversation_id}-m1",
        f"{made.conversation_id}-m2",
    ]
    assert list(Message.objects.of(10**9)) == []


@pytest.mark.django_db
def test_holds_the_last_possible_position():
    made = factories.conversation()
    key = message_pk(made.pk, MAX_MESSAGES)
    Message.objects.create(pk=key, conversation=made, message_id="last", speaker="agent")
    assert Message.objects.of(made.pk).get().position == MAX_MESSAGES


@pytest.mark.django_db
def test_has_no_index_but_its_key():
    with connection.cursor() as cursor:
        constraints = connection.introspection.get_constraints(cursor, Message._meta.db_table)
    indexed = [c["columns"] for c in constraints.values() if c["index"] and not c["primary_key"]]
    assert ["conversation_id"] not in indexed


@pytest.mark.parametrize(
    ("fields", "anchor"), [({"dialog": 1, "seq": 7}, "m-1-7"), ({"pk": message_pk(3, 9)}, "m-0-p9")]
)
def test_has_an_address_on_the_page(fields, anchor):
    assert Message(**fields).anchor == anchor


def test_tells_messages_with_the_same_number_apart():
    places = [(1, 0, 7), (1, 0, 7), (1, 1, 7), (2, 0, 7), (1, 0, 7), (1, 0, None), (1, 0, None)]
    messages = [
        Message(pk=message_pk(3, number), conversation_id=conversation, dialog=dialog, seq=seq)
        for number, (conversation, dialog, seq) in enumerate(places, start=1)
    ]
    found = [message.anchor for message in told_apart(messages)]
    assert found == ["m-0-7", "m-0-7-2", "m-1-7", "m-0-7", "m-0-7-3", "m-0-p6", "m-0-p7"]
