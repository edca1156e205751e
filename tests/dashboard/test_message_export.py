"""messages.csv: every message of the list's conversations, in the order of list and transcript."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dashboard.export import messages
from interactions.models import Message
from tests import factories

HEADINGS = [
    *("conversation_id", "message_id", "position", "sent_at", "speaker", "agent_id", "agent", "type", "text"),
    *("raw_score", "mcs", "dialog"),
]
TEXTS = ["=1+1", "@x", "\ttab", "\nline", "＋49", "w" * 50_000, "\u202eevil"]


def body(response):
    return b"".join(response.streaming_content)


def table(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline="")))


@pytest.fixture
def download(client_for, analyst):
    client = client_for(analyst)
    return lambda tail="": table(body(client.get(f"/messages.csv{tail}")))


def test_begins_with_the_headings_of_the_contract_in_order(client_for, analyst):
    first = body(client_for(analyst).get("/messages.csv")).split(b"\r\n")[0].decode()
    assert first.split(",")[: len(HEADINGS)] == HEADINGS


def test_writes_every_column(download, db):
    noor = factories.agent("Noor Haddad")
    line = {"speaker": "agent", "text": '-5 €,\n"ok"', "raw_score": -12, "mcs": 40}
    row = factories.conversation(agents=[noor], messages=[{**line, "dialog": 1, "message_id": "ms::1"}])
    (written,) = download("?zone=Asia/Tokyo")
    assert written.pop("sent_at").endswith("+09:00")
    assert written == {
        "conversation_id": row.conversation_id,
        "message_id": "ms::1",
        "position": "1",
        "speaker": "agent",
        "agent_id": noor.liveperson_id,
        "agent": "Noor Haddad",
        "type": "TEXT_PLAIN",
        "text": '\'-5 €,\n"ok"',
        "raw_score": "-12",
        "mcs": "40",
        "dialog": "1",
    }


def test_uses_the_speaker_classes_of_the_contract(download, db):
    classes = ["consumer", "agent", "bot", "automatic", "survey", "note"]
    factories.conversation(agents=[factories.agent()], messages=[(name, "words") for name in classes])
    assert [row["speaker"] for row in download()] == classes


def test_is_only_headings_for_an_empty_list(download, db):
    factories.conversation(messages=[])
    assert download() == []


@pytest.mark.parametrize("tail", ["", "?sort=started_at", "?sort=csat", "?sort=shuffle&seed=3", "?csat=1"])
def test_follows_list_and_transcript(client_for, analyst, talks, tail):
    client = client_for(analyst)
    shown = [row.conversation for row in client.get(f"/conversations/{tail}").context["rows"]]
    expected = [line.message_id for row in shown for line in Message.objects.of(row.pk)]
    rows = table(body(client.get(f"/messages.csv{tail}")))
    assert [row["message_id"] for row in rows] == expected
    assert expected


@pytest.fixture
def talks(db):
    now = timezone.now()
    for number in range(12):
        lines = [("consumer", f"Line {line}") for line in range(number % 4)]
        start = now - timedelta(hours=number * 5 % 7)
        factories.conversation(messages=lines, started_at=start, csat=(None, 1, 2)[number % 3])


@pytest.mark.parametrize("size", [1, 3, 7, 1000])
def test_loses_nothing_whatever_the_size_of_a_page(monkeypatch, download, talks, size):
    whole = download()
    monkeypatch.setattr(messages, "PAGE", size)
    monkeypatch.setattr(messages, "MOST_CONVERSATIONS", 2)
    assert download() == whole


def test_does_not_trust_the_stored_count(download, db):
    row = factories.conversation(messages=[("consumer", "one"), ("consumer", "two")])
    type(row).objects.update(message_count=0)
    assert len(download()) == 2


def test_shows_only_what_the_reader_may_see(client_for, supervisor):
    mine = factories.agent(group=supervisor.scope.groups.get())
    factories.conversation(agents=[mine], messages=[("agent", "seen")])
    factories.conversation(agents=[factories.agent()], messages=[("agent", "hidden")])
    assert [row["text"] for row in table(body(client_for(supervisor).get("/messages.csv")))] == ["seen"]


def test_sends_a_stranger_to_the_sign_in(client, db):
    assert client.get("/messages.csv").status_code == 302


@pytest.mark.parametrize(
    "text", ["=1+1", "@x", "\ttab", "＋49", "a\x00b".replace("\x00", " "), "w" * 50_000, "\u202eevil"]
)
def test_gives_back_what_was_written_but_for_the_apostrophe(download, text, db):
    factories.conversation(messages=[("consumer", text)])
    (row,) = download()
    assert row["text"].removeprefix("'") == text
    assert row["text"][:1] not in set("=+-@\t\r\n＝＋－＠")


@pytest.mark.django_db(transaction=True)
def test_says_so_when_the_database_fails_half_way(client_for, analyst):
    factories.conversation(messages=[("consumer", "one"), ("consumer", "two")])
    chunks = iter(client_for(analyst).get("/messages.csv").streaming_content)
    next(chunks)
    with connection.schema_editor() as editor:
        editor.execute("ALTER TABLE interactions_message RENAME TO message_away")
    try:
        rest = b"".join(chunks).decode()
    finally:
        with connection.schema_editor() as editor:
            editor.execute("ALTER TABLE message_away RENAME TO interactions_message")
    assert rest.startswith("# INCOMPLETE: stopped after 0 of 2 rows at ")


def test_needs_as_many_queries_for_many_rows_as_for_few(client_for, analyst):
    client = client_for(analyst)
    body(client.get("/messages.csv"))
    counts = []
    for _ in range(2):
        for _ in range(10):
            factories.conversation(agents=[factories.agent()], messages=[("agent", "words"), ("consumer", "more")])
        with CaptureQueriesContext(connection) as queries:
            body(client.get("/messages.csv"))
        counts.append(len(queries))
    assert counts[0] == counts[1]
