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


def noted(text: str) -> str:
    """The words of the message that the note is on."""
    note = Note.objects.get(text=text)
    return Message.objects.of(note.conversation_id).get(message_id=note.message_id).text


def test_stay_with_a_message_without_id_when_an_earlier_one_comes_late(analyst) -> None:
    lines = [say(second, text=text, messageId=None) for second, text in ((5, "first"), (6, "second"))]
    pages.store(pages.talk("one", *lines))
    conversation = Conversation.objects.get()
    factories.note(conversation, "This one", analyst, message_id=conversation.messages.get(text="second").message_id)
    late = say(1, text="late", messageId=None)
    pages.store(pages.talk("one", late, *lines), read_at=pages.NOW + timedelta(minutes=1))
    assert noted("This one") == "second"


def test_move_along_where_our_own_id_of_their_message_is_another_now(analyst) -> None:
    lines = [say(second, text=text, messageId=None) for second, text in ((5, "first"), (6, "same"), (6, "same"))]
    pages.store(pages.talk("one", *lines))
    conversation = Conversation.objects.get()
    for position, message in enumerate(Message.objects.of(conversation.pk)):  # as version 3 called them
        Message.objects.filter(pk=message.pk).update(message_id=f"unnamed:talk-1:p{position}")
        factories.note(conversation, f"note {position}", analyst, message_id=f"unnamed:talk-1:p{position}")
    factories.note(conversation, "lost", analyst, message_id="unnamed:talk-1:p9")
    rederive.forget_version()
    rederive.rederive(Tools(sleep=lambda seconds: None))
    assert [noted(f"note {position}") for position in range(3)] == ["first", "same", "same"]
    assert len(set(Note.objects.values_list("message_id", flat=True))) == 4
    assert Note.objects.get(text="lost").message_id == "unnamed:talk-1:p9"
