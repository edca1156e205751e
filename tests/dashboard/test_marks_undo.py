"""Undo of what was taken off: it comes back as it was, and nobody forges it."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User
from django.test import Client

from dashboard.marks import last, taken
from interactions.models import Flag, Review, Tagging
from tests import factories

THEN = datetime(2026, 1, 1, 9, 30, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def one():
    return factories.conversation(conversation_id="one")


@pytest.fixture
def ann() -> User:
    return factories.user("analyst", username="ann")


@pytest.fixture
def client(analyst: User, client_for) -> Client:
    return client_for(analyst)


def undo(client: Client, mark: str) -> str:
    client.post("/marks/undo", {"mark": mark, "conversation": "one"})
    return client.get("/conversations/one/").context["marks"].last.said


def leave(what: str, conversation, user: User | None) -> str:
    """The token of taking it off again."""
    if what == "flag":
        Flag.objects.create(conversation=conversation, user=user, flagged_at=THEN)
        return "unflag"
    if what == "tags":
        tag = factories.tag(conversation, "VIP", user)
        Tagging.objects.update(tagged_at=THEN)
        return f"untag:{tag.pk}"
    factories.review(conversation, user, reviewed_at=THEN)
    return "unreview"


OFF = {"flag": {"flagged": "0"}, "tags": {"remove": "vip"}, "review": {"reviewed": "0"}}
FOUND = {"flag": (Flag, "flagged_at"), "tags": (Tagging, "tagged_at"), "review": (Review, "reviewed_at")}


def rows(what: str) -> list[tuple[int | None, datetime]]:
    model, at = FOUND[what]
    return list(model._default_manager.values_list("user", at))


@pytest.mark.parametrize(("what", "whose"), [("flag", "ann"), ("tags", "ann"), ("flag", ""), ("review", "own")])
def test_gives_back_whose_it_was_and_since_when(what, whose, client, ann, analyst, one) -> None:
    user = {"ann": ann, "own": analyst, "": None}[whose]
    token = leave(what, one, user)
    client.post(f"/conversations/one/{what}", OFF[what])
    assert rows(what) == []
    assert undo(client, token) == "Taken back."
    assert rows(what) == [(user and user.pk, THEN)]


def test_gives_back_a_mark_without_a_name_where_its_person_is_deleted_meanwhile(client, ann, one) -> None:
    leave("flag", one, ann)
    client.post("/conversations/one/flag", OFF["flag"])
    ann.delete()
    assert undo(client, "unflag") == "Taken back."
    assert rows("flag") == [(None, THEN)]


def test_gives_back_each_of_what_several_tabs_took_off(client, ann, one) -> None:
    tokens = {what: leave(what, one, ann) for what in ("flag", "tags")}
    for what in tokens:
        client.post(f"/conversations/one/{what}", OFF[what])
    assert [undo(client, token) for token in tokens.values()] == ["Taken back."] * 2
    assert rows("flag") == rows("tags") == [(ann.pk, THEN)]


def test_puts_nothing_back_twice(client, client_for, ann, one) -> None:
    leave("flag", one, ann)
    client.post("/conversations/one/flag", OFF["flag"])
    kept = client.cookies[last.COOKIE].value
    undo(client, "unflag")
    client_for(ann).post("/conversations/one/flag", OFF["flag"])  # for good
    client.cookies[last.COOKIE] = kept
    assert undo(client, "unflag") == "There was nothing to take back."
    assert rows("flag") == []


@pytest.mark.parametrize("what", ["flag", "tags", "review"])
def test_puts_back_nothing_that_this_person_did_not_take_off(what, client, client_for, ann, one) -> None:
    token = leave(what, one, ann)
    client_for(ann).post(f"/conversations/one/{what}", OFF[what])
    for mark in (token, f"{token}:{ann.pk}:2020-01-01", f"{what}:{ann.pk}"):
        client.post(
            "/marks/undo",
            {"mark": mark, "conversation": "one", "user": ann.pk, "at": "2020-01-01", "flagged_at": "2020-01-01"},
        )
    assert rows(what) == []


def test_leaves_what_somebody_put_there_meanwhile(client, client_for, ann, one) -> None:
    leave("flag", one, None)
    client.post("/conversations/one/flag", OFF["flag"])
    client_for(ann).post("/conversations/one/flag", {"flagged": "1"})
    assert undo(client, "unflag") == "There was nothing to take back."
    assert Flag.objects.get().user == ann


def test_forgets_what_was_taken_off_too_long_ago_or_before_much_else(client, analyst, ann, one, monkeypatch) -> None:
    leave("flag", one, ann)
    client.post("/conversations/one/flag", OFF["flag"])
    for number in range(25):
        factories.tag(one, f"tag {number}", ann)
        client.post("/conversations/one/tags", {"remove": f"tag {number}"})
    assert len(client.session["taken-off"]) == 20
    assert undo(client, "unflag") == "There was nothing to take back."
    monkeypatch.setattr(taken, "SECONDS", -1)
    newest = list(client.session["taken-off"])[-1].split()[1]
    assert undo(client, newest) == "There was nothing to take back."
    assert not Tagging.objects.exists()
