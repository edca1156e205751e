"""Refresh from LivePerson: who may ask, what is said while it lasts and what came of it."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from dashboard import formats
from interactions.models import Account, Conversation, RawRecord, RefreshRequest
from tests import factories
from tests.conftest import ClientFor

pytestmark = pytest.mark.django_db
POLL = {"X-Readback-Poll": "1"}


@pytest.fixture
def client(client_for: ClientFor, analyst: User) -> Client:
    return client_for(analyst)


@pytest.fixture
def conversation(db: None) -> Conversation:
    return factories.conversation(conversation_id="c-1", csat=2)


def request(**fields: Any) -> RefreshRequest:
    now = timezone.now()
    return RefreshRequest.objects.create(**{"conversation_id": "c-1", "asked_at": now, "ended_at": now, **fields})


def text(client: Client, address: str = "/conversations/c-1/", **headers: str) -> str:
    return " ".join(client.get(address, headers=headers).content.decode().split())


def test_asks_and_leads_back_into_the_list(client: Client, conversation: Conversation, analyst: User) -> None:
    response = client.post("/refresh/c-1/?csat=2")
    assert response["Location"] == "/conversations/c-1/?csat=2#context-record"
    asked = RefreshRequest.objects.get()
    assert (asked.conversation_id, asked.asked_by, asked.ended_at) == ("c-1", analyst, None)
    assert "Asking LivePerson…" in text(client)


def test_asks_once_however_often_it_is_pressed(client: Client, conversation: Conversation) -> None:
    for _ in range(3):
        assert client.post("/refresh/c-1/").status_code == 302
    assert RefreshRequest.objects.count() == 1


def test_forgets_a_list_that_is_wrong(client: Client, conversation: Conversation) -> None:
    assert client.post("/refresh/c-1/?csat=77")["Location"] == "/conversations/c-1/#context-record"


@pytest.mark.parametrize("strange", ["a/b", "refresh/x", "?a#b"])
def test_asks_whatever_the_id_is_made_of(client: Client, strange: str) -> None:
    factories.conversation(conversation_id=strange)
    address = client.get("/conversations/").context["rows"][0].url
    html = text(client, address)
    action = html.split('<form method="post" action="/refresh/')[1].split('"')[0].replace("&amp;", "&")
    assert client.post(f"/refresh/{action}").status_code == 302
    assert RefreshRequest.objects.get().conversation_id == strange


def test_answers_unknown_and_invisible_alike(
    client_for: ClientFor, supervisor: User, conversation: Conversation
) -> None:
    client = client_for(supervisor)
    for address in ("/refresh/c-1/", "/refresh/nobody/", "/refresh/a%00b/"):
        assert client.post(address).status_code == client.get(address, headers=POLL).status_code == 404
    assert not RefreshRequest.objects.exists()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"result": "changed"}, "changed.</span> This page shows the new version."),
        ({"result": "unchanged"}, "Unchanged at "),
        ({"result": "not_found"}, "LivePerson does not have this conversation any more. What was read stays here."),
        ({"result": "failed", "error": "LivePerson refuses the key (401)."}, "LivePerson refuses the key (401)."),
        ({"ended_at": None}, "Asking LivePerson…"),
        ({"ended_at": None, "asked_at": timezone.now() - timedelta(minutes=9)}, "no worker has been free to read it"),
    ],
)
def test_says_what_became_of_it(client: Client, conversation: Conversation, fields: dict[str, Any], words: str) -> None:
    request(**fields)
    assert words in text(client)


def test_says_when_liveperson_is_tried_again(client: Client, conversation: Conversation) -> None:
    again = timezone.now() + timedelta(minutes=4)
    Account.objects.create(account_id="sandbox-1", created_at=again, trouble_detail="It is down.", retry_at=again)
    request(ended_at=None)
    assert f"Asking LivePerson… It is down. Tried again at {formats.moment(again)}." in text(client)


def test_offers_the_new_version_to_a_page_that_shows_the_old(client: Client, conversation: Conversation) -> None:
    request(result="changed")
    html = text(client, "/refresh/c-1/?csat=2", **POLL)
    assert html.startswith('<p class="asked" role="status" data-asked="done">')
    assert '<a href="/conversations/c-1/?csat=2">Show the new version</a>' in html


def test_leads_who_opens_the_address_by_hand_to_the_conversation(client: Client, conversation: Conversation) -> None:
    assert client.get("/refresh/c-1/")["Location"] == "/conversations/c-1/#context-record"


def test_says_nothing_of_requests_of_long_ago(client: Client, conversation: Conversation) -> None:
    long_ago = timezone.now() - timedelta(hours=2)
    request(result="unchanged", asked_at=long_ago, ended_at=long_ago)
    assert 'data-asked=""></p>' in text(client)


def test_marks_what_liveperson_has_no_more(client: Client, conversation: Conversation) -> None:
    now = timezone.now()
    RawRecord.objects.create(conversation=conversation, digest=b"", body=b"x\x9c\x03\x00\x00\x00\x00\x01", read_at=now)
    assert "not any more" not in text(client)
    RawRecord.objects.update(missing_since=now)
    assert "<dt>At LivePerson</dt><dd>not any more, since" in text(client)


def test_asks_nothing_by_a_link(client: Client, conversation: Conversation) -> None:
    client.get("/refresh/c-1/")
    assert not RefreshRequest.objects.exists()
