"""A note that is sent when the session has ended: without scripts too its words are there after the sign-in."""

import re
from html import unescape

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import User
from django.test import Client

from interactions.models import Note
from tests import factories

WORDS = 'Ask Noor\n\n<b>"why"</b>'
SCRIPTED = {"headers": {"X-Readback-Marks": "1"}}


@pytest.fixture
def one(db):
    return factories.conversation(conversation_id="one", messages=[("consumer", "Hello")])


@pytest.fixture
def note(one, analyst: User) -> Note:
    return factories.note(one, "Ask", analyst, message_id=one.messages.get().message_id)


@pytest.fixture
def client(analyst: User, client_for) -> Client:
    return client_for(analyst)


def fields(page: str, action: str) -> dict[str, str]:
    """The hidden fields of the form that holds `action`."""
    found = next(each for each in re.findall(r"<form.*?</form>", page, flags=re.DOTALL) if action in each)
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', found)
    return {name: unescape(value) for name, value in hidden}


def words(page: str) -> str:
    found = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, flags=re.DOTALL)
    assert found, page
    return unescape(found[1])


def sign_in(client: Client, page: str, user: User):
    given = fields(page, 'action="/login/"')
    for password in ("wrong", factories.PASSWORD):
        answer = client.post("/login/", {**given, "username": user.username, "password": password})
        given = fields(answer.content.decode(), 'action="/login/"') if password == "wrong" else given
    return answer


def test_keeps_other_words_for_a_note_over_a_new_sign_in(client, analyst, note) -> None:
    given = fields(client.get(f"/notes/{note.pk}/?sort=csat").content.decode(), "Save note")
    client.logout()
    page = client.post(f"/notes/{note.pk}/?sort=csat", {**given, "text": WORDS}).content.decode()
    assert "You were signed out. Sign in again; your note is kept." in page
    client.post("/login/", {**fields(page, 'action="/login/"'), "username": analyst.username, "password": "wrong"})
    assert "Ask Noor" not in "".join(AccessAttempt.objects.values_list("post_data", flat=True))
    answer = sign_in(client, page, analyst)
    assert answer["Location"] == f"/notes/{note.pk}/?sort=csat"
    page = client.get(answer["Location"]).content.decode()
    assert words(page) == WORDS and "These words are not saved yet." in page
    assert words(client.get(answer["Location"]).content.decode()) == "Ask"  # once


def test_keeps_them_over_too_many_tries(client, analyst, note, settings) -> None:
    given = fields(client.get(f"/notes/{note.pk}/?sort=csat").content.decode(), "Save note")
    client.logout()
    page = client.post(f"/notes/{note.pk}/?sort=csat", {**given, "text": WORDS}).content.decode()
    wrong = {**fields(page, 'action="/login/"'), "username": analyst.username, "password": "wrong"}
    answers = [client.post("/login/", wrong) for _ in range(settings.AXES_FAILURE_LIMIT)]
    assert answers[-1].status_code == 429
    page = answers[-1].content.decode()
    assert "Your note is kept as long as this page is open." in page
    page = client.post("/login/", fields(page, 'action="/login/"')).content.decode()
    assert "do not match" not in page and "your note is kept" in page
    AccessAttempt.objects.all().delete()  # the minutes are over
    answer = sign_in(client, page, analyst)
    assert words(client.get(answer["Location"]).content.decode()) == WORDS


@pytest.mark.parametrize("where", ["page", "reader"])
def test_keeps_a_new_note_over_a_new_sign_in(where, client, analyst, one) -> None:
    message = one.messages.get().message_id if where == "page" else ""
    address = f"/conversations/one/notes?message={message}&sort=csat" if message else "/conversations/one/?sort=csat"
    given = fields(client.get(address).content.decode(), "Save note")
    client.logout()
    page = client.post("/conversations/one/notes?sort=csat", {**given, "text": WORDS}).content.decode()
    answer = sign_in(client, page, analyst)
    page = client.get(answer["Location"]).content.decode()
    assert words(page) == WORDS
    for _ in range(2):
        client.post(answer["Location"], {**fields(page, "Save note"), "text": words(page)})
    assert list(Note.objects.values_list("text", "message_id")) == [(WORDS, message)]


def test_shows_them_to_nobody_but_their_writer(client, note) -> None:
    given = fields(client.get(f"/notes/{note.pk}/").content.decode(), "Save note")
    client.logout()
    page = client.post(f"/notes/{note.pk}/", {**given, "text": WORDS}).content.decode()
    sign_in(client, page, factories.user("analyst", username="ann"))
    assert "kept_note" not in client.session
    assert Note.objects.get().text == "Ask"


@pytest.mark.parametrize("more", [{}, SCRIPTED])
def test_saves_nothing_for_a_stranger(more, note) -> None:
    stranger = Client()
    stranger.post(f"/notes/{note.pk}/", {"text": WORDS}, **more)
    stranger.post("/conversations/one/notes", {"text": WORDS}, **more)
    assert [row.text for row in Note.objects.all()] == ["Ask"] and not stranger.session.keys()
    assert stranger.get(f"/notes/{note.pk}/")["Location"] == f"/login/?next=/notes/{note.pk}/"


def test_sends_a_script_to_the_sign_in(note) -> None:
    """Which keeps the words itself, and knows by the redirection that it has to."""
    answer = Client().post(f"/notes/{note.pk}/", {"text": WORDS}, **SCRIPTED)
    assert answer["Location"] == f"/login/?next=/notes/{note.pk}/"


def test_keeps_nothing_that_is_longer_than_any_note(client, analyst, note) -> None:
    given = fields(client.get(f"/notes/{note.pk}/").content.decode(), "Save note")
    client.logout()
    page = client.post(f"/notes/{note.pk}/", {**given, "text": "x" * 100_000}).content.decode()
    client.post(
        "/login/", {**fields(page, 'action="/login/"'), "username": analyst.username, "password": factories.PASSWORD}
    )
    assert "kept_note" not in client.session
    assert words(client.get(f"/notes/{note.pk}/").content.decode()) == "Ask"
