"""Files in the access audit: who took a conversation's words out is found, or said to be unknown."""

import csv
import io
import re

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dashboard.views import exports
from interactions.models import AuditLine
from tests import factories
from tests.dashboard.test_audit import found
from tests.interactions.search.saying import store

FILES = {"conversations.csv": "conversation-export", "messages.csv": "message-export"}


@pytest.fixture
def client(analyst: User, client_for) -> Client:
    return client_for(analyst)


@pytest.fixture
def admin(administrator, client_for) -> Client:
    return client_for(administrator)


@pytest.fixture
def three(db: None) -> list:
    made = []
    for number, words in enumerate(("My zebra is late", "Two zebras", "Nothing"), start=1):
        made.append(factories.conversation(conversation_id=f"c-{number}", csat=number, messages=[("consumer", words)]))
        store(made[-1], {"consumer": [words]})
    return made


def taken(client: Client, path: str) -> list[str]:
    """Conversations in a file."""
    body = b"".join(client.get(path).streaming_content).decode()
    return [row["conversation_id"] for row in csv.DictReader(io.StringIO(body))]


def named() -> list[str]:
    return [each for each in AuditLine.objects.latest("pk").shown.split("\n") if each]


@pytest.mark.parametrize("name", FILES)
def test_names_what_a_file_holds_and_not_what_was_looked_for(name, client, admin, three) -> None:
    assert taken(client, f"/{name}?q=zebra*") == named() != []
    line = AuditLine.objects.get()
    assert (line.page, line.query, line.line_count) == (FILES[name], "q=*&zone=UTC", 2)
    rows = {ident: found(admin, f"?conversation={ident}") for ident in ("c-1", "c-2", "c-3")}
    assert [len(each) for each in rows.values()] == [1, 1, 0]
    assert "exported, 2 lines" in rows["c-1"][0] and "zebra" not in rows["c-1"][0]
    assert "show these files" not in admin.get("/audit/?conversation=c-3").content.decode()


@pytest.mark.parametrize("name", FILES)
def test_writes_the_names_before_the_file_is_sent(name, client, three) -> None:
    answer = client.get(f"/{name}?csat=2")
    assert named() == ["c-2"]
    assert b"c-2" in b"".join(answer.streaming_content)


@pytest.mark.parametrize("name", FILES)
def test_holds_what_it_names_whatever_arrives_meanwhile(name, client, three) -> None:
    answer = client.get(f"/{name}?csat=2&csat=3&sort=csat")
    factories.conversation(conversation_id="late", csat=2, messages=[("consumer", "Late")])
    body = b"".join(answer.streaming_content)
    assert sorted(named()) == ["c-2", "c-3"] and b"c-3" in body and b"late" not in body


@pytest.mark.parametrize("name", FILES)
def test_says_which_files_could_not_be_named(name, client, admin, three, monkeypatch) -> None:
    monkeypatch.setattr(exports, "MOST_NAMED", 2)
    assert taken(client, f"/{name}?sort=csat") == ["c-1", "c-2", "c-3"]
    assert (named(), AuditLine.objects.get().line_count) == ([], 3)
    text = admin.get("/audit/?conversation=c-1").content.decode()
    assert "No line matches." in text and "Each of them may hold this conversation" in text
    link = re.search(r'<a href="/audit/(\?[^"]+)">show these files</a>', text)
    rows = found(admin, link[1].replace("&amp;", "&"))
    assert len(rows) == 1 and "exported, 3 lines" in rows[0] and "not named" in rows[0]


@pytest.mark.parametrize(
    ("fields", "may_hold"),
    [
        ({"page": "message-export"}, True),  # from before names were kept
        ({"page": "message-export", "line_count": 0}, False),
        ({"page": "trend-export", "line_count": 4}, False),
        ({"page": "message-export", "line_count": 1, "shown": "\nother\n"}, False),
        ({"page": "conversation-list", "kind": "searched"}, False),
    ],
)
def test_counts_as_unnamed_only_what_may_hold_it(fields, may_hold, client, admin, analyst, three) -> None:
    client.get("/conversations/c-1/")  # for the time of a line
    line = {"at": AuditLine.objects.get().at, "user_pk": analyst.pk, "username": "x", "kind": "exported"}
    AuditLine.objects.create(**{**line, **fields})
    for tail, expected in (("", may_hold), (f"&person={analyst.pk}", may_hold), ("&person=99", False)):
        text = admin.get(f"/audit/?conversation=c-1{tail}").content.decode()
        assert ("show these files" in text) is expected
    assert len(found(admin, "?kind=unnamed")) == may_hold


def test_leads_to_the_names_of_a_long_file(client, admin, analyst, client_for) -> None:
    for number in range(70):
        factories.conversation(conversation_id=f"c-{number}")
    client.get("/conversations.csv")
    line = AuditLine.objects.get()
    assert "70 conversations" in found(admin)[0] and "c-1 " not in found(admin)[0]
    assert "c-7 one of 70 conversations" in found(admin, "?conversation=c-7")[0]
    names = admin.get(f"/audit/{line.pk}/conversations")
    assert names["Content-Type"] == "text/plain; charset=utf-8"
    assert sorted(names.content.decode().split()) == sorted(f"c-{number}" for number in range(70))
    assert admin.get("/audit/0/conversations").status_code == 404
    for role in ("supervisor", "analyst", "operator"):
        assert client_for(factories.user(role)).get(f"/audit/{line.pk}/conversations").status_code == 403


def test_asks_the_database_as_often_however_much_is_named(client) -> None:
    counts = set()
    for _ in range(2):
        for _ in range(20):
            factories.conversation()
        client.get("/me/")
        with CaptureQueriesContext(connection) as queries:
            b"".join(client.get("/conversations.csv").streaming_content)
        counts.add(len(queries))
    assert len(counts) == 1
