"""What the database itself refuses, on SQLite as on PostgreSQL."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from interactions.models import (
    Account,
    Agent,
    AgentGroup,
    Consumer,
    Conversation,
    Message,
    Participation,
    Scope,
    Skill,
    SyncPage,
    SyncWindow,
    TakenOff,
    TranscriptText,
    message_pk,
)
from tests import factories

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def window(**fields):
    defaults = {"kind": "backfill", "start_from": NOW - timedelta(days=1), "start_to": NOW, "planned_at": NOW}
    return SyncWindow.objects.create(**{**defaults, **fields})


def taken_off(**fields):
    at = {"left_at": NOW, "taken_at": NOW}
    return TakenOff.objects.create(
        conversation=factories.conversation(), user=factories.user("analyst"), **at, **fields
    )


WRONG_VALUES = [
    ("conversation_status_known", lambda: factories.conversation(status="lost", ended_at=NOW)),
    ("conversation_survey_known", lambda: factories.conversation(survey="maybe")),
    ("conversation_csat_1_to_5", lambda: factories.conversation(csat=0)),
    ("conversation_csat_1_to_5", lambda: factories.conversation(csat=6)),
    ("conversation_mcs_0_to_100", lambda: factories.conversation(mcs=-1)),
    ("conversation_mcs_0_to_100", lambda: factories.conversation(mcs=101)),
    ("conversation_band_known", lambda: factories.conversation(mcs_band=2)),
    ("conversation_nps_0_to_10", lambda: factories.conversation(nps=11)),
    ("agent_kind_known", lambda: factories.agent(kind="ghost")),
    ("message_speaker_known", lambda: factories.conversation(messages=[("parrot", "hello")])),
    ("taken_off_known", lambda: taken_off(kind="note")),
    ("taken_off_known", lambda: taken_off(kind="tag")),
    ("window_not_empty", lambda: window(start_to=NOW - timedelta(days=1))),
    ("window_state_known", lambda: window(state="lost")),
]


@pytest.mark.parametrize(("name", "make"), WRONG_VALUES)
def test_refuses_a_value_out_of_range(name, make):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        make()


@pytest.mark.parametrize("fields", [{"csat": 1}, {"csat": 5}, {"mcs": 0}, {"mcs": 100}, {"mcs_band": -1}, {"nps": 0}])
def test_takes_the_ends_of_every_range(fields):
    made = factories.conversation(**fields)
    assert Conversation.objects.filter(**fields).get() == made


def twice(make):
    with pytest.raises(IntegrityError), transaction.atomic():
        for _ in range(2):
            make()


def of_a_conversation(model, **fields):
    made = factories.conversation()
    return lambda: model.objects.create(conversation=made, **fields)


ONCE = {
    "conversation": lambda: lambda: factories.conversation(conversation_id="same"),
    "agent": lambda: lambda: Agent.objects.create(liveperson_id="7"),
    "group": lambda: lambda: AgentGroup.objects.create(liveperson_id="7"),
    "skill": lambda: lambda: Skill.objects.create(liveperson_id="7"),
    "consumer": lambda: lambda: Consumer.objects.create(participant_id="7"),
    "account": lambda: lambda: Account.objects.create(account_id="7", created_at=NOW),
    "participation": lambda: of_a_conversation(Participation, position=1, agent=factories.agent(), part="assigned"),
    "transcript text": lambda: of_a_conversation(TranscriptText, part=0),
    "backfill window": lambda: window,
    "refresh window": lambda: lambda: window(kind="refresh"),
    "page of a window": lambda: (lambda held: lambda: SyncPage.objects.create(window=held, offset=0, ids=b""))(
        window()
    ),
    "scope": lambda: (lambda person: lambda: Scope.objects.create(user=person))(factories.user("stranger")),
}


@pytest.mark.parametrize("made", ONCE.values(), ids=ONCE)
def test_keeps_one_row_where_two_would_be_wrong(made):
    twice(made())


def test_keeps_agents_that_conversations_name():
    person = factories.agent()
    factories.conversation(agents=[person])
    with pytest.raises(IntegrityError), transaction.atomic():
        person.delete()


def test_deletes_a_conversation_without_looking_for_its_messages():
    made = factories.conversation(messages=[("consumer", "hello")])
    key = message_pk(made.pk, 1)
    made.delete()
    assert Message.objects.filter(pk=key).exists()


def test_takes_numbers_as_large_as_the_columns_hold():
    made = factories.conversation(duration_seconds=2**62, shuffle_key=2**31 - 1)
    made.refresh_from_db()
    assert made.duration_seconds == 2**62


def test_names_every_index_and_constraint():
    with connection.cursor() as cursor:
        present = set(connection.introspection.get_constraints(cursor, Conversation._meta.db_table))
    named = {item.name for item in (*Conversation._meta.indexes, *Conversation._meta.constraints)}
    assert named - present == (set() if connection.vendor == "sqlite" else {"conversation_facets"})
