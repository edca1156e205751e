"""Rows made without the constructor are what the constructor would have made of them."""

import pickle

import pytest
from django.db import models
from pytest_django import DjangoAssertNumQueries

from interactions.models import Agent, Consumer, Conversation, Message
from tests import factories


@pytest.fixture
def talk(db: None) -> Conversation:
    return factories.conversation(
        skill=factories.skill(), agents=[factories.agent()], messages=[("consumer", "Where is it?"), ("agent", "Soon.")]
    )


@pytest.mark.parametrize("model", [Conversation, Message, Agent, Consumer])
def test_holds_every_column_and_nothing_else(talk: Conversation, model: type[models.Model]) -> None:
    names = [field.attname for field in model._meta.concrete_fields]
    for values in model._default_manager.values_list(*names):
        loaded = model._default_manager.get(pk=values[names.index("id")])
        made = model(*values)
        assert vars(loaded) == vars(made) | {"_state": loaded._state}
        assert loaded == made and not loaded._state.adding and loaded._state.db == "default"


def test_what_is_deferred_is_read_when_it_is_asked_for(
    talk: Conversation, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    few = Conversation.objects.only("conversation_id").get()
    assert few.get_deferred_fields() == {f.attname for f in Conversation._meta.concrete_fields} - {
        "id",
        "conversation_id",
    }
    with django_assert_num_queries(1):
        assert few.started_at == talk.started_at
    without = Conversation.objects.defer("started_at").get()
    with django_assert_num_queries(0):
        assert without.conversation_id == talk.conversation_id and without.skill_id == talk.skill_id
    assert pickle.loads(pickle.dumps(without)) == talk


def test_is_read_anew_saved_and_led_from(talk: Conversation, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    loaded = Conversation.objects.select_related("skill").get()
    with django_assert_num_queries(0):
        assert loaded.skill == talk.skill
    Conversation.objects.update(csat=2)
    loaded.refresh_from_db()
    assert loaded.csat == 2
    loaded.csat = 3
    loaded.save(update_fields=["csat"])
    assert Conversation.objects.get().csat == 3
    loaded.skill = None
    assert loaded.skill_id is None
