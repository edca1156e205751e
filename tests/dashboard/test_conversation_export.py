"""conversations.csv: exactly the list, written so that anything can read it and nothing runs it."""

import codecs
import csv
import io
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dashboard import export
from dashboard.export import Clock, Column, csv_stream
from dashboard.export.lines import cells
from interactions.models import Conversation
from interactions.search import parse
from tests import factories

HEADINGS = [
    *("conversation_id", "url", "status", "started_at", "ended_at", "csat", "mcs", "mcs_band", "nps", "fcr", "survey"),
    *("comment", "last_agent_id", "last_agent", "last_human_agent_id", "last_human_agent", "credited_agent_id"),
    *("credited_agent", "agents", "group", "skill", "channel", "device", "close_reason", "duration_seconds"),
    *("first_response_seconds", "message_count", "transfer_count", "mcs_lowest", "mcs_fall"),
]


def body(response):
    return b"".join(response.streaming_content)


def table(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline="")))


@pytest.fixture
def download(client_for, analyst):
    """What an analyst's file holds, row by row."""
    client = client_for(analyst)
    return lambda tail="": table(body(client.get(f"/conversations.csv{tail}")))


@pytest.fixture
def delivery(db):
    noor = factories.agent("Noor Haddad", group=factories.group("Delivery desk"))
    people = [factories.bot(), noor, factories.agent("System", kind="system"), noor]
    row = factories.conversation(
        agents=people,
        skill=factories.skill("Delivery"),
        started_at=datetime(2026, 7, 1, 10, 0, tzinfo=ZoneInfo("UTC")),
        detail={"comment": 'She said "soon",\r\nthen nothing — naïve'},
        csat=2,
        mcs=38,
        mcs_band=-1,
        nps=0,
        fcr=False,
        survey="answered",
        channel="shark",
        device="mobile",
        close_reason="agent",
        first_response_seconds=239,
        transfer_count=1,
        mcs_lowest=18,
        mcs_fall=44,
        message_count=27,
    )
    Conversation.objects.filter(pk=row.pk).update(last_agent=people[0], last_human_agent=noor, credited_agent=noor)
    return row


def test_begins_with_the_headings_of_the_contract_in_order(client_for, analyst):
    first = body(client_for(analyst).get("/conversations.csv")).split(b"\r\n")[0].decode()
    assert first.split(",")[: len(HEADINGS)] == HEADINGS


def test_writes_every_column(download, delivery):
    (row,) = download("?zone=Europe/Paris")
    stored = Conversation.objects.get(pk=delivery.pk)
    noor, bot = stored.credited_agent, stored.last_agent
    assert row == {
        "conversation_id": delivery.conversation_id,
        "url": f"{settings.SITE_URL}/conversations/{delivery.conversation_id}/",
        "status": "closed",
        "started_at": "2026-07-01T12:00:00+02:00",
        "ended_at": "2026-07-01T12:20:00+02:00",
        "csat": "2",
        "mcs": "38",
        "mcs_band": "-1",
        "nps": "0",
        "fcr": "0",
        "survey": "answered",
        "comment": 'She said "soon",\r\nthen nothing — naïve',
        "last_agent_id": bot.liveperson_id,
        "last_agent": "Pine Bot",
        "last_human_agent_id": noor.liveperson_id,
        "last_human_agent": "Noor Haddad",
        "credited_agent_id": noor.liveperson_id,
        "credited_agent": "Noor Haddad",
        "agents": "Pine Bot; Noor Haddad",
        "group": "Delivery desk",
        "skill": "Delivery",
        "channel": "shark",
        "device": "mobile",
        "close_reason": "agent",
        "duration_seconds": "1200",
        "first_response_seconds": "239",
        "message_count": "27",
        "transfer_count": "1",
        "mcs_lowest": "18",
        "mcs_fall": "44",
        "reviewed_by": "",
        "reviewed_at": "",
        "flagged": "0",
        "tags": "",
        "notes": "",
    }


def test_gives_people_their_marks_back(download, delivery):
    ivo, mia = (factories.user("analyst", username=name) for name in ("ivo", "mia"))
    at = datetime(2026, 7, 2, 8, 0, tzinfo=ZoneInfo("UTC"))
    factories.review(delivery, mia, reviewed_at=at)
    factories.review(delivery, ivo, reviewed_at=at + timedelta(hours=1))
    factories.flag(delivery)
    for name in ("VIP", "late parcel"):
        factories.tag(delivery, name)
    factories.note(delivery, "Call back", ivo)
    factories.note(delivery, "=1+1", None, message_id="m1")
    (row,) = download("?zone=Europe/Paris&tag=vip&reviewed=any&flag=1&note=1")
    assert {name: row[name] for name in ("reviewed_by", "reviewed_at", "flagged", "tags", "notes")} == {
        "reviewed_by": "mia; ivo",
        "reviewed_at": "2026-07-02T11:00:00+02:00",
        "flagged": "1",
        "tags": "late parcel; VIP",
        "notes": "ivo: Call back\na former user: =1+1",
    }


