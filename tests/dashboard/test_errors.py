"""Pages for what went wrong."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from dashboard.views import errors
from tests.conftest import Logged


def test_leads_back_from_an_address_that_does_not_exist(analyst: User, client_for) -> None:
    answer = client_for(analyst).get("/nowhere/")
    assert answer.status_code == 404
    assert "No such page" in answer.content.decode() and 'href="/"' in answer.content.decode()


def test_leads_back_to_the_list_from_a_conversation_that_does_not_exist(analyst: User, client_for) -> None:
    text = client_for(analyst).get("/conversations/nothing/?csat=1").content.decode()
    assert "There is no such conversation, or it is outside your groups." in text
    assert 'href="/conversations/?csat=1"' in text


def test_tells_a_stranger_nothing_about_the_account(client: Client, db: None) -> None:
    text = client.get("/nowhere/").content.decode()
    assert "<nav" not in text and "Sample account" not in text


def test_words_a_refused_form_without_inline_style(analyst: User, db: None) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/login/", {"username": analyst.username, "password": "x"})
    assert answer.status_code == 403
    assert "That was not done" in answer.content.decode() and "<style" not in answer.content.decode()


@pytest.mark.parametrize("address", ["/conversations/", "/conversations.csv", "/conversations/count.json"])
def test_words_an_address_of_too_many_names_like_any_other_wrong_one(analyst: User, client_for, address: str) -> None:
    answer = client_for(analyst).get(f"{address}?{'a&' * 4000}csat=1")
    assert answer.status_code == 400 and b"not a name that Readback filters by" in answer.content


@pytest.mark.parametrize("address", ["/nowhere/", "/healthz", "/admin/login/", "/login/"])
def test_sends_the_policy_with_every_answer(client: Client, db: None, address: str) -> None:
    policy = client.get(address).headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "script-src 'self'" in policy and "unsafe" not in policy


def test_sends_the_policy_with_static_files_too(tmp_path: Path, settings: Any) -> None:
    (tmp_path / "picture.svg").write_text("<svg/>")
    settings.STATIC_ROOT = tmp_path
    answer = Client().get("/static/picture.svg")
    assert answer.status_code == 200 and "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_records_a_failure_under_the_id_that_it_shows(logged: Logged, db: None) -> None:
    request = RequestFactory().get("/conversations/?q=secret")
    with CaptureQueriesContext(connection) as seen:
        answer = errors.server_error(request)
    shown = re.search(r"<strong>([0-9A-F]{4})</strong>", answer.content.decode())
    assert answer.status_code == 500 and shown and len(seen) == 0
    assert [line["error_id"] for line in logged() if line["event"] == "page failed"] == [shown[1]]
    assert "secret" not in str(logged())
