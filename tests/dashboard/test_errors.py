"""Pages for what went wrong."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from dashboard.charset import utf8_only
from dashboard.views import errors
from interactions.models import Note
from interactions.search import ConversationQuery
from interactions.search.limits import TooLong
from tests import factories
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
    assert "X-Readback-Signed-Out" in answer
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


@pytest.fixture
def served(analyst: User, client_for) -> Client:
    """A client whose requests come in as the web server's do."""
    client = client_for(analyst)
    handle = client.handler
    received = utf8_only(lambda environ, _: handle(environ))
    client.handler = lambda environ: received(environ, None)
    return client


# Those that Python knows and that are none for text, give lone surrogates or end in an error; and no names at all.
CHARSETS = [
    *("charset=utf-7", 'charset="utf-7"', "CHARSET = utf-7", "charset=rot13", "charset=hex", "charset=base64"),
    *("charset=idna", "charset=punycode", "charset=utf-16", "charset=latin-1", "charset=undefined", "charset=nothing"),
    *("charset=\0", "charset*=utf-8''%00", "charset*=nothing''x", "x*=nothing''x", "charset", "=", '"'),
]
PART = 'Content-Disposition: form-data; name="text"'
PLACES = ["/conversations/?conversation=", "/conversations/one/?q=", "/tags.json?tag=", "/login/?next=", "/healthz?"]


@pytest.mark.parametrize("charset", CHARSETS)
def test_reads_an_address_as_utf_8_whatever_charset_is_named(served: Client, charset: str) -> None:
    factories.conversation(conversation_id="one")
    for place in PLACES:
        plain = served.get(f"{place}%2B2AA-")
        assert served.get(f"{place}%2B2AA-", CONTENT_TYPE=f"text/plain; {charset}").status_code == plain.status_code


@pytest.mark.parametrize("charset", CHARSETS)
@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/x-www-form-urlencoded", "text=%2B2AA- é"),
        ("multipart/form-data; boundary=B", f"--B\r\n{PART}\r\n\r\n+2AA- é\r\n--B--"),
    ],
    ids=["urlencoded", "multipart"],
)
def test_reads_a_form_as_utf_8_whatever_charset_is_named(served: Client, kind: str, body: str, charset: str) -> None:
    factories.conversation(conversation_id="one")
    answer = served.generic("POST", "/conversations/one/notes", body.encode(), f"{kind}; {charset}")
    assert answer.status_code == 302 and Note.objects.get().text == "+2AA- é"


def test_records_a_failure_under_the_id_that_it_shows(logged: Logged, db: None) -> None:
    request = RequestFactory().get("/conversations/?q=secret")
    with CaptureQueriesContext(connection) as seen:
        answer = errors.server_error(request)
    shown = re.search(r"<strong>([0-9A-F]{4})</strong>", answer.content.decode())
    assert answer.status_code == 500 and shown and len(seen) == 0
    assert [line["error_id"] for line in logged() if line["event"] == "page failed"] == [shown[1]]
    assert "secret" not in str(logged())


def test_says_of_a_page_that_was_cut_off_that_it_took_too_long(
    served: Client, logged: Logged, monkeypatch: pytest.MonkeyPatch
) -> None:
    def endless(*_: object, **__: object) -> None:
        if connection.vendor == "sqlite":  # no statement of which has a limit; who waits for another has
            raise TooLong
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 20")
            cursor.execute("SELECT pg_sleep(20)")

    monkeypatch.setattr(ConversationQuery, "rows", endless)
    monkeypatch.setattr(served, "raise_request_exception", False)
    with transaction.atomic():  # what is in hand is lost with the statement
        answer = served.get("/conversations/?q=secret")
        transaction.set_rollback(True)
    assert answer.status_code == 503 and "This takes too long" in answer.content.decode()
    assert [line["path"] for line in logged() if line["event"] == "page was cut off"] == ["/conversations/"]
    assert "secret" not in str(logged())
