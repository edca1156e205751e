"""Signing in and out, and how long that lasts."""

import time

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import User
from django.test import Client

from tests.factories import PASSWORD

FAILED = "The name and password do not match."


def sign_in(client: Client, name: str, password: str = PASSWORD, **more: str):
    return client.post("/login/", {"username": name, "password": password, **more})


def test_signs_a_person_in(analyst: User, client: Client) -> None:
    assert sign_in(client, analyst.username, next="/me/").url == "/me/"
    assert client.get("/me/").status_code == 200


def test_sends_a_stranger_to_sign_in_and_keeps_the_address(client: Client, db: None) -> None:
    assert client.get("/me/?x=1").url == "/login/?next=/me/%3Fx%3D1"


@pytest.mark.parametrize(
    "away", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example", "word", "logout"]
)
def test_never_leads_to_another_site(analyst: User, client: Client, away: str) -> None:
    target = client.post("/login/?next=/me/", {"username": analyst.username, "password": PASSWORD, "next": away}).url
    assert target == "/"


def test_focuses_the_name_and_tells_nothing_about_the_account(client: Client, db: None) -> None:
    page = client.get("/login/").content.decode()
    assert "autofocus" in page
    assert "Sample account" not in page and "<nav" not in page


def test_says_the_same_for_a_wrong_password_and_an_unknown_name(analyst: User, client: Client) -> None:
    for name in (analyst.username, "nobody"):
        page = sign_in(client, name, "wrong").content.decode()
        assert FAILED in page and 'role="alert"' in page
        assert f'value="{name}"' in page


def test_locks_one_name_from_one_address_and_no_other(analyst: User, supervisor: User, client: Client) -> None:
    answers = [sign_in(client, analyst.username, "wrong").status_code for _ in range(8)]
    assert answers[-1] == 429 and set(answers[:-1]) == {200}
    assert sign_in(client, analyst.username).status_code == 429
    assert sign_in(client, supervisor.username).status_code == 302


@pytest.mark.parametrize("name", ["x" * 256, "\N{SLIGHTLY SMILING FACE}" * 5000])
def test_answers_a_long_name_as_any_wrong_one(client: Client, db: None, name: str) -> None:
    answers = [sign_in(client, name, "wrong") for _ in range(8)]
    assert [answer.status_code for answer in answers] == [200] * 7 + [429]
    assert FAILED in answers[0].content.decode()


def test_lets_the_owner_in_from_another_address(analyst: User, client: Client) -> None:
    for _ in range(9):
        sign_in(client, analyst.username, "wrong")
    elsewhere = Client(REMOTE_ADDR="10.1.2.3")
    assert sign_in(elsewhere, analyst.username).status_code == 302


def test_words_the_lock_on_a_page_of_our_own(client: Client, db: None) -> None:
    for _ in range(8):
        answer = sign_in(client, "nobody", "wrong")
    assert "Try again in 15 minutes" in answer.content.decode()


def test_signs_out_by_post_only(analyst: User, client_for) -> None:
    client = client_for(analyst)
    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/").url == "/login/"
    assert client.get("/me/").status_code == 302


def test_moves_the_end_of_a_session_forward_while_its_person_works(analyst: User, client_for) -> None:
    client = client_for(analyst)
    client.get("/me/")
    session = client.session
    session["seen_at"] = int(time.time()) - 3600
    session.save()
    assert client.get("/me/").cookies["sessionid"]["max-age"] == 12 * 3600
    assert "sessionid" not in client.get("/me/").cookies


def test_does_not_count_what_a_page_asks_by_itself_as_work(analyst: User, client_for) -> None:
    client = client_for(analyst)
    assert "sessionid" not in client.get("/me/", headers={"X-Readback-Poll": "1"}).cookies


def test_goes_on_to_the_page_when_signed_in_already(analyst: User, client_for) -> None:
    assert client_for(analyst).get("/login/?next=/me/").url == "/me/"


def test_takes_a_cookie_that_spells_nul_for_none(db: None) -> None:
    assert Client().get("/me/", headers={"Cookie": 'sessionid="abcdefgh\\000"'}).status_code == 302


def test_keeps_no_password_token_or_search_of_a_failed_sign_in(client: Client, db: None) -> None:
    address = "/conversations/?q=secret"
    client.post(f"/login/?next={address}", {"username": "nobody", "password": "secret", "next": address})
    kept = AccessAttempt.objects.values_list("get_data", "post_data").get()
    assert "nobody" in kept[1] and "secret" not in "".join(kept)
