"""Directory, signatures, sign-in."""

from __future__ import annotations

import time

import pytest
import requests

from interactions.sandbox import Account, serve
from interactions.sandbox.access import Access

from .conftest import ANCHOR, ANCHOR_MS, Caller, signature

BODY = {"start": {"from": ANCHOR_MS - 1000, "to": ANCHOR_MS}}


def sign_in(running, **changes):
    key = running.credentials
    body = {"username": key.username, "password": key.password} | changes
    return requests.post(f"{running.url}/api/account/{running.account.id}/login?v=1.3", json=body, timeout=9)


def with_bearer(running, bearer):
    url = f"{Caller(running).base}/search?source=t"
    return requests.post(url, json=BODY, headers={"Authorization": f"Bearer {bearer}"}, timeout=9).status_code


@pytest.mark.parametrize("folder", ["api", "csdr"])
def test_it_names_one_service_without_scheme(sandbox, folder):
    url = f"{sandbox.url}/{folder}/account/sandbox-1/service/msgHist/baseURI.json?version=1.0"
    place = sandbox.url.removeprefix("http://")
    assert requests.get(url, timeout=9).json() == {"service": "msgHist", "account": "sandbox-1", "baseURI": place}


@pytest.mark.parametrize("folder", ["api", "csdr"])
def test_it_lists_all_services(sandbox, folder):
    url = f"{sandbox.url}/{folder}/account/sandbox-1/service/baseURI.json?version=1.0"
    services = {each["service"] for each in requests.get(url, timeout=9).json()["baseURIs"]}
    assert {"agentVep", "msgHist", "accountConfigReadOnly"} <= services


@pytest.mark.parametrize(
    ("account", "service", "status"), [("sandbox-1", "nosuch", 404), ("sandbox-9", "msgHist", 401)]
)
def test_it_knows_no_other_service_or_account(sandbox, account, service, status):
    url = f"{sandbox.url}/api/account/{account}/service/{service}/baseURI.json"
    assert requests.get(url, timeout=9).status_code == status


@pytest.mark.parametrize("method", ["HMAC-SHA1", "HMAC-SHA256"])
def test_it_accepts_a_right_signature(sandbox, method):
    url = f"{Caller(sandbox).base}/search?source=t&limit=1"
    auth = signature(sandbox.credentials, signature_method=method)
    assert requests.post(url, json=BODY, auth=auth, timeout=9).status_code == 200


@pytest.mark.parametrize("part", ["app_key", "app_secret", "access_token", "access_token_secret"])
def test_it_refuses_a_wrong_key(sandbox, part):
    from dataclasses import replace

    auth = signature(replace(sandbox.credentials, **{part: "wrong-wrong-wrong-wrong"}))
    answer = requests.post(f"{Caller(sandbox).base}/search?source=t", json=BODY, auth=auth, timeout=9)
    assert (answer.status_code, answer.json()["error"]["responseStatus"]) == (401, "UNAUTHORIZED")


def test_it_refuses_a_signature_for_other_parameters(sandbox):
    url = f"{Caller(sandbox).base}/search"
    signed = requests.Request("POST", f"{url}?source=t", json=BODY, auth=signature(sandbox.credentials)).prepare()
    signed.url = f"{url}?source=t&limit=3"
    assert requests.Session().send(signed, timeout=9).status_code == 401


def test_it_refuses_a_nonce_used_before(sandbox):
    signed = requests.Request("POST", f"{Caller(sandbox).base}/search?source=t", json=BODY)
    signed = signed.__class__("POST", signed.url, json=BODY, auth=signature(sandbox.credentials)).prepare()
    statuses = [requests.Session().send(signed, timeout=9).status_code for _ in range(2)]
    assert statuses == [200, 401]


@pytest.mark.parametrize(("minutes", "status"), [(0, 200), (4, 200), (6, 401), (-6, 401), (-600, 401)])
def test_it_refuses_a_clock_that_is_off(sandbox, minutes, status):
    auth = signature(sandbox.credentials, timestamp=str(int(time.time()) + 60 * minutes))
    answer = requests.post(f"{Caller(sandbox).base}/search?source=t", json=BODY, auth=auth, timeout=9)
    assert answer.status_code == status