def test_leaves_empty_what_is_empty(download, db):
    factories.conversation(status="open")
    (row,) = download()
    assert {name for name, value in row.items() if value == ""} >= {"ended_at", "csat", "mcs", "fcr", "agents", "skill"}


def test_is_only_headings_for_an_empty_list(client_for, analyst):
    assert body(client_for(analyst).get("/conversations.csv?csat=1")).count(b"\r\n") == 1


def test_has_no_byte_order_mark_and_ends_lines_as_the_standard_says(client_for, analyst, delivery):
    content = body(client_for(analyst).get("/conversations.csv"))
    assert content.startswith(b"conversation_id,")
    assert content.endswith(b"\r\n")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("=1+1", "'=1+1"),
        ("+49", "'+49"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("\n=1", "'\n=1"),
        ("＝1", "'＝1"),
        ("＋1", "'＋1"),
        ("－1", "'－1"),
        ("＠a", "'＠a"),
        ("1=1", "1=1"),
        ("'=1", "'=1"),
        ("", ""),
    ],
)
def test_defuses_text_that_a_spreadsheet_would_run(written, expected):
    assert cells({}, [lambda row: written]) == [expected]


@pytest.mark.parametrize("value", [-1, 0, 1, None])
def test_keeps_numbers_numbers(value):
    assert cells({}, [lambda row: value]) == [value]


def test_defuses_names_and_comments(download, db):
    evil = factories.agent("=cmd|' /C calc'!A0")
    factories.conversation(agents=[evil], skill=factories.skill("@skill"), detail={"comment": "-2+3"})
    (row,) = download()
    assert [row[name][:2] for name in ("last_agent", "agents", "skill", "comment")] == ["'=", "'=", "'@", "'-"]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [({}, "Noor Haddad"), ({"full_name": ""}, "Noor"), ({"full_name": "", "nickname": ""}, "a-7")],
)
def test_names_agents_by_full_name_else_nickname_else_id(download, fields, expected, db):
    factories.conversation(agents=[factories.agent("Noor Haddad", liveperson_id="a-7", **fields)])
    assert [row["last_agent"] for row in download()] == [expected]


SORTS = ["", "?sort=csat", "?sort=-csat", "?sort=mcs", "?sort=-first_response", "?sort=agent", "?sort=-ended_at"]


@pytest.mark.parametrize("tail", [*SORTS, "?sort=shuffle&seed=7", "?sort=-shuffle&seed=7", "?csat=1&csat=none"])
def test_holds_the_rows_of_the_list_in_its_order(client_for, analyst, many, tail):
    client = client_for(analyst)
    shown = [row.conversation.conversation_id for row in client.get(f"/conversations/{tail}").context["rows"]]
    written = [row["conversation_id"] for row in table(body(client.get(f"/conversations.csv{tail}")))]
    assert len(written) == (Conversation.objects.count() if "csat=1" not in tail else len(shown))
    assert written == shown


