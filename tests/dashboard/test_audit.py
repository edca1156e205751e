"""The access audit: what leaves a line, what leaves none, and who may read it."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from dashboard import auditlist
from interactions.models import AppendOnly, AuditLine, Prefetch
from tests import factories
from tests.conftest import sealing
from tests.interactions.search.saying import store

AHEAD = {"headers": {"X-Readback-Prefetch": "1"}}


def lines() -> list[tuple[str, str, str]]:
    return list(AuditLine.objects.order_by("pk").values_list("kind", "page", "conversation_id"))


@pytest.fixture
def client(analyst: User, client_for) -> Client:
    return client_for(analyst)


@pytest.fixture
def parcel(db: None):
    made = factories.conversation(conversation_id="parcel-1", csat=1, messages=[("consumer", "My parcel is late")])
    store(made, {"consumer": ["My parcel is late"]})
    return made


def test_notes_who_opened_what_when_and_through_which_page(client, analyst, parcel) -> None:
    client.get("/conversations/parcel-1/?csat=1&q=secret+parcel&said_by=agent&zone=Europe/Paris")
    line = AuditLine.objects.get()
    assert (line.user_pk, line.username) == (analyst.pk, analyst.username)
    assert (line.kind, line.page, line.conversation_id) == ("opened", "conversation-detail", "parcel-1")
    assert timezone.now() - line.at < timedelta(minutes=1)
    assert parse_qs(line.query) == {"q": ["*"], "said_by": ["agent"], "csat": ["1"], "zone": ["Europe/Paris"]}


def test_knows_the_same_search_again_without_its_words(client, parcel) -> None:
    for words in ("late", "lost", "late"):
        client.get(f"/conversations/parcel-1/?q={words}")
    first, second, third = AuditLine.objects.order_by("pk").values_list("query_key", flat=True)
    assert first == third != second


def test_notes_what_each_page_reads(client, parcel) -> None:
    client.get("/conversations/")
    client.get("/conversations/?q=nothing")
    assert lines() == []
    client.get("/conversations/?q=late")
    assert AuditLine.objects.get().shown == "\nparcel-1\n"
    client.get("/conversations.csv?csat=1")
    client.get("/messages.csv")
    client.get("/overview/trend.csv")
    client.post("/refresh/parcel-1/")
    assert lines() == [
        ("searched", "conversation-list", ""),
        ("exported", "conversation-export", ""),
        ("exported", "message-export", ""),
        ("exported", "trend-export", ""),
        ("refreshed", "conversation-refresh", "parcel-1"),
    ]


def test_notes_nothing_that_is_refused_or_holds_nothing(client, supervisor, client_for, parcel) -> None:
    client.get("/conversations/nobody/")
    client.get("/conversations/parcel-1/?csat=9")
    client.get("/conversations.csv?csat=9")
    client.head("/conversations/parcel-1/")
    client.head("/conversations.csv")
    client.get("/refresh/parcel-1/")
    stranger = client_for(supervisor)
    stranger.get("/conversations/parcel-1/")
    stranger.post("/conversations/parcel-1/shown")
    stranger.post("/refresh/parcel-1/")
    stranger.get("/conversations/parcel-1/", **AHEAD)
    Client().get("/conversations/parcel-1/")
    assert lines() == [] and not Prefetch.objects.exists()


def test_notes_the_raw_record_that_an_operator_looks_at(administrator, client_for, parcel) -> None:
    now = timezone.now()
    from interactions.models import UnreadableRecord

    record = UnreadableRecord.objects.create(key="odd", body=b"", reason="x", first_seen_at=now, last_seen_at=now)
    client_for(administrator).get(f"/sync/unreadable/{record.pk}/")
    assert lines() == [("raw", "sync-unreadable-record", "odd")]


def test_keeps_what_is_fetched_ahead_apart_until_it_is_shown(client, analyst, parcel) -> None:
    ahead = client.get("/conversations/parcel-1/", **AHEAD)
    assert "My parcel is late" in ahead.content.decode()
    assert lines() == []
    assert list(Prefetch.objects.values_list("user_pk", "conversation_id")) == [(analyst.pk, "parcel-1")]
    assert client.post("/conversations/parcel-1/shown?csat=1").status_code == 302
    assert lines() == [("opened", "conversation-shown", "parcel-1")]


def test_who_loses_the_right_before_it_is_shown_is_on_record(supervisor, client_for) -> None:
    group = factories.group("Parcels")
    supervisor.scope.groups.set([group])
    factories.conversation(conversation_id="ours", agents=[factories.agent("Noor Haddad", group=group)])
    reader = client_for(supervisor)
    assert reader.get("/conversations/ours/", **AHEAD).status_code == 200
    supervisor.scope.groups.clear()
    assert reader.post("/conversations/ours/shown").status_code == 404
    assert lines() == [("opened", "conversation-shown", "ours")]
    # What was never sent is not, nor what cannot be an id.
    assert reader.post("/conversations/our%00s/shown").status_code == 404
    factories.conversation(conversation_id="parcel-2")
    assert reader.post("/conversations/parcel-2/shown").status_code == 404
    assert len(lines()) == 1


@pytest.mark.parametrize("form", ["print", "text"])
def test_fetches_nothing_ahead_but_the_reader(form, client, parcel) -> None:
    taken = client.get(f"/conversations/parcel-1/{form}", **AHEAD)
    assert "My parcel is late" in taken.content.decode()
    assert lines() == [("opened", f"conversation-{form}", "parcel-1")] and not Prefetch.objects.exists()


@pytest.mark.parametrize(
    "address", ["/conversations/parcel-1/", "/conversations/?q=late", "/conversations.csv", "/messages.csv"]
)
@pytest.mark.parametrize("extra", [{}, AHEAD])
def test_sends_nothing_when_the_line_cannot_be_written(address, extra, client, parcel) -> None:
    refuse = {
        "sqlite": "CREATE TRIGGER full_{0} BEFORE INSERT ON {0} BEGIN SELECT RAISE(ABORT, 'full'); END",
        "postgresql": "ALTER TABLE {0} ADD CONSTRAINT full_{0} CHECK (id < 0)",
    }[connection.vendor]
    with connection.cursor() as cursor:
        for model in (AuditLine, Prefetch):
            cursor.execute(refuse.format(model._meta.db_table))
    client.raise_request_exception = False
    with transaction.atomic():
        answer = client.get(address, **extra)
        transaction.set_rollback(True)
    assert answer.status_code == 500
    assert "late" not in answer.content.decode()


def test_takes_no_change_and_no_removal(client, parcel) -> None:
    client.get("/conversations/parcel-1/")
    line = AuditLine.objects.get()
    for change in (
        line.save,
        line.delete,
        lambda: AuditLine.objects.update(username="x"),
        lambda: AuditLine.objects.filter(pk=line.pk).delete(),
        lambda: AuditLine.objects.bulk_update([line], ["username"]),
    ):
        with pytest.raises(AppendOnly):
            change()
    assert AuditLine.objects.count() == 1


@pytest.mark.parametrize("model", [AuditLine, Prefetch])
def test_is_sealed_by_the_database_itself(model, client, parcel) -> None:
    client.get("/conversations/parcel-1/")
    client.get("/conversations/parcel-1/", **AHEAD)
    sealing().seal(apps, connection.schema_editor())
    table = model._meta.db_table
    for statement in (f"UPDATE {table} SET username = 'x'", f"DELETE FROM {table}"):
        with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic():
            connection.cursor().execute(statement)
    assert model.objects.count() == 1
    sealing().unseal(apps, connection.schema_editor())


def test_outlives_the_person_and_the_conversation(client, analyst, parcel) -> None:
    client.get("/conversations/parcel-1/")
    parcel.messages.all().delete()
    parcel.delete()
    analyst.delete()
    assert AuditLine.objects.get().conversation_id == "parcel-1"


# The page


@pytest.mark.parametrize("role", ["supervisor", "analyst", "operator"])
def test_is_for_administrators_alone(role, client_for) -> None:
    client = client_for(factories.user(role))
    assert client.get("/audit/").status_code == 403
    assert "/audit/" not in client.get("/me/").content.decode()


@pytest.fixture
def admin(administrator, client_for) -> Client:
    return client_for(administrator)


def found(client: Client, tail: str = "") -> list[str]:
    text = client.get(f"/audit/{tail}").content.decode()
    table = re.search(r'<table class="numbers audit">.*?<tbody>(.*?)</tbody>', text, re.DOTALL)
    rows = re.findall(r"<tr>(.*?)</tr>", table[1] if table else "", re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]


def test_shows_administrators_every_line_newest_first(client, admin, analyst, parcel) -> None:
    assert "Nobody has read a conversation yet." in admin.get("/audit/").content.decode()
    client.get("/conversations/parcel-1/?csat=1")
    client.get("/conversations/?q=late")
    second, first = found(admin)
    assert f"{analyst.username} opened reader parcel-1 csat=1" in first
    assert f"{analyst.username} shown in search results list parcel-1 q=*" in second
    assert "/audit/" in admin.get("/me/").content.decode()


def test_filters_lines(client, admin, administrator, analyst, parcel) -> None:
    other = factories.conversation()
    client.get("/conversations/parcel-1/")
    client.get("/conversations/?q=late")
    client.get("/conversations/parcel-1/", **AHEAD)
    admin.get(f"/conversations/{other}/")
    admin.get("/conversations.csv")
    today, tomorrow = (timezone.now().date() + timedelta(days=days) for days in (0, 1))
    expected = {
        "": 4,
        f"?person={analyst.pk}": 2,
        f"?person={administrator.pk}&kind=exported": 1,
        "?kind=opened": 2,
        "?kind=ahead": 1,
        "?kind=ahead&conversation=parcel-1": 1,
        "?conversation=parcel-1": 3,
        "?conversation=parcel": 0,
        "?conversation=%25": 0,
        "?before=0": 0,
        f"?from={today}&to={today}": 4,
        f"?from={tomorrow}": 0,
        "?person=&kind=&from=&to=&conversation=": 4,
    }
    assert {tail: len(found(admin, tail)) for tail in expected} == expected


@pytest.mark.parametrize(
    "tail", ["?from=yesterday", "?person=me", "?kind=x", "?before=-1", "?colour=red", "?conversation=%00"]
)
def test_says_what_is_wrong_with_a_filter(tail, admin) -> None:
    answer = admin.get(f"/audit/{tail}")
    assert answer.status_code == 400 and 'role="alert"' in answer.content.decode()


def test_pages_by_key(admin, administrator) -> None:
    AuditLine.objects.bulk_create(
        AuditLine(at=timezone.now(), user_pk=1, username="x", kind="opened", page="x", conversation_id=f"c{number}")
        for number in range(250)
    )
    seen, tail = [], ""
    while True:
        text = admin.get(f"/audit/{tail}").content.decode()
        seen += re.findall(r"<bdi>(c\d+)</bdi>", text)
        older = re.search(r'href="(/audit/\?[^"]*before=[^"]*)"', text)
        if older is None:
            break
        tail = f"?{urlsplit(older[1]).query}"
    assert seen == [f"c{number}" for number in reversed(range(250))]


def test_tells_ids_apart_that_differ_in_capital_letters(admin, administrator) -> None:
    line = {"at": timezone.now(), "user_pk": administrator.pk, "username": "x", "kind": "searched", "page": "x"}
    AuditLine.objects.create(**line, shown="\nparcel-1\nparcel-2\n")
    expected = {"parcel-1": 1, "parcel-2": 1, "PARCEL-1": 0, "parcel_1": 0, "arcel-1": 0, "parcel-": 0}
    assert {ident: len(found(admin, f"?conversation={ident}")) for ident in expected} == expected


def test_says_when_looking_through_every_line_takes_too_long(client, admin, parcel, monkeypatch) -> None:
    client.get("/conversations/parcel-1/")
    client.get("/conversations/?q=late")
    answers = iter([auditlist.within, *[lambda seconds, ask: None] * 2])
    monkeypatch.setattr(auditlist, "within", lambda seconds, ask: next(answers)(seconds, ask))
    text = admin.get("/audit/?conversation=parcel-1").content.decode()
    assert "These are not all" in text and "opened" in text and "show these files" in text
