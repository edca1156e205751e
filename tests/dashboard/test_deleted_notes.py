"""Deleting a note: its words come back by Undo, for whoever wrote them, once and not for long."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User
from django.test import Client

from dashboard.marks import deleted
from dashboard.tasks import forget_notes
from interactions.models import DeletedNote, Message, Note
from tests import factories

THEN = datetime(2026, 1, 1, 9, 30, tzinfo=UTC)
SCRIPTED = {"headers": {"X-Readback-Marks": "1"}}
pytestmark = pytest.mark.django_db


@pytest.fixture
def one():
    return factories.conversation(conversation_id="one", messages=[("consumer", "Hello")])


@pytest.fixture
def note(one, analyst: User) -> Note:
    message = one.messages.get().message_id
    return factories.note(one, "Ask Noor\nabout it", analyst, message_id=message, written_at=THEN, changed_at=THEN)


@pytest.fixture
def client(analyst: User, client_for) -> Client:
    return client_for(analyst)


def as_row(note: Note) -> dict[str, object]:
    return Note.objects.filter(pk=note.pk).values().get()


def undo(client: Client, note: Note, **more: object):
    return client.post("/marks/undo", {"mark": f"unnote:{note.pk}", "conversation": "one", "here": "one"}, **more)


def said(client: Client) -> tuple[str, str]:
    shown = client.get("/conversations/one/").context["marks"].last
    return shown.said, shown.token


def test_gives_back_a_deleted_note_as_it_was(client, note) -> None:
    before = as_row(note)
    answer = client.post(f"/notes/{note.pk}/delete/?sort=csat")
    assert not Note.objects.exists()
    page = client.get(answer["Location"]).content.decode()
    assert "Note deleted." in page and 'data-key="undo"' in page and f'value="unnote:{note.pk}"' in page
    anchor = Message.objects.get().anchor
    assert undo(client, note)["Location"] == f"/conversations/one/#{anchor}"
    assert as_row(note) == before and not DeletedNote.objects.exists()
    assert said(client) == ("Taken back.", "")


def test_shows_it_again_where_a_script_asks(client, note) -> None:
    client.post(f"/notes/{note.pk}/delete/")
    pieces = undo(client, note, **SCRIPTED).json()
    assert pieces["message"] == note.message_id and "Ask Noor" in pieces["notes"]


def test_puts_nothing_back_twice(client, note) -> None:
    client.post(f"/notes/{note.pk}/delete/")
    undo(client, note)
    Note.objects.all().delete()  # for good
    undo(client, note)
    assert not Note.objects.exists() and said(client) == ("There was nothing to take back.", "")


def test_can_be_undone_where_the_answer_was_lost_and_it_is_sent_again(client, note) -> None:
    for _ in range(2):
        client.post(f"/notes/{note.pk}/delete/", {"conversation": "one"})
        assert said(client) == ("Note deleted.", f"unnote:{note.pk}")
    undo(client, note)
    assert Note.objects.get() == note


@pytest.mark.parametrize("role", ["analyst", "admin"])
def test_puts_back_nothing_that_somebody_else_deleted(role, client, client_for, note) -> None:
    client.post(f"/notes/{note.pk}/delete/")
    colleague = client_for(factories.user(role))
    undo(colleague, note)
    assert not Note.objects.exists() and said(colleague) == ("There was nothing to take back.", "")
    undo(client, note)
    assert Note.objects.get() == note


def test_puts_nothing_back_too_late(client, note, monkeypatch) -> None:
    client.post(f"/notes/{note.pk}/delete/")
    monkeypatch.setattr(deleted, "SECONDS", -1)
    undo(client, note)
    assert not Note.objects.exists()


def _delete_another(client: Client, one, analyst: User) -> None:
    other = factories.note(one, "Other", analyst)
    client.post(f"/notes/{other.pk}/delete/")


@pytest.mark.parametrize("when", [_delete_another, lambda *_: forget_notes()])
def test_forgets_the_words_when_nobody_can_put_them_back(when: Callable, client, one, analyst, note) -> None:
    client.post(f"/notes/{note.pk}/delete/")
    forget_notes()
    assert DeletedNote.objects.filter(pk=note.pk).exists()
    DeletedNote.objects.update(deleted_at=THEN)
    when(client, one, analyst)
    assert not DeletedNote.objects.filter(pk=note.pk).exists()


@pytest.mark.parametrize("who", ["analyst", "one"])
def test_forgets_it_with_its_writer_or_its_conversation(who, client, analyst, one, note) -> None:
    client.post(f"/notes/{note.pk}/delete/")
    Message.objects.all().delete()
    {"analyst": analyst, "one": one}[who].delete()
    assert not DeletedNote.objects.exists()


@pytest.mark.parametrize("mark", ["unnote", "unnote:", "unnote:x", "unnote:999999999999999999", "note:{}"])
def test_finds_nothing_by_a_token_of_somebodys_own_making(mark, client, note) -> None:
    client.post(f"/notes/{note.pk}/delete/")
    client.post("/marks/undo", {"mark": mark.format(note.pk), "conversation": "one"})
    assert not Note.objects.exists()
