"""Marks stay with their conversation and their message, whatever the import does to the rows around them."""

from datetime import timedelta

import pytest

from interactions.ingest import account, rederive
from interactions.ingest.reading import Tools
from interactions.models import Agent, AuditLine, Conversation, Flag, Message, Note, Review, Tagging, TakenOff
from interactions.search import parse
from tests import factories
from tests.interactions.ingest import test_store as pages
from tests.interactions.ingest.derive.talk import say

pytestmark = pytest.mark.django_db


def marks() -> list[object]:
    """Every mark with the conversation and the message that it is on, by LivePerson's ids."""
    found: list[object] = []
    for model in (Review, Flag, Tagging, Note):
        rows = model.objects.select_related("conversation").order_by("pk")
        found += [(model, row.pk, str(row.conversation), getattr(row, "message_id", "")) for row in rows]
    return found


@pytest.fixture
def marked(analyst) -> list[object]:
    account.pin("sandbox-1")
    pages.store(pages.talk("one"), pages.talk("two"))
    for ident in ("one", "two"):
        conversation = Conversation.objects.get(conversation_id=ident)
        factories.review(conversation, analyst)
        factories.flag(conversation, analyst)
        factories.tag(conversation, "Late parcel", analyst)
        factories.note(conversation, "All of it", analyst)
        last = Message.objects.of(conversation.pk).last()
        assert last
        factories.note(conversation, "This one", analyst, message_id=last.message_id)
    return marks()


def test_survive_a_newer_state_in_which_messages_moved(marked) -> None:
    noted = Note.objects.get(conversation__conversation_id="one", text="This one").message_id
    before = Message.objects.get(message_id=noted, conversation__conversation_id="one").position
    pages.store(pages.talk("one", say(0), say(1), say(2, "Agent")), read_at=pages.NOW + timedelta(minutes=1))
    assert marks() == marked
    assert Message.objects.get(message_id=noted, conversation__conversation_id="one").position == before + 1


def test_survive_rederive(marked) -> None:
    rederive.forget_version()
    assert rederive.rederive(Tools(sleep=lambda seconds: None)).outcome.changed == 2
    assert marks() == marked


def test_can_still_be_put_back_after_an_import(marked, analyst) -> None:
    two = Conversation.objects.get(conversation_id="two")
    kept = TakenOff.objects.create(user=analyst, conversation=two, kind="flag", left_at=pages.NOW, taken_at=pages.NOW)
    pages.store(pages.talk("two", say(0), say(1), say(2, "Agent")), read_at=pages.NOW + timedelta(minutes=1))
    rederive.forget_version()
    rederive.rederive(Tools(sleep=lambda seconds: None))
    assert list(TakenOff.objects.values_list("pk", "conversation")) == [(kept.pk, two.pk)]


def test_survive_an_agent_with_another_name(marked, analyst) -> None:
    Agent.objects.update(full_name="Somebody Else", nickname="")
    assert marks() == marked
    asked = parse({"reviewed": ["me"], "tag": ["late parcel"], "note": ["1"], "flag": ["1"]}, zone="UTC")
    assert asked.query.count(analyst) == 2


def test_stay_when_their_person_goes(marked, analyst) -> None:
    analyst.delete()
    assert marks() == marked
    assert set(Review.objects.values_list("user", flat=True)) == {None}


def test_go_with_their_conversation(marked) -> None:
    AuditLine.objects.create(at=pages.NOW, user_pk=1, username="x", kind="opened", page="x", conversation_id="one")
    Conversation.objects.get(conversation_id="one").delete()
    assert {line[2] for line in marks()} == {"two"}
    assert AuditLine.objects.get().conversation_id == "one"