def test_it_refuses_a_key_without_the_privilege(sandbox):
    auth = signature(sandbox.access.unprivileged)
    assert requests.post(f"{Caller(sandbox).base}/search?source=t", json=BODY, auth=auth, timeout=9).status_code == 403


@pytest.mark.parametrize("header", [{}, {"Authorization": "Basic eA=="}, {"Authorization": "OAuth rubbish"},
                                    {"Authorization": "Bearer nobody"}])  # fmt: skip
def test_it_refuses_callers_without_proof(sandbox, header):
    answer = requests.post(f"{Caller(sandbox).base}/search?source=t", json=BODY, headers=header, timeout=9)
    assert answer.status_code == 401


def test_it_checks_signatures_against_its_public_address():
    with serve(Account(conversations=3, anchor=ANCHOR), public_url="https://lp.example") as running:
        caller = Caller(running)
        url = caller.base.replace(running.url, "https://lp.example") + "/search?source=t"
        signed = requests.Request("POST", url, json=BODY, auth=signature(running.credentials)).prepare()
        signed.url = f"{caller.base}/search?source=t"
        assert requests.Session().send(signed, timeout=9).status_code == 200
        assert caller.search().status_code == 401


def test_it_signs_users_in(sandbox):
    answer = sign_in(sandbox)
    body = answer.json()
    assert answer.cookies["Session_id"]
    assert body["sessionTTl"] == "28800000"
    assert isinstance(body["config"]["userId"], str)
    assert with_bearer(sandbox, body["bearer"]) == 200


def test_it_signs_applications_in(sandbox):
    key = sandbox.credentials
    body = {"username": key.username, "appKey": key.app_key, "secret": key.app_secret,
            "accessToken": key.access_token, "accessTokenSecret": key.access_token_secret}  # fmt: skip
    url = f"{sandbox.url}/api/account/sandbox-1/login?v=1.3"
    assert requests.post(url, json=body, timeout=9).status_code == 200
    assert requests.post(url, json=body | {"secret": "x"}, timeout=9).status_code == 401


@pytest.mark.parametrize(("body", "status"), [({"password": "wrong"}, 401), ({"username": "nobody"}, 401)])
def test_it_refuses_a_wrong_sign_in(sandbox, body, status):
    assert sign_in(sandbox, **body).status_code == status


def test_it_wants_a_complete_sign_in(sandbox):
    url = f"{sandbox.url}/api/account/sandbox-1/login?v=1.3"
    assert requests.post(url, json={"username": "reports"}, timeout=9).status_code == 400


def test_it_refreshes_with_csrf_and_cookie(fresh):
    session = sign_in(fresh)
    url = f"{fresh.url}/api/account/{fresh.account.id}/refresh"
    right = requests.post(url, json={"csrf": session.json()["csrf"]}, cookies=session.cookies, timeout=9)
    assert (right.status_code, right.content) == (200, b"")
    wrong = requests.post(url, json={"csrf": "other"}, cookies=session.cookies, timeout=9)
    assert (wrong.status_code, wrong.json()["error"]["internalCode"]) == (401, 10)
    assert requests.post(url, json={"csrf": session.json()["csrf"]}, timeout=9).status_code == 401


def test_it_forgets_a_bearer_at_logout(fresh):
    session = sign_in(fresh)
    url = f"{fresh.url}/api/account/{fresh.account.id}/logout"
    assert requests.post(url, json={"csrf": session.json()["csrf"]}, cookies=session.cookies, timeout=9).ok
    assert with_bearer(fresh, session.json()["bearer"]) == 401


def test_it_ends_all_bearers_when_told(fresh):
    bearer = sign_in(fresh).json()["bearer"]
    fresh.access.expire_bearers()
    assert with_bearer(fresh, bearer) == 401


def test_it_lets_bearers_expire_unless_refreshed():
    now = [1000.0]
    access = Access(1, "http://x", ttl=60, clock=lambda: now[0])
    key = access.credentials
    made = access.login({"username": key.username, "password": key.password})
    now[0] += 59
    access.refresh(made.csrf, made.cookie)
    now[0] += 59
    access.check("GET", "/", f"Bearer {made.bearer}")
    now[0] += 2
    with pytest.raises(Exception, match="expired"):
        access.check("GET", "/", f"Bearer {made.bearer}")
