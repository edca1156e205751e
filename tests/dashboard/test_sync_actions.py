"""What operators do on /sync/: pause, try now, look at unreadable records and read them again."""

import zlib
from datetime import timedelta

import orjson
import pytest
from django.test import Client
from django.utils import timezone

from interactions.models import Account, RefreshRequest, SyncWindow, UnreadableRecord, WorkState
from tests import factories
from tests.conftest import ClientFor, Logged

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def operator(client_for: ClientFor) -> Client:
    return client_for(factories.user("operator"))


@pytest.fixture(autouse=True)
def account() -> Account:
    return Account.objects.create(account_id="sandbox-1", created_at=timezone.now() - DAY)


def incomplete() -> SyncWindow:
    now = timezone.now()
    return SyncWindow.objects.create(
        kind="backfill",
        start_from=now - DAY,
        start_to=now,
        planned_at=now,
        state=WorkState.INCOMPLETE,
        incomplete_since=now,
        not_before=now + DAY,
    )


def unreadable(key: str, body: bytes = b'{"a": 1}', reason: str = "messageRecords missing") -> UnreadableRecord:
    now = timezone.now()
    return UnreadableRecord.objects.create(
        key=key, body=zlib.compress(body), reason=reason, first_seen_at=now, last_seen_at=now
    )


def said(client: Client, address: str, **values: object) -> str:
    """What the page says after a button is pressed."""
    html = client.post(address, values, follow=True).content.decode()
    return html.split('<p class="notice" role="status">')[1].split("</p>")[0]


def test_pauses_history_and_goes_on_with_it(operator: Client) -> None:
    assert said(operator, "/sync/pause/") == "History is paused. What is new is still read."
    assert Account.objects.get().history_paused_at is not None
    assert said(operator, "/sync/pause/") == "History was paused already."
    assert "Resume history" in operator.get("/sync/").content.decode()
    assert said(operator, "/sync/resume/") == "History goes on where it was."
    assert Account.objects.get().history_paused_at is None
    assert said(operator, "/sync/resume/") == "History was not paused."


def test_makes_an_incomplete_period_due(operator: Client) -> None:
    window = incomplete()
    address = f"/sync/periods/{window.pk}/try/"
    assert f'formaction="{address}"' in operator.get("/sync/").content.decode()
    assert said(operator, address) == "This period is asked for again as soon as a worker is free."
    window.refresh_from_db()
    assert window.not_before is None


def test_tries_a_period_of_paused_history_when_that_goes_on(operator: Client) -> None:
    window = incomplete()
    operator.post("/sync/pause/")
    assert "again when history goes on" in operator.get("/sync/").content.decode()
    words = "This period is asked for again when history goes on: it is paused."
    assert said(operator, f"/sync/periods/{window.pk}/try/") == words


@pytest.mark.parametrize("pk", [404, 2**70])
def test_says_that_a_period_is_not_waiting_any_more(operator: Client, pk: int) -> None:
    assert said(operator, f"/sync/periods/{pk}/try/").startswith("This period does not wait any more")


def test_reads_one_record_again(operator: Client) -> None:
    record = unreadable("c-1")
    words = "It still cannot be read as it is kept. LivePerson is asked for it again."
    assert said(operator, "/sync/unreadable/read-again/", record=record.pk) == words
    assert RefreshRequest.objects.get().conversation_id == "c-1"


def test_reads_all_that_failed_alike_again(operator: Client) -> None:
    for key in ("c-1", "c-2"):
        unreadable(key)
    unreadable("c-3", reason="another")
    words = "0 of 2 records can be read now. LivePerson is asked again for the others, by their ids."
    assert said(operator, "/sync/unreadable/read-again/", reason="messageRecords missing") == words
    assert set(RefreshRequest.objects.values_list("conversation_id", flat=True)) == {"c-1", "c-2"}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"record": 404}, "This record is not among the unreadable ones any more."),
        ({"reason": "none such"}, "No record is unreadable for this reason any more."),
        ({}, "No record is unreadable for this reason any more."),
        ({"record": "9" * 30}, "No record is unreadable for this reason any more."),
    ],
)
def test_says_that_there_is_nothing_to_read_again(operator: Client, values: dict[str, object], words: str) -> None:
    assert said(operator, "/sync/unreadable/read-again/", **values) == words


