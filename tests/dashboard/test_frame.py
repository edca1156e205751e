"""The frame of every page."""

import dataclasses
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from dashboard.frame import sign
from dashboard.models import Preference
from interactions.ingest.status import freshness
from interactions.models import Account, SyncWindow


@pytest.fixture
def page(analyst: User, client_for):
    client = client_for(analyst)
    return lambda: client.get("/me/").content.decode()


def test_shows_the_pages_that_exist_and_the_current_one(analyst: User, client_for) -> None:
    text = client_for(analyst).get("/conversations/").content.decode()
    nav = text[text.index("<nav") : text.index("</nav>")]
    assert re.findall(r'<a href="([^"]+)"', nav) == ["/", "/conversations/", "/sync/"]
    assert re.findall(r'aria-current="page">(\w+)', nav) == ["Conversations"]


def test_says_that_a_sample_account_is_invented(page) -> None:
    Account.objects.create(account_id="sandbox-1", created_at=timezone.now())
    assert "Sample account: everyone in it is invented." in page()


def test_says_nothing_of_the_kind_about_a_real_account(page) -> None:
    Account.objects.create(account_id="12345678", created_at=timezone.now())
    assert "Sample account" not in page()


NOW = datetime(2026, 11, 20, 13, 2, tzinfo=UTC)
FRESH = {"read_to": NOW, "history_back_to": NOW - timedelta(days=111), "incomplete": []}


@pytest.mark.parametrize(
    ("state", "changes", "words"),
    [
        ("current", {}, "Data to 20 Nov 13:02 ✓"),
        ("history", {}, "Reading history: back to 1 Aug 2026"),
        ("history", {"history_paused_at": NOW}, "History paused: back to 1 Aug 2026"),
        ("never", {"history_paused_at": NOW, "read_to": None}, "History paused"),
        ("incomplete", {"incomplete": [SyncWindow()]}, "! Incomplete: 1 period"),
        ("incomplete", {"incomplete": [SyncWindow()] * 2, "history_paused_at": NOW}, "! Incomplete: 2 periods"),
        ("behind", {}, "! Behind: last read 20 Nov 13:02"),
        ("behind", {"read_to": None}, "! Behind: nothing read yet"),
        ("never", {"read_to": None}, "Reading the first conversations"),
    ],
)
def test_says_how_fresh_the_data_is(db: None, monkeypatch, state: str, changes: dict, words: str) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(days=1))
    assert sign(dataclasses.replace(freshness(), state=state, **FRESH | changes)).text == words


def test_gives_the_time_alone_on_the_same_day(db: None, monkeypatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    assert sign(dataclasses.replace(freshness(), state="current", **FRESH)).text == "Data to 13:02 ✓"


def test_links_freshness_to_the_sync_page(page) -> None:
    assert 'href="/sync/">Reading the first conversations</a>' in page()


def test_takes_theme_rows_and_keys_from_the_preferences(page, analyst: User) -> None:
    Preference.objects.create(user=analyst, theme="dark", row_height="roomy", single_keys=False)
    assert 'data-theme="dark" data-rows="roomy" data-keys="off"' in page()


def test_signs_out_by_a_form(page) -> None:
    assert '<form method="post" action="/logout/">' in page()


def test_begins_with_a_way_past_the_frame(page) -> None:
    text = page()
    assert text.index('href="#content"') < text.index("<header")


def test_sends_the_policy_and_forbids_storing(analyst: User, client_for) -> None:
    headers = client_for(analyst).get("/me/").headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"
