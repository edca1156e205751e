"""Several people and presses at one instant, each on a connection of their own."""

import threading
import uuid
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from interactions.models import AuditLine, Flag, Note, Review, Tag, Tagging
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*presses: Callable[[], object]) -> list[object]:
    """What each gave back; all of them begin together."""
    gate = threading.Barrier(len(presses))
    found: list[object] = []

    def press(what: Callable[[], object]) -> None:
        gate.wait()
        try:
            found.append(what())
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(what,)) for what in presses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def signed_in(user: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


@pytest.fixture
def people() -> list[User]:
    return [factories.user("analyst") for _ in range(2)]


def test_leaves_each_mark_once_however_it_is_pressed(people) -> None:
    one = factories.conversation(conversation_id="one", messages=[("consumer", "Hello")])
    nonces = {user: str(uuid.uuid4()) for user in people}

    def post(client: Client, what: str, given: dict[str, str]) -> int:
        return client.post(f"/conversations/one/{what}", given).status_code

    def presses(what: str, given_by: Callable[[User], dict[str, str]]) -> list[Callable[[], object]]:
        clients = [(signed_in(user), given_by(user)) for user in people for _ in range(3)]
        return [lambda client=client, given=given: post(client, what, given) for client, given in clients]

    for what, given_by in (
        ("review", lambda user: {}),
        ("flag", lambda user: {"flagged": "1"}),
        ("tags", lambda user: {"tag": "Late parcel"}),
        ("notes", lambda user: {"text": "Hm", "nonce": nonces[user]}),
    ):
        assert set(at_once(*presses(what, given_by))) == {302}
    assert sorted(Review.objects.values_list("user", flat=True)) == sorted(user.pk for user in people)
    assert sorted(Note.objects.values_list("user", flat=True)) == sorted(user.pk for user in people)
    assert [model.objects.count() for model in (Flag, Tag, Tagging)] == [1, 1, 1]
    assert Flag.objects.get().conversation == one


def test_gives_back_each_mark_that_one_session_took_off_at_once_and_only_once(people) -> None:
    one = factories.conversation(conversation_id="one")
    me, colleague = people
    tokens = [f"untag:{factories.tag(one, f'tag {number}', colleague).pk}" for number in range(5)]
    session = signed_in(me).cookies

    def press(address: str, given: dict[str, str]) -> Callable[[], object]:
        tab = Client(raise_request_exception=False)
        tab.cookies.update(session)
        return lambda: tab.post(address, given).status_code

    def presses(address: str, given: list[dict[str, str]]) -> list[Callable[[], object]]:
        return [press(address, each) for each in given for _ in range(2)]

    removed = presses("/conversations/one/tags", [{"remove": f"tag {number}"} for number in range(5)])
    assert set(at_once(*removed)) == {302} and not Tagging.objects.exists()
    undone = presses("/marks/undo", [{"mark": token, "conversation": "one"} for token in tokens])
    assert set(at_once(*undone)) == {302}
    assert set(Tagging.objects.values_list("user", flat=True)) == {colleague.pk} and Tagging.objects.count() == 5
    Tagging.objects.all().delete()
    assert set(at_once(*undone)) == {302} and not Tagging.objects.exists()


def test_hands_each_of_two_reviewers_every_conversation_once(people) -> None:
    """Both walk `reviewed=no` from its start at the same time; between them nothing is left and nothing done twice."""
    rows = [factories.conversation(csat=1 + number % 5) for number in range(12)]
    tail = "?reviewed=no&sort=csat"

    def walk(client: Client) -> Callable[[], object]:
        def go() -> list[str]:
            address: str | None = f"/conversations/{min(rows, key=lambda row: (row.csat, row.pk))}/{tail}"
            seen: list[str] = []
            while address:
                path = address.split("?")[0]
                seen.append(path)
                assert client.get(address).status_code == 200
                after = client.post(f"{path}review{tail}", headers={"X-Readback-Marks": "1"}).json()
                address = after.get("go")
            return seen

        return go

    walks = at_once(*(walk(signed_in(user)) for user in people))
    assert all(len(seen) == len(set(seen)) for seen in walks)
    assert set().union(*walks) == {f"/conversations/{row}/" for row in rows}
    assert set(Review.objects.values_list("conversation", flat=True)) == {row.pk for row in rows}
    assert AuditLine.objects.count() == sum(len(seen) for seen in walks)
