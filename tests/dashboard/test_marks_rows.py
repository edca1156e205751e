"""Marks in the list: what a row shows of them, and how they are counted and filtered there."""

import re

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

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
            shown(client, "?columns=mark.tags.started_at")
        return len(seen)

    def mark(number: int) -> None:
        row = factories.conversation()
        factories.review(row, analyst)
        factories.flag(row)
        factories.tag(row, f"tag {number}")

    mark(0)
    queries()
    few = queries()
    for number in range(1, 50):
        mark(number)
    assert queries() == few


def test_finds_nothing_where_there_are_no_marks(analyst) -> None:
    assert marks_of([factories.conversation().pk], analyst, with_tags=True) == {}
