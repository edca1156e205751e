"""Marks in the list: what a row shows of them, and how they are counted and filtered there."""

import re
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dashboard.columns import COLUMNS
from dashboard.marks.rows import marks_of
from tests import factories

from .test_columns import cell


@pytest.fixture
def client(analyst: User, client_for) -> Client:
    return client_for(analyst)


def shown(client: Client, tail: str = "") -> str:
    return client.get(f"/conversations/{tail}").content.decode()


@pytest.mark.parametrize(
    ("reviewers", "is_flagged", "expected"),
    [
        ([], False, "○Not reviewed"),
        (["me"], False, "✓Reviewed by you"),
        (["ivo"], False, "✓Reviewed by ivo"),
        (["ivo", "me", "mia"], False, "✓Reviewed by you and 2 others"),
        ([], True, "⚑Not reviewed, flagged"),
        (["ivo"], True, "✓⚑Reviewed by ivo, flagged"),
        ([None], False, "✓Reviewed by a former user"),
    ],
)
def test_begins_each_row_with_its_marks(reviewers, is_flagged, expected, client, analyst) -> None:
    one = factories.conversation()
    for name in reviewers:
        user = analyst if name == "me" else name and factories.user("analyst", username=name)
        factories.review(one, user)
    if is_flagged:
        factories.flag(one)
    assert cell(shown(client), "mark") == expected


def test_names_the_tags_of_a_row_where_they_are_chosen(client) -> None:
    one = factories.conversation()
    assert cell(shown(client, "?columns=tags"), "tags") == "–no tag"
    for name in ("VIP", "late parcel"):
        factories.tag(one, name)
    assert cell(shown(client, "?columns=tags"), "tags") == "late parcel, VIP"
    assert "late parcel, VIP" not in shown(client)


@pytest.mark.parametrize("key", ["notes", "flag", "reviewed_by", "reviewed_at"])
def test_offers_marks_as_columns_that_are_not_usual(key, client) -> None:
    factories.conversation()
    assert f'cell-{key}"' not in shown(client)
    assert f'name="show" value="{key}">' in client.get("/columns/").content.decode()
    client.post("/columns/", {"order": [key], "show": [key]})
    assert cell(shown(client), key).startswith("–no")


def test_counts_the_notes_of_a_row_on_the_whole_and_on_messages(client) -> None:
    one, _ = factories.conversation(csat=1), factories.conversation(csat=2)
    factories.note(one, "Hm")
    factories.note(one, "Hm again", message_id="m")
    text = shown(client, "?columns=notes&sort=csat")
    assert cell(text, "notes") == "2" and re.findall("no note(?=<)", text) == ["no note"]


@pytest.mark.parametrize(("whose", "expected"), [("me", "you"), ("ivo", "ivo"), (None, "a former user")])
def test_says_who_flagged(whose, expected, client, analyst) -> None:
    user = analyst if whose == "me" else whose and factories.user("analyst", username=whose)
    factories.flag(factories.conversation(), user)
    assert cell(shown(client, "?columns=flag"), "flag") == expected


def test_says_by_whom_and_when_it_was_last_reviewed(client, analyst) -> None:
    one = factories.conversation()
    factories.review(one, factories.user("analyst"), reviewed_at=datetime(2026, 3, 2, 9, 30, tzinfo=UTC))
    factories.review(one, analyst, reviewed_at=datetime(2025, 12, 31, 8, 0, tzinfo=UTC))
    text = shown(client, "?columns=reviewed_by.reviewed_at&zone=UTC")
    assert cell(text, "reviewed_by") == "you and 1 other"
    assert 'class="cell-reviewed_at"><time datetime="2026-03-02T09:30:00+00:00">' in text


def test_shows_what_can_be_asked_about_marks_and_how_many_there_are(client, analyst) -> None:
    rows = [factories.conversation() for _ in range(3)]
    factories.review(rows[0], analyst)
    factories.review(rows[1], factories.user("analyst"))
    factories.tag(rows[2], "Late parcel")
    factories.note(rows[2], "Hm")
    factories.note(rows[2], "Hm again", message_id="m")
    found = client.get("/conversations/facets.json").json()["counts"]
    assert {name: found[name] for name in ("reviewed", "flag", "tag", "note")} == {
        "reviewed": {"me": 1, "any": 2, "no": 1},
        "flag": {"0": 3},
        "tag": {"late parcel": 1, "none": 2},
        "note": {"1": 1, "0": 2},
    }
    page = shown(client, "?reviewed=no&tag=late+parcel")
    assert "1 conversation" in page and "no review" in page and "“late parcel”" in page
    assert re.search(r'name="tag" value="late parcel"[^>]*checked', page)


def test_asks_as_often_for_50_rows_with_marks_as_for_one(client, analyst) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            shown(client, "?columns=mark.tags.notes.flag.reviewed_by.reviewed_at.started_at")
        return len(seen)

    def mark(number: int) -> None:
        row = factories.conversation()
        factories.review(row, analyst)
        factories.flag(row, factories.user("analyst"))
        factories.note(row, "Hm", factories.user("analyst"))
        factories.tag(row, f"tag {number}")

    mark(0)
    queries()
    few = queries()
    for number in range(1, 50):
        mark(number)
    assert queries() == few


def test_finds_nothing_where_there_are_no_marks(analyst) -> None:
    assert marks_of([factories.conversation().pk], analyst, COLUMNS) == {}
