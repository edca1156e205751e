import threading

import pytest

from interactions.liveperson import (
    Answer,
    ApplicationLogin,
    AuthenticationFailed,
    Refused,
    Unavailable,
    UnexpectedResponse,
    UserLogin,
)
from tests.interactions.liveperson.account import FakeAccount, envelope, ok, payload, refusal

USER = UserLogin("reports@harborpine.example", "pass-word-9")
APPLICATION = ApplicationLogin("reports@harborpine.example", "key-1", "secret-2", "token-3", "token-secret-4")
WRONG_CSRF = {"error": {"time": "now", "message": "bad csrf", "internalCode": 10, "responseStatus": "UNAUTHORIZED"}}


def login(bearer="bearer-1", **changes):
    said = {"bearer": bearer, "csrf": f"csrf-{bearer}", "sessionTTl": "28800000", **changes}
    answer = ok(said)
    return Answer(200, {}, answer.body, {"Session_id": f"cookie-{bearer}"})


def account(*logins):
    fake = FakeAccount()
    fake.on("/login", *(logins or (login(),)))
    fake.on("/refresh", refusal(200)).on("/logout", refusal(200))
    return fake.on("/conversations/search", ok(envelope([])))


def search(client):
    return client.search(start_from=1, start_to=2)


def bearers(fake):
    return [asked.headers["Authorization"] for asked in fake.to("/conversations/search")]


@pytest.mark.parametrize(
    "credentials, body",
    [
        (USER, {"username": "reports@harborpine.example", "password": "pass-word-9"}),
        (
            APPLICATION,
            {
                "username": "reports@harborpine.example",
                "appKey": "key-1",
                "secret": "secret-2",
                "accessToken": "token-3",
                "accessTokenSecret": "token-secret-4",
            },
        ),
    ],
)
def test_signs_in_once_and_shows_the_bearer(credentials, body):
    fake = account()
    client = fake.client(credentials=credentials)
    search(client), search(client)
    (asked,) = fake.to("/login")
    assert (asked.method, asked.path, asked.query) == ("POST", "/api/account/71830264/login", {"v": "1.3"})
    assert asked.json == body
    assert bearers(fake) == ["Bearer bearer-1"] * 2


def test_saves_lookups_by_the_directory_in_the_login_answer():
    fake = account(ok(payload("login.json")))
    search(fake.client(credentials=USER))
    assert [asked.path.split("/")[-2] for asked in fake.to("baseURI")] == ["agentVep"]


def test_keeps_the_session_alive_every_four_minutes_of_use():
    fake = account()
    client = fake.client(credentials=USER)
    for pause in (0, 239, 1, 239, 1):
        fake.now += pause
        search(client)
    refreshes = fake.to("/refresh")
    assert len(refreshes) == 2
    assert refreshes[0].json == {"csrf": "csrf-bearer-1"}
    assert refreshes[0].headers["Cookie"] == "Session_id=cookie-bearer-1"
    assert "Authorization" not in refreshes[0].headers


def test_signs_in_anew_when_the_refresh_is_refused():
    fake = account(login("a"), login("b")).on("/refresh", refusal(401, WRONG_CSRF))
    client = fake.client(credentials=USER)
    search(client)
    fake.now += 300
    search(client)
    assert bearers(fake) == ["Bearer a", "Bearer b"]


@pytest.mark.parametrize("trouble", [refusal(503), refusal(429), Unavailable("down"), refusal(302)])
def test_goes_on_with_the_bearer_when_the_refresh_has_no_luck(trouble):
    fake = account().on("/refresh", trouble)
    client = fake.client(credentials=USER)
    search(client)
    fake.now += 300
    search(client), search(client)
    assert (len(fake.to("/login")), len(fake.to("/refresh")), fake.slept) == (1, 2, [])


def test_signs_in_anew_once_the_session_has_lived_its_time():
    fake = account(login("a", sessionTTl="60000"), login("b"))
    client = fake.client(credentials=USER)
    search(client)
    fake.now += 60
    search(client)
    assert (bearers(fake), fake.to("/refresh")) == (["Bearer a", "Bearer b"], [])


@pytest.mark.parametrize("lifetime", ["", "soon", None, "0", True, [], -5, "9" * 30])
def test_takes_an_odd_lifetime_for_eight_hours(lifetime):
    fake = account(login(sessionTTl=lifetime))
    client = fake.client(credentials=USER)
    search(client)
    fake.now += 8 * 3600 - 1
    search(client)
    assert len(fake.to("/login")) == 1


def test_signs_in_once_more_after_a_401_and_repeats_once():
    fake = account(login("a"), login("b"))
    fake.on("/conversations/search", refusal(401), ok(envelope([])))
    assert search(fake.client(credentials=USER)).count == 0
    assert bearers(fake) == ["Bearer a", "Bearer b"]


def test_gives_up_after_the_second_401():
    fake = account(login("a"), login("b")).on("/conversations/search", refusal(401))
    with pytest.raises(AuthenticationFailed):
        search(fake.client(credentials=USER))
    assert (len(fake.to("/login")), len(bearers(fake)), fake.slept) == (2, 2, [])


def test_uses_the_session_that_another_thread_has_renewed():
    fake = account(login("a"), login("b"), login("c"))
    client = fake.client(credentials=USER)
    old = client._signer.current()
    threads = [threading.Thread(target=client._signer.renew, args=(old,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(fake.to("/login")) == 2


@pytest.mark.parametrize(
    "answer, error",
    [
        (refusal(401, WRONG_CSRF), AuthenticationFailed),
        (refusal(400), Refused),
        (refusal(500), Unavailable),
        (ok({"csrf": "x"}), UnexpectedResponse),
        (ok({"bearer": ""}), UnexpectedResponse),
        (ok([]), UnexpectedResponse),
        (Answer(200, {}, b"<html>Sign in</html>"), UnexpectedResponse),
    ],
)
def test_says_why_it_cannot_sign_in_without_naming_secrets(answer, error):
    with pytest.raises(error) as raised:
        search(account(answer).client(credentials=USER))
    assert "pass-word-9" not in f"{raised.value!r} {raised.value}"
    assert raised.value.path.endswith("/login")


def test_logs_out_once_and_only_when_signed_in():
    fake = account()
    client = fake.client(credentials=USER)
    client.logout()
    search(client)
    client.logout(), client.logout()
    (asked,) = fake.to("/logout")
    assert (asked.json, asked.headers["Cookie"]) == ({"csrf": "csrf-bearer-1"}, "Session_id=cookie-bearer-1")


def test_closes_quietly_when_the_logout_fails():
    fake = account().on("/logout", refusal(500))
    with fake.client(credentials=USER) as client:
        search(client)
    assert (len(fake.to("/logout")), fake.slept) == (1, [])


def test_sends_no_cookie_header_without_cookies():
    fake = account(ok({"bearer": "a"}))
    client = fake.client(credentials=USER)
    search(client)
    client.logout()
    assert "Cookie" not in fake.to("/logout")[0].headers
