"""Undo of what was taken off: it comes back as it was, once, and nobody forges it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dashboard.marks import last, leaving, taken
from interactions.models import Flag, Review, Tag, Tagging, TakenOff
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
    return said(client)[0]


def said(client: Client) -> tuple[str, str]:
    """What the page says of the last mark, and what its Undo button names."""
    shown = client.get("/conversations/one/").context["marks"].last
    return shown.said, shown.token


def tab(client: Client) -> Client:
    """Another one of the same session."""
    other = Client()
    other.cookies.update(client.cookies)
    return other


def meanwhile(monkeypatch, verb: str, what: Callable[[], object]) -> None:
    """Does something while a request waits to take its mark off."""
    take_off = getattr(leaving, verb)

    def slow(*given: object) -> object:
        what()
        return take_off(*given)

    monkeypatch.setattr(leaving, verb, slow)


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


def test_forgets_what_was_taken_off_before_much_else(client, ann, one) -> None:
    leave("flag", one, ann)
    client.post("/conversations/one/flag", OFF["flag"])
    for number in range(25):
        factories.tag(one, f"tag {number}", ann)
        client.post("/conversations/one/tags", {"remove": f"tag {number}"})
    assert TakenOff.objects.count() == 20
    assert undo(client, "unflag") == "There was nothing to take back."
    assert undo(client, f"untag:{Tag.objects.get(name='tag 24').pk}") == "Taken back."


def test_puts_nothing_back_that_was_taken_off_too_long_ago(client, ann, one, monkeypatch) -> None:
    leave("flag", one, ann)
    client.post("/conversations/one/flag", OFF["flag"])
    monkeypatch.setattr(taken, "SECONDS", -1)
    assert undo(client, "unflag") == "There was nothing to take back."
    client.post("/conversations/one/flag", OFF["flag"])
    assert said(client) == ("There was no flag any more.", "")
    assert not Flag.objects.exists()


def test_removes_what_is_too_old_whoever_took_it_off(client, client_for, analyst, ann, one) -> None:
    token = leave("tags", one, analyst)
    client_for(ann).post("/conversations/one/tags", OFF["tags"])
    TakenOff.objects.update(taken_at=timezone.now() - timedelta(seconds=last.SECONDS))
    leave("flag", one, ann)
    client.post("/conversations/one/flag", OFF["flag"])
    assert list(TakenOff.objects.values_list("user", "kind")) == [(analyst.pk, "flag")]
    assert undo(client_for(ann), token) == "There was nothing to take back."


def test_keeps_only_the_last_of_what_was_taken_off_twice(client, analyst, ann, one) -> None:
    for user in (ann, analyst):
        leave("flag", one, user)
        client.post("/conversations/one/flag", OFF["flag"])
    assert undo(client, "unflag") == "Taken back."
    assert rows("flag") == [(analyst.pk, THEN)]
    Flag.objects.all().delete()
    assert undo(client, "unflag") == "There was nothing to take back."


def test_keeps_what_a_colleague_cannot_put_back(client, client_for, ann, one) -> None:
    leave("flag", one, ann)
    client.post("/conversations/one/flag", OFF["flag"])
    assert undo(client_for(ann), "unflag") == "There was nothing to take back."
    assert undo(client, "unflag") == "Taken back."


@pytest.mark.parametrize("who", ["analyst", "one"])
def test_forgets_what_was_taken_off_with_its_person_or_its_conversation(who, client, analyst, ann, one) -> None:
    leave("flag", one, ann)
    client.post("/conversations/one/flag", OFF["flag"])
    {"analyst": analyst, "one": one}[who].delete()
    assert not TakenOff.objects.exists()


@pytest.mark.parametrize("what", ["flag", "tags", "review"])
def test_can_be_undone_where_the_answer_was_lost_and_it_is_sent_again(what, client, analyst, one) -> None:
    token = leave(what, one, analyst)
    client.post(f"/conversations/one/{what}", OFF[what])
    first = said(client)
    client.post(f"/conversations/one/{what}", OFF[what])
    assert said(client) == first == (first[0], token)
    assert undo(client, token) == "Taken back."
    assert rows(what) == [(analyst.pk, THEN)]


def test_has_nothing_to_undo_where_somebody_else_took_it_off(client, client_for, ann, one) -> None:
    leave("flag", one, ann)
    client_for(ann).post("/conversations/one/flag", OFF["flag"])
    client.post("/conversations/one/flag", OFF["flag"])
    assert said(client) == ("There was no flag any more.", "")


def test_gives_back_what_two_tabs_took_off_at_the_same_time(client, ann, one, monkeypatch) -> None:
    tokens = [leave(what, one, ann) for what in ("flag", "tags")]
    other = tab(client)
    meanwhile(monkeypatch, "unflag", lambda: other.post("/conversations/one/tags", OFF["tags"]))
    client.post("/conversations/one/flag", OFF["flag"])
    assert [undo(client, token) for token in tokens] == ["Taken back."] * 2
    assert rows("flag") == rows("tags") == [(ann.pk, THEN)]


def test_puts_nothing_back_twice_where_another_tab_was_at_work(client, client_for, ann, one, monkeypatch) -> None:
    for what in ("flag", "tags"):
        leave(what, one, ann)
    client.post("/conversations/one/flag", OFF["flag"])
    other = tab(client)
    meanwhile(monkeypatch, "untag", lambda: undo(other, "unflag"))
    client.post("/conversations/one/tags", OFF["tags"])
    assert rows("flag") == [(ann.pk, THEN)]
    client_for(ann).post("/conversations/one/flag", OFF["flag"])  # for good
    assert undo(client, "unflag") == "There was nothing to take back."
    assert rows("flag") == []


def test_can_be_undone_again_where_it_failed(client, ann, one) -> None:
    def refuse(execute, sql, params, many, context):
        if sql.startswith('INSERT INTO "interactions_flag"'):
            raise OperationalError
        return execute(sql, params, many, context)

    leave("flag", one, ann)
    client.post("/conversations/one/flag", OFF["flag"])
    with connection.execute_wrapper(refuse), pytest.raises(OperationalError):
        undo(client, "unflag")
    assert undo(client, "unflag") == "Taken back."


def test_takes_off_with_as_many_queries_however_much_is_kept(client, ann, one) -> None:
    counts = set()
    client.get("/me/")  # writes the end of the session
    for number in range(22):
        tag = factories.tag(one, f"tag {number}", ann)
        with CaptureQueriesContext(connection) as queries:
            client.post("/conversations/one/tags", {"remove": tag.name})
        counts.add(len(queries))
    assert len(counts) == 1


@pytest.mark.parametrize("mark", ["un", "unflag\0", "unflag:1", "untag", "unnote:1", "untag:999999999999999999"])
def test_finds_nothing_by_a_token_of_somebodys_own_making(mark, client, ann, one) -> None:
    leave("flag", one, ann)
    client.post("/conversations/one/flag", OFF["flag"])
    assert undo(client, mark) == "There was nothing to take back."
    assert rows("flag") == []


def test_says_what_cannot_be_taken_back_for_a_moment_only(client, ann, one) -> None:
    token = leave("flag", one, ann)
    client.post("/conversations/one/flag", OFF["flag"])
    assert client.cookies[last.COOKIE]["max-age"] == 15 * 60
    undo(client, token)
    assert client.cookies[last.COOKIE]["max-age"] == 10
