"""Who wrote most is what the messages say, worked out at the import or filled for what was stored before."""

from collections import defaultdict
from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from interactions.ingest import rederive
from interactions.models import Agent, Conversation, Message, Participation
from interactions.search import parse
from tests.interactions.ingest import test_store as pages
from tests.interactions.ingest.derive.talk import joins, say

filling = import_module("interactions.migrations.0019_most_agent_filled")


def who():
    """By conversation."""
    return dict(Conversation.objects.values_list("conversation_id", "most_agent__liveperson_id"))


def told():
    """The same from messages and participations, counted one by one."""
    written, found = defaultdict(list), {}
    for pk, agent in Message.objects.filter(speaker="agent").order_by("id").values_list("conversation", "agent"):
        written[pk] += [agent] * (agent is not None)
    for pk, ident in Conversation.objects.values_list("pk", "conversation_id"):
        listed = set(Participation.objects.filter(conversation=pk).values_list("agent", flat=True))
        busiest = max(reversed(written[pk]), key=written[pk].count, default=None)
        found[ident] = Agent.objects.get(pk=busiest).liveperson_id if busiest in listed else None
    return found


PEOPLE = (joins("h-1"), joins("h-2", 1), joins("h-3", 2))


def talk(ident, *writers, people=PEOPLE, **given):
    said = [say(place, "Agent", participantId=writer) for place, writer in enumerate(writers, 1)]
    return pages.talk(ident, say(0), *said, people=people, **given)


STORED = {
    "one": (["h-1", "h-2", "h-1"], "h-1"),
    "tie": (["h-2", "h-1", "h-1", "h-2", "h-1", "h-2"], "h-2"),
    "later tie": (["h-1", "h-2", "h-3"], "h-3"),
    "nobody": ([], None),
    "three": (["h-2", "h-3", "h-3"], "h-3"),
}


def store_all():
    pages.store(*(talk(ident, *writers) for ident, (writers, _) in STORED.items()))
    pages.store(talk("stranger", "h-1", "h-2", "h-2", people=None))  # nobody is listed in any part
    return {ident: busiest for ident, (_, busiest) in STORED.items()} | {"stranger": None}


@pytest.mark.django_db
def test_is_whoever_wrote_more_than_any_other_and_of_two_the_later():
    expected = store_all()
    assert who() == told() == expected
    pages.store(talk("one", "h-3", "h-3", "h-1"), read_at=pages.NOW + timedelta(minutes=1))
    assert who() == told() == expected | {"one": "h-3"}


@pytest.mark.django_db
def test_is_found_for_a_whole_account_and_again_by_rederive(importer):
    importer.run()
    before = who()
    assert before == told()
    assert sum(agent is not None for agent in before.values()) > 30
    Conversation.objects.update(most_agent=None)
    rederive.forget_version()
    rederive.rederive(importer.tools)
    assert who() == before


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("step", [1, 3, 100])
def test_is_filled_for_what_was_stored_before(step, monkeypatch):
    expected = store_all()
    Conversation.objects.filter(conversation_id="three").delete()
    del expected["three"]
    Conversation.objects.exclude(conversation_id="tie").update(most_agent=None)
    monkeypatch.setattr(filling, "STEP", step)
    for _ in range(2):  # as one that was stopped is begun again
        with connection.schema_editor(atomic=False) as editor:
            filling.fill(apps, editor)
        assert who() == expected


@pytest.mark.django_db(transaction=True)
def test_has_nothing_to_fill_in_an_empty_database():
    with connection.schema_editor(atomic=False) as editor, CaptureQueriesContext(connection) as asked:
        filling.fill(apps, editor)
    assert not [query for query in asked if query["sql"].startswith("UPDATE")]


@pytest.mark.django_db
def test_of_two_asked_for_none_lends_the_other_their_part(analyst):
    # Whoever wrote most is listed in no part, the other one is.
    pages.store(talk("one", "h-2", "h-2", people=None, agentParticipantsActive=[joins("h-1")]))
    assert list(Participation.objects.values_list("agent__liveperson_id", flat=True)) == ["h-1"]
    for asked in ("credited=h-1", "credited=h-2", "credited=h-1&credited=h-2"):
        query = parse(QueryDict(f"{asked}&credit=most"), zone="UTC").query
        assert (asked, query.count(analyst), list(query.keyset(analyst))) == (asked, 0, [])


@pytest.mark.django_db(transaction=True)
def test_names_one_whom_the_record_knows_by_two_ids():
    pid = "5a2d7c10-93be-5c44-b0d6-17f3ea4c9082"
    Agent.objects.create(liveperson_id="h-1", pid=pid)
    told_by_uuid = {"people": None, "agentParticipantsActive": [joins("h-1")]}
    pages.store(talk("one", pid, "h-1", "h-2", "h-2", "h-2", pid, pid, **told_by_uuid))
    assert who() == told() == {"one": "h-1"}
    Conversation.objects.update(most_agent=None)
    with connection.schema_editor(atomic=False) as editor:
        filling.fill(apps, editor)
    assert who() == {"one": "h-1"}


@pytest.mark.django_db(transaction=True)
def test_can_be_begun_again_where_it_was_stopped(monkeypatch):
    expected = store_all()
    call_command("migrate", "interactions", "0018_taken_off", verbosity=0)
    Conversation.objects.update(most_agent=None)
    usual, pieces = filling.groupby, []

    def stopped(rows, key):
        pieces.append(1)
        if len(pieces) > 1:
            raise KeyboardInterrupt
        return usual(rows, key)

    with monkeypatch.context() as stopping, pytest.raises(KeyboardInterrupt):
        stopping.setattr(filling, "STEP", 1)
        stopping.setattr(filling, "groupby", stopped)
        call_command("migrate", "interactions", verbosity=0)
    assert set(who().values()) != set(expected.values())
    call_command("migrate", "interactions", verbosity=0)
    assert who() == expected
