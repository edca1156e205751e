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
    assert "Rows 1-3<" in html and "Conversations (CSV)" in html and "Messages (CSV)" in html
    assert 'data-size-url="/conversations/size.json?csat=1"' in html
    assert html.count("row-link") == 3 and "newest first." in html
    assert reader.get("/conversations/size.json?csat=1").json() == {"count": 3, "messages": 15}


def test_needs_nothing_later_where_counting_is_quick(reader: Client) -> None:
    html = reader.get("/conversations/?csat=1").content.decode()
    assert "data-size-url" not in html and "Rows 1-3 of 3" in html


def test_says_what_is_wrong_with_the_question(reader: Client) -> None:
    answer = reader.get("/conversations/size.json?csat=9")
    assert answer.status_code == 400 and "csat" in answer.json()["errors"]
