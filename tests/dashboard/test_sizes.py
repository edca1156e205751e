"""Counts that would hold up the rows come after them."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from dashboard.views import conversations
from interactions.search import query
from tests import factories
from tests.conftest import ClientFor


@pytest.fixture
def reader(analyst: User, client_for: ClientFor) -> Client:
    for _ in range(3):
        factories.conversation(csat=1, message_count=5)
    return client_for(analyst)


def test_leaves_out_what_takes_too_long_and_says_where_it_is(reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(query, "within", lambda seconds, ask: None if seconds == conversations.AT_ONCE else ask())
    html = reader.get("/conversations/?csat=1").content.decode()
    assert "Rows 1-3<" in html and "rows (CSV)" not in html
    assert 'data-size-url="/conversations/size.json?csat=1"' in html
    assert html.count("row-link") == 3 and "newest first." in html
    assert reader.get("/conversations/size.json?csat=1").json() == {"count": 3, "messages": 15}


def test_counts_first_where_that_is_asked_for(reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(query, "within", lambda seconds, ask: None if seconds == conversations.AT_ONCE else ask())
    html = reader.get("/conversations/?csat=1&columns=started_at.csat").content.decode()
    asked = "/conversations/?csat=1&amp;columns=started_at.csat&amp;counted=1"
    assert f'<noscript><a class="button" href="{asked}">Count them</a></noscript>' in html
    html = reader.get(asked.replace("&amp;", "&")).content.decode()
    assert "3 conversations with" in html and "Rows 1-3 of 3" in html and "Count them" not in html
    for kind in ("CSV", "CSV with BOM"):
        assert f"Conversations, 3 rows ({kind})" in html and f"Messages, 15 rows ({kind})" in html
    assert "counted=" not in html and 'name="counted"' not in html


def test_says_so_where_even_that_takes_too_long(reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(query, "within", lambda seconds, ask: None)
    html = reader.get("/conversations/?csat=1&counted=1").content.decode()
    again = '<a href="/conversations/?csat=1&amp;counted=1">Try again</a>'
    assert f"<noscript>Counting takes too long. {again}</noscript>" in html
    assert html.count("row-link") == 3 and html.count('name="counted"') == 0


def test_offers_to_count_messages_where_they_alone_take_too_long(
    reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(query.ConversationQuery, "_messages", lambda *_: None)
    html = reader.get("/conversations/?csat=1").content.decode()
    assert "Rows 1-3 of 3" in html and ">Count their messages</a>" in html


def test_leaves_room_for_the_sizes_of_all_files(reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(query, "within", lambda seconds, ask: None)
    html = reader.get("/conversations/").content.decode()
    for kind in ("CSV", "CSV with BOM"):
        assert f'Conversations<span data-late="rows"></span> ({kind})' in html
        assert f'Messages<span data-late="messages"></span> ({kind})' in html


def test_needs_nothing_later_where_counting_is_quick(reader: Client) -> None:
    html = reader.get("/conversations/?csat=1").content.decode()
    assert "data-size-url" not in html and "Rows 1-3 of 3" in html and "Count them" not in html


def test_says_what_is_wrong_with_the_question(reader: Client) -> None:
    answer = reader.get("/conversations/size.json?csat=9")
    assert answer.status_code == 400 and "csat" in answer.json()["errors"]