def test_lists_unreadable_records_page_by_page_and_by_reason(operator: Client) -> None:
    for number in range(60):
        unreadable(f"c-{number:02}", reason="odd" if number % 2 else "even")
    html = operator.get("/sync/unreadable/").content.decode()
    assert "60 records unreadable" in html
    assert "c-59" in html and "c-09" not in html
    older = operator.get(f"/sync/unreadable/?before={UnreadableRecord.objects.get(key='c-10').pk}").content.decode()
    assert "c-09" in older and "c-10" not in older and "Older records" not in older
    odd = operator.get("/sync/unreadable/?reason=odd").content.decode()
    assert "c-01" in odd and "c-02" not in odd and '"?reason=odd" aria-current' not in odd


def test_finds_nothing_for_a_reason_with_nul(operator: Client) -> None:
    unreadable("one")
    page = operator.get("/sync/unreadable/?reason=%00").content.decode()
    assert "No record is unreadable for this reason." in page
    assert "No record is unreadable for this reason any more." in said(
        operator, "/sync/unreadable/read-again/", reason="\0"
    )


def test_shows_one_record_as_escaped_text_and_logs_who_looked(operator: Client, logged: Logged) -> None:
    record = unreadable("c-1", orjson.dumps({"text": "<script>alert(1)</script>", "turned": "\u202eabc"}))
    response = operator.get(f"/sync/unreadable/{record.pk}/")
    html = response.content.decode()
    assert "&lt;script&gt;alert(1)" in html and "<script>alert" not in html
    assert r"\u202eabc" in html and "\u202e" not in html
    assert response.headers["Cache-Control"] == "no-store"
    said = [line for line in logged() if line["event"] == "unreadable record shown"]
    assert [(line["record"], line["user"]) for line in said] == [(record.pk, response.wsgi_request.user.pk)]
    assert "alert" not in str(logged())


def test_shows_a_long_record_in_parts(operator: Client) -> None:
    record = unreadable("c-1", orjson.dumps(["word " * 20_000 + "end of it"]))
    first = operator.get(f"/sync/unreadable/{record.pk}/").content.decode()
    assert "part 1 of 2" in first and "end of it" not in first and 'href="?part=2"' in first
    assert "end of it" in operator.get(f"/sync/unreadable/{record.pk}/?part=99").content.decode()


@pytest.mark.parametrize("body", [b"{broken \xff\x00", b"", b"[" * 400 + b"]" * 400])
def test_shows_what_is_not_json_as_it_came(operator: Client, body: bytes) -> None:
    response = operator.get(f"/sync/unreadable/{unreadable('c-1', body).pk}/")
    assert response.status_code == 200
    assert b"\x00" not in response.content


def test_says_that_the_kept_bytes_are_damaged(operator: Client) -> None:
    record = unreadable("c-1")
    UnreadableRecord.objects.update(body=b"no zlib")
    assert "The kept bytes are damaged." in operator.get(f"/sync/unreadable/{record.pk}/").content.decode()


@pytest.mark.parametrize("address", ["/sync/unreadable/404/", f"/sync/unreadable/{2**70}/"])
def test_knows_no_such_record(operator: Client, address: str) -> None:
    assert operator.get(address).status_code == 404


@pytest.mark.parametrize("role", ["analyst", "supervisor"])
def test_refuses_everybody_else(client_for: ClientFor, role: str) -> None:
    client, record, window = client_for(factories.user(role)), unreadable("c-1"), incomplete()
    for address in ("/sync/unreadable/", f"/sync/unreadable/{record.pk}/"):
        assert client.get(address).status_code == 403
    posts = ("/sync/pause/", "/sync/resume/", f"/sync/periods/{window.pk}/try/", "/sync/unreadable/read-again/")
    assert {client.post(address, {"record": record.pk}).status_code for address in posts} == {403}
    assert Account.objects.get().history_paused_at is None
    assert not RefreshRequest.objects.exists()


def test_changes_nothing_by_looking(operator: Client) -> None:
    for address in ("/sync/pause/", "/sync/resume/", "/sync/periods/1/try/", "/sync/unreadable/read-again/"):
        assert operator.get(address).status_code == 405


def test_wants_the_token_of_its_own_form() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(factories.user("operator"))
    assert client.post("/sync/pause/").status_code == 403
    assert Account.objects.get().history_paused_at is None
