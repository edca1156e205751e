"""What a page says beside figures of a period that is not read whole."""

from datetime import timedelta

import pytest
from django.utils import timezone

from dashboard import formats
from dashboard.completeness import completeness_of, words
from interactions.models import SyncWindow, WorkState
from interactions.search import ConversationQuery

pytestmark = pytest.mark.django_db
WEEK = ConversationQuery(period="7d")


def window(kind: str, oldest: int, newest: int, state: str = WorkState.COMPLETE, minutes: int = 0) -> None:
    """A window from `oldest` to `newest` days ago, planned `minutes` ago."""
    now = timezone.now()
    start, end = now - timedelta(days=oldest), now - timedelta(days=newest)
    planned_at = now - timedelta(minutes=minutes)
    SyncWindow.objects.create(kind=kind, start_from=start, start_to=end, state=state, planned_at=planned_at)


def test_says_nothing_where_all_is_read() -> None:
    window("backfill", 30, 0)
    window("refresh", 30, 0)
    assert words(completeness_of(WEEK)) == ""


def test_says_since_when_it_is_complete() -> None:
    window("backfill", 3, 0)
    window("backfill", 30, 3, WorkState.WAITING)
    window("refresh", 30, 0)
    assert words(completeness_of(WEEK)).startswith("Complete since ")


def test_says_up_to_when_it_is_complete_when_refreshes_fail() -> None:
    window("backfill", 30, 0, minutes=200)
    SyncWindow.objects.update(start_to=timezone.now() - timedelta(minutes=200))
    window("refresh", 30, 0, minutes=180)
    assert words(completeness_of(WEEK)).startswith("Complete to ")


@pytest.mark.parametrize(
    ("state", "begins", "still"),
    [(WorkState.COMPLETE, "Readback reads back to ", False), (WorkState.WAITING, "Complete since ", True)],
)
def test_does_not_promise_days_that_are_never_read(state: str, begins: str, still: bool) -> None:
    window("backfill", 3, 0)
    window("backfill", 30, 3, state)
    window("refresh", 30, 0)
    year = ConversationQuery(started_from=timezone.localdate() - timedelta(days=365))
    said = words(completeness_of(year))
    oldest = formats.day(timezone.localtime(timezone.now() - timedelta(days=30)))
    assert said.startswith(begins)
    assert said.endswith(f"Readback reads back to {oldest}; earlier days are not read.")
    assert ("still being read" in said) is still


def test_names_both_ends_when_refreshes_fail_and_the_period_is_longer_than_history() -> None:
    window("backfill", 30, 0)
    SyncWindow.objects.update(start_to=timezone.now() - timedelta(minutes=200))
    window("refresh", 30, 0, minutes=180)
    year = ConversationQuery(started_from=timezone.localdate() - timedelta(days=365))
    said = words(completeness_of(year))
    assert said.startswith("Complete to ")
    assert said.endswith("earlier days are not read.")
    assert "still being read" not in said


def test_says_of_a_period_before_all_history_only_that_it_is_not_read() -> None:
    window("backfill", 30, 0, WorkState.RUNNING)
    long_ago = timezone.localdate() - timedelta(days=90)
    asked = ConversationQuery(started_from=long_ago, started_to=long_ago)
    assert words(completeness_of(asked)).startswith("Readback reads back to ")


def test_says_that_it_has_only_begun() -> None:
    window("backfill", 30, 0, WorkState.RUNNING)
    assert words(completeness_of(WEEK)) == "Not complete: this period is still being read."
