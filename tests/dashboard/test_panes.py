"""The panes of the reader: the list around the open conversation, and which of them stay closed."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dashboard.listpane import AFTER, BEFORE, row_time
from dashboard.models import Preference
from interactions.search import neighbours
from tests import factories

NOW = timezone.now().replace(month=6, day=15, hour=12, minute=0)


@pytest.fixture
def rows(db):
    now = timezone.now()
    return [factories.conversation(csat=1, started_at=now - timedelta(hours=hour)) for hour in range(60)]


@pytest.fixture
def get(client_for, analyst):
    client = client_for(analyst)
    return lambda row, tail="?csat=1": client.get(f"/conversations/{row.conversation_id}/{tail}")


def shown(answer):
    return [row.conversation.pk for row in answer.context["pane"].rows]


def test_shows_the_rows_around_the_open_conversation(get, rows):
    answer = get(rows[30])
    assert shown(answer) == [row.pk for row in rows[30 - BEFORE : 30 + AFTER + 1]]
    assert answer.content.decode().count('aria-current="true"') == 1


@pytest.mark.parametrize("place", [0, 59])
def test_ends_where_the_list_ends(get, rows, place):
    pane = get(rows[place]).context["pane"]
    assert (pane.previous_url == "", pane.next_url == "") == (place == 0, place == 59)
    assert (pane.earlier_url == "", pane.later_url == "") == (place == 0, place == 59)


def test_moves_the_rows_and_keeps_the_conversation(get, rows):
    later = get(rows[30]).context["pane"].later_url
    answer = get(rows[30], later[later.index("?") :])
    assert shown(answer) == [row.pk for row in rows[30 + AFTER + 1 :]] or shown(answer)[-1] == rows[-1].pk
    assert answer.context["pane"].next_url == get(rows[30]).context["pane"].next_url
    assert answer.context["place"] == "31 of 60"


def test_still_shows_a_conversation_that_left_the_list(get, rows):
    other = factories.conversation(csat=5, started_at=rows[1].started_at + timedelta(minutes=1))
    answer = get(other)
    assert shown(answer)[:3] == [rows[0].pk, other.pk, rows[1].pk]
    assert answer.context["is_outside"] and "Not in this list" in answer.content.decode()


def test_stands_alone_without_a_list(get, rows):
    answer = get(rows[3], "")
    page = answer.content.decode()
    assert "list-pane" not in page.partition("<body")[2] and 'data-list="none"' in page
    assert 'rel="next"' not in page and f'data-link="/conversations/{rows[3].conversation_id}/"' in page


def test_takes_an_unfiltered_list_for_a_list(client_for, analyst, rows):
    page = client_for(analyst).get("/conversations/").content.decode()
    address = re.search(r'class="row-link" href="([^"]+)"', page)
    assert address and address[1].endswith("/?sort=-started_at")
    assert client_for(analyst).get(address[1]).context["place"] == "1 of 60"


def test_carries_the_zone_in_the_link_that_is_copied(get, rows):
    assert "zone=UTC" in get(rows[0]).context["link"]


def test_keeps_panes_closed_for_this_person_alone(client_for, analyst, supervisor, rows):
    client = client_for(analyst)
    assert client.post("/me/panes/", {"pane": "list", "open": "0"}).status_code == 204
    assert b'data-list="closed"' in client.get(f"/conversations/{rows[0].conversation_id}/?csat=1").content
    assert not Preference.objects.filter(user=supervisor).exists()
    back = client.post("/me/panes/", {"pane": "list", "open": "1", "next": "/conversations/x/?csat=1"})
    assert back["Location"] == "/conversations/x/?csat=1"
    assert Preference.objects.get(user=analyst).list_pane is True


@pytest.mark.parametrize("given", [{}, {"pane": "roof", "open": "1"}, {"pane": "list", "open": "yes"}])
def test_refuses_panes_that_there_are_none_of(client_for, analyst, given):
    assert client_for(analyst).post("/me/panes/", given).status_code == 400


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.example/", "//elsewhere.example/"])
def test_leads_nowhere_else(client_for, analyst, elsewhere):
    answer = client_for(analyst).post("/me/panes/", {"pane": "list", "open": "0", "next": elsewhere})
    assert answer.status_code == 204


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (NOW - timedelta(hours=2), "10:00"),
        (NOW - timedelta(days=1), "14 Jun"),
        (NOW - timedelta(days=365), str((NOW - timedelta(days=365)).year)),
    ],
)
def test_writes_times_short(at, words):
    assert row_time(at, NOW).endswith(words)


def test_needs_as_many_queries_for_many_rows_as_for_few(client_for, analyst):
    client, now = client_for(analyst), timezone.now()

    def queries(hours):
        made = [
            factories.conversation(started_at=now - timedelta(hours=hour), consumer=factories.consumer())
            for hour in hours
        ]
        address = f"/conversations/{made[2].conversation_id}/?sort=-started_at"
        client.get(address)  # the session is written every few minutes
        with CaptureQueriesContext(connection) as seen:
            client.get(address)
        return len(seen)

    assert queries(range(5)) == queries(range(5, 40))


def test_counts_behind_the_transcript_what_takes_too_long(get, rows, monkeypatch):
    monkeypatch.setattr(neighbours, "within", lambda seconds, ask: None if seconds < 1 else ask())
    page = get(rows[4]).content.decode()
    url = re.search(r'data-place-url="([^"]+)"', page)
    assert url and "Back to the list" in page and "Not in this list" not in page
    monkeypatch.undo()
    answer = get(rows[4], url[1].split("/")[-1])
    assert answer.json() == {"place": "5 of 60", "count": 60}
    assert 'data-place-url=""' in get(rows[4]).content.decode()
