"""Who took part as one text on the conversation is what its participations say, whatever happened to it."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from interactions.ingest import account, rederive
from interactions.models import Agent, Conversation, Participation
from interactions.models.together import as_text
from tests.interactions.ingest import test_store as pages
from tests.interactions.ingest.derive.talk import joins
from tests.interactions.ingest.tables import astray

filling = import_module("interactions.migrations.0014_took_part_filled")


def people(*idents):
    """Assigned one after the other, some of them more than once."""
    return {"people": [joins(ident, seconds) for seconds, ident in enumerate(idents)]}


def names(ident="one"):
    row = Conversation.objects.get(conversation_id=ident)
    return {
        key for key, pk in Agent.objects.values_list("liveperson_id", "pk") if as_text([pk]) in (row.took_part or "")
    }


@pytest.mark.django_db
def test_follows_an_import_and_what_changes_later():
    pages.store(pages.talk("one", **people("h-1", "h-2", "h-1")), pages.talk("two", people=[]))
    assert (names("one"), names("two"), astray()) == ({"h-1", "h-2"}, set(), [])
    assert Conversation.objects.get(conversation_id="two").took_part is None
    later = {"read_at": pages.NOW + timedelta(minutes=1)}
    # Transferred once more, one of them renamed; the other taken over by nobody any more.
    renamed = {"people": [joins("h-2", fullName="Somebody Else"), joins("h-3", 5)]}
    pages.store(pages.talk("one", **renamed), pages.talk("two", **people("h-1")), **later)
    assert (names("one"), names("two"), astray()) == ({"h-2", "h-3"}, {"h-1"}, [])
    # An older state changes nothing; one who is named by their UUID is whom it belongs to.
    pages.store(pages.talk("one", **people("h-9")), read_at=pages.NOW)
    assert (names("one"), astray()) == ({"h-2", "h-3"}, [])
    pages.store(pages.talk("three", people=[joins("h-4", agentPid="0b5f-11")]))
    pages.store(pages.talk("four", **people("0b5f-11", "h-4")))
    assert (names("four"), astray()) == ({"h-4"}, [])


@pytest.mark.django_db
def test_is_filled_by_today_s_rules(importer):
    importer.run()
    assert Conversation.objects.exclude(took_part=None).count() > 40
    assert astray() == []
    Conversation.objects.update(took_part=None)
    rederive.forget_version()
    rederive.rederive(importer.tools)
    assert astray() == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("step", [1, 3, 100])
def test_is_filled_for_what_was_stored_before(step, monkeypatch):
    stored = [("one", "h-1", "h-2", "h-1"), ("two",), ("three", "h-2"), ("four", "h-3", "h-1")]
    pages.store(*(pages.talk(ident, **people(*who)) for ident, *who in stored))
    Conversation.objects.filter(conversation_id="two").delete()
    Conversation.objects.exclude(conversation_id="four").update(took_part=None)
    monkeypatch.setattr(filling, "STEP", step)
    for _ in range(2):  # as one that was stopped is begun again
        with connection.schema_editor(atomic=False) as editor:
            filling.fill(apps, editor)
        assert astray() == []
    assert Participation.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_has_nothing_to_fill_in_an_empty_database():
    with connection.schema_editor(atomic=False) as editor, CaptureQueriesContext(connection) as asked:
        filling.fill(apps, editor)
    assert not [query for query in asked if query["sql"].startswith(("UPDATE", "SELECT DISTINCT"))]
    assert not Conversation.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("pk", [1, 95, 223, 0xD800 - 33, 0xD800 - 32, 0xE000, 0xFFDF, 0x10FFFF - 0x820])
def test_holds_any_key_in_a_character_that_the_database_keeps(pk):
    account.pin("sandbox-1")
    Agent.objects.create(pk=pk, liveperson_id="h-1")
    pages.store(pages.talk("one", **people("h-1")))
    assert Conversation.objects.get().took_part == filling.sign(pk)
    assert astray() == []