@pytest.fixture
def many(db):
    """Ties, nulls and one start for all."""
    now, people = timezone.now(), [factories.agent(f"Agent {number % 3}") for number in range(6)]
    for number in range(24):
        factories.conversation(
            agents=people[number % 7 : number % 7 + 1],
            started_at=now - timedelta(hours=number // 5),
            csat=(None, 1, 2, 1)[number % 4],
            mcs=(None, 40, 40)[number % 3],
            first_response_seconds=(None, 5)[number % 2],
            status=("open", "closed")[number % 2],
        )


def test_walks_page_after_page_without_losing_a_row(many, analyst):
    query = parse({"sort": ["csat"]}, zone="UTC").query
    directory = export.Directory.read()
    pages = list(export.conversation_pages(query.keyset(analyst, size=5), directory))
    assert [len(page) for page in pages] == [5, 5, 5, 5, 4]
    whole = [row.conversation_id for row in query.rows(analyst, size=100).rows]
    assert [row.conversation_id for page in pages for row in page] == whole


def test_ignores_the_page(download, client_for, analyst, db):
    for _ in range(60):
        factories.conversation()
    token = client_for(analyst).get("/conversations/").context["steps"][2].url.partition("page=")[2]
    assert token
    assert len(download(f"?page={token}")) == 60
    assert len(download("?page=broken&page=twice")) == 60


def test_shows_only_what_the_reader_may_see(client_for, supervisor):
    own = factories.conversation(agents=[factories.agent(group=supervisor.scope.groups.get())])
    factories.conversation(agents=[factories.agent()])
    rows = table(body(client_for(supervisor).get("/conversations.csv")))
    assert [row["conversation_id"] for row in rows] == [own.conversation_id]


def test_sends_a_stranger_to_the_sign_in(client, db):
    assert client.get("/conversations.csv").status_code == 302


@pytest.mark.parametrize("path", ["/conversations.csv", "/messages.csv"])
@pytest.mark.parametrize(("tail", "named"), [("?csat_min=abc", "csat_min"), ("?mcs_min=90&mcs_max=10", "mcs_min")])
def test_answers_wrong_parameters_in_plain_text(client_for, analyst, path, tail, named):
    response = client_for(analyst).get(path + tail)
    assert (response.status_code, response["Content-Type"]) == (400, "text/plain; charset=utf-8")
    assert named in response.content.decode()


@pytest.mark.parametrize("path", ["/conversations.csv", "/messages.csv"])
def test_allows_nothing_but_reading(client_for, analyst, path):
    client = client_for(analyst)
    assert client.post(path).status_code == 405
    head = client.head(path)
    assert (head.status_code, head.getvalue()) == (200, b"")
    assert "attachment" in head["Content-Disposition"]
    assert not head.has_header("Content-Length")


def test_ends_a_broken_download_with_the_one_line_that_is_no_row(logged):
    def pages():
        yield [("one",), ("two",)]
        raise RuntimeError("secret words of a row")

    columns = [Column("name", lambda row: row[0])]
    lines = b"".join(csv_stream(columns, pages(), 68_114, Clock("Europe/Paris"))).decode().split("\r\n")
    assert lines[:3] == ["name", "one", "two"]
    assert lines[3].startswith("# INCOMPLETE: stopped after 2 of 68,114 rows at ")
    assert lines[3].endswith(" Europe/Paris")
    assert [line["error"] for line in logged()] == ["RuntimeError"]
    assert "secret" not in str(logged())


@pytest.mark.django_db(transaction=True)
def test_says_so_when_the_database_fails_half_way(client_for, analyst):
    for _ in range(3):
        factories.conversation()
    response = client_for(analyst).get("/conversations.csv")
    chunks = iter(response.streaming_content)
    next(chunks)
    renamed = ("interactions_participation", "participation_away")
    with connection.schema_editor() as editor:
        editor.execute("ALTER TABLE {} RENAME TO {}".format(*renamed))
    try:
        rest = b"".join(chunks).decode()
    finally:
        with connection.schema_editor() as editor:
            editor.execute("ALTER TABLE {} RENAME TO {}".format(*renamed[::-1]))
    assert rest.startswith("# INCOMPLETE: stopped after 0 of 3 rows at ")
    assert rest.endswith("\r\n")


def test_leaves_out_a_row_that_vanished_meanwhile(client_for, analyst):
    kept, gone = factories.conversation(), factories.conversation()
    directory = export.Directory.read()
    keys = [kept.pk, gone.pk]
    gone.detail.delete()
    gone.delete()
    (page,) = export.conversation_pages([keys], directory)
    assert [row.conversation_id for row in page] == [kept.conversation_id]


def test_needs_as_many_queries_for_many_rows_as_for_few(client_for, analyst):
    client = client_for(analyst)
    body(client.get("/conversations.csv"))
    counts = []
    for _ in range(2):
        for _ in range(10):
            factories.conversation(agents=[factories.agent(group=factories.group())], skill=factories.skill())
        with CaptureQueriesContext(connection) as queries:
            body(client.get("/conversations.csv"))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_begins_with_the_byte_order_mark_on_request(client_for, analyst):
    factories.conversation()
    client = client_for(analyst)

    def body(address):
        return b"".join(client.get(address).streaming_content)

    for name in ("conversations.csv", "messages.csv"):
        plain = body(f"/{name}?csat=none&bom=0")
        assert plain.startswith(b"conversation_id,")
        assert body(f"/{name}?csat=none&bom=1") == codecs.BOM_UTF8 + plain
    wrong = client.get("/conversations.csv?bom=yes")
    assert wrong.status_code == 400 and b"`bom` is 'yes': it must be 0 or 1." in wrong.content
    assert client.get("/conversations/?bom=1").status_code == 400
    assert client.get("/conversations.csv?sort=shuffle&bom=1").url.endswith("&bom=1")
