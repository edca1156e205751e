"""Marks on what is removed at the same moment."""

import re

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from interactions.models import Conversation, DeletedNote, Flag, Message, Note, Review, Tagging, TakenOff
from tests import factories

SCRIPTED = {"headers": {"X-Readback-Marks": "1"}}
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def client(analyst: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(analyst)
    return client


@pytest.fixture
def one():
    return factories.conversation(conversation_id="one", messages=[("consumer", "Hello")])


class Before:
    """Does something once before the first such statement on a table, outside of a transaction: as another process."""

    def __init__(self, verb: str, table: type, meanwhile) -> None:
        self.verb, self.table, self.meanwhile = verb, f'"{table._meta.db_table}"', meanwhile

    def __call__(self, execute, sql, params, many, context):
        if self.meanwhile and sql.startswith(self.verb) and self.table in sql:
            meanwhile, self.meanwhile = self.meanwhile, None
            meanwhile()
        return execute(sql, params, many, context)


def remove(conversation) -> None:
    Message.objects.of(conversation.pk).delete()
    Conversation.objects.filter(pk=conversation.pk).delete()


@pytest.mark.parametrize("more", [{}, SCRIPTED])
@pytest.mark.parametrize(
    ("what", "given", "table"),
    [
        ("review", {}, Review),
        ("flag", {"flagged": "1"}, Flag),
        ("tags", {"tag": "VIP"}, Tagging),
        ("notes", {"text": "Ask Noor"}, Note),
        ("notes", {"text": "Ask Noor", "message": "MESSAGE"}, Message),
    ],
)
def test_knows_no_conversation_that_is_removed_meanwhile(what, given, table, more, client, one) -> None:
    given = {name: value.replace("MESSAGE", one.messages.get().message_id) for name, value in given.items()}
    unknown = client.post(f"/conversations/nobody/{what}", given, **more)
    with connection.execute_wrapper(Before("SELECT", table, lambda: remove(one))):
        answer = client.post(f"/conversations/one/{what}", given, **more)
    assert answer.status_code == unknown.status_code == 404
    assert answer["Content-Type"] == unknown["Content-Type"]
    assert not table._default_manager.exists()


def test_puts_nothing_back_on_what_is_removed_meanwhile(client, one) -> None:
    factories.flag(one)
    client.post("/conversations/one/flag", {"flagged": "0"})
    with connection.execute_wrapper(Before("SELECT", TakenOff, lambda: remove(one))):
        answer = client.post("/marks/undo", {"mark": "unflag", "conversation": "one"})
    assert answer.status_code == 404


def form(client: Client, note: Note, action: str) -> dict[str, str]:
    """What the page of a note sends along with the words, or to delete it."""
    page = client.get(f"/notes/{note.pk}/").content.decode()
    forms = re.findall(r"<form.*?</form>", page, flags=re.DOTALL)
    found = next(each for each in forms if action in each)
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', found))


@pytest.mark.parametrize("is_before", [True, False])
def test_keeps_the_words_for_a_note_that_is_deleted_while_it_is_changed(is_before, client, analyst, one) -> None:
    message = one.messages.get()
    note = factories.note(one, "Ask", analyst, message_id=message.message_id)
    given = form(client, note, "Save note") | {"text": "Ask Noor"}
    gone = Note.objects.filter(pk=note.pk)
    if is_before:
        gone.delete()
        answer = client.post(f"/notes/{note.pk}/", given)
    else:
        with connection.execute_wrapper(Before("UPDATE", Note, gone.delete)):
            answer = client.post(f"/notes/{note.pk}/", given)
    text = answer.content.decode()
    assert answer.status_code == 400 and "This note was deleted meanwhile." in text and "Ask Noor</textarea>" in text
    action = re.search(r'class="mark-form" novalidate action="([^"]+)"', text)
    client.post(action[1], dict(re.findall(r'name="(\w+)" value="([^"]*)"', text)) | {"text": "Ask Noor"})
    assert [(row.text, row.message_id) for row in Note.objects.all()] == [("Ask Noor", message.message_id)]


def test_says_that_a_note_is_gone_where_delete_is_pressed_twice(client, analyst, one) -> None:
    note = factories.note(one, "Ask", analyst)
    given = form(client, note, "Delete this note")
    for said in ("Note deleted.", "This note was deleted already."):
        DeletedNote.objects.all().delete()  # put back and deleted for good in another window, or too long ago
        answer = client.post(f"/notes/{note.pk}/delete/?sort=csat", given)
        assert answer["Location"] == "/conversations/one/?sort=csat"
        assert said in client.get(answer["Location"]).content.decode()
    assert client.post(f"/notes/{note.pk}/delete/", given | {"conversation": "nobody"}).status_code == 404
    theirs = factories.note(one, "Theirs", factories.user("analyst"))
    assert client.post(f"/notes/{theirs.pk}/delete/", given).status_code == 404
    assert Note.objects.get() == theirs


def test_says_so_where_it_is_deleted_for_good_at_the_same_time(client, analyst, one) -> None:
    note = factories.note(one, "Ask", analyst)
    with connection.execute_wrapper(Before("SELECT", DeletedNote, DeletedNote.objects.all().delete)):
        answer = client.post(f"/notes/{note.pk}/delete/")
    assert "This note was deleted already." in client.get(answer["Location"]).content.decode()


def test_reads_a_note_whose_message_the_record_has_lost_with_those_on_the_conversation(client, analyst, one) -> None:
    message = one.messages.get()
    note = factories.note(one, "Was rude", analyst, message_id=message.message_id)

    def words() -> str:
        page = client.get(f"/conversations/{one.conversation_id}/").content.decode()
        section = page[page.index("data-marks-section") : page.index("</section>", page.index("data-marks-section"))]
        return " ".join(re.sub(r"<[^>]+>", " ", section).split())

    assert "Was rude" not in words() and "1 note on 1 message" in words()
    message.delete()
    assert "Was rude Note by you" in words() and "on a message that is no longer in the record" in words()
    assert "1 note on" not in words() and f"/notes/{note.pk}/" in client.get("/conversations/one/").content.decode()
    answer = client.post("/conversations/one/flag", {"flagged": "1"}, **SCRIPTED).json()
    assert "Was rude" in answer["section"]
    client.post(f"/notes/{note.pk}/delete/")
    assert "Was rude" not in words()
