"""What a page says beside figures of a period that is not read whole."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dashboard import formats
from dashboard.completeness import completeness_of, words, words_of_nothing
from dashboard.syncing.windows import range_words
from interactions.ingest.status import freshness
from interactions.models import Account, SyncRun, SyncWindow, WorkState
from interactions.search import ConversationQuery
from tests import factories

pytestmark = pytest.mark.django_db
WEEK = ConversationQuery(period="7d")


def window(kind: str, oldest: int, newest: int, state: str = WorkState.COMPLETE, minutes: int = 0) -> SyncWindow:
    """A window from `oldest` to `newest` days ago, planned `minutes` ago."""
    now = timezone.now()
    start, end = now - timedelta(days=oldest), now - timedelta(days=newest)
    planned_at = now - timedelta(minutes=minutes)
    since = now if state == WorkState.INCOMPLETE else None
    return SyncWindow.objects.create(
        kind=kind, start_from=start, start_to=end, state=state, planned_at=planned_at, incomplete_since=since
    )


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


@pytest.mark.parametrize("kind", ["backfill", "sweep", "manual"])
def test_names_the_range_of_which_not_everything_arrived(kind: str) -> None:
    window("backfill", 3, 0)
    if kind != "backfill":
        window("backfill", 4, 3)
    short = window(kind, 4, 3, WorkState.INCOMPLETE)
    window("backfill", 30, 4)
    window("refresh", 30, 0)
    named = range_words(short.start_from, short.start_to)
    assert words(completeness_of(WEEK)) == f"Not everything has arrived of {named}; it is asked for again."
    long_ago = timezone.localdate() - timedelta(days=20)
    assert words(completeness_of(ConversationQuery(started_from=long_ago, started_to=long_ago))) == ""


def test_counts_further_such_ranges() -> None:
    window("backfill", 3, 0, WorkState.INCOMPLETE)
    window("backfill", 4, 3, WorkState.INCOMPLETE)
    window("backfill", 30, 4)
    window("refresh", 30, 0)
    assert " and 1 other period; it is asked for again." in words(completeness_of(WEEK))


def test_excepts_such_a_range_from_what_is_complete() -> None:
    window("backfill", 1, 0)
    short = window("backfill", 2, 1, WorkState.INCOMPLETE)
    window("backfill", 30, 2, WorkState.WAITING)
    window("refresh", 30, 0)
    named, since = range_words(short.start_from, short.start_to), formats.day(timezone.localtime(short.start_from))
    said = f"Complete since {since}, except {named}; earlier days are still being read."
    assert words(completeness_of(WEEK)) == said


def test_says_that_nobody_reads_on_while_history_is_paused() -> None:
    now = timezone.now()
    Account.objects.create(account_id="sandbox-1", created_at=now, history_paused_at=now)
    window("backfill", 3, 0)
    window("backfill", 30, 3, WorkState.WAITING)
    window("refresh", 30, 0)
    assert words(completeness_of(WEEK)).endswith("; earlier days are not read yet, and history is paused.")


def _asked_of(days: int) -> str:
    day = timezone.localdate() - timedelta(days=days)
    query = ConversationQuery(started_from=day, started_to=day)
    return words_of_nothing(query, completeness_of(query), timezone.now())


def test_says_of_an_empty_period_that_it_is_still_to_be_read() -> None:
    newest = window("backfill", 3, 0)
    window("backfill", 30, 3, WorkState.WAITING)
    window("refresh", 30, 0)
    before = f"Nothing yet before {formats.day(timezone.localtime(newest.start_from))}:"
    assert _asked_of(10) == f"{before} Readback is still reading that time."
    now = timezone.now()
    SyncWindow.objects.filter(pk=newest.pk).update(seen_count=300)
    fields = {"started_at": now - timedelta(seconds=60), "ended_at": now, "read_count": 300, "state": "complete"}
    SyncRun.objects.create(kind="backfill", **fields)
    assert _asked_of(10) == f"{before} Readback is still reading that time, about 9 min more."
    Account.objects.create(account_id="sandbox-1", created_at=now, history_paused_at=now)
    assert _asked_of(10) == f"{before} that time is not read yet, and history is paused."


def test_says_of_an_empty_period_that_is_read_nothing_more() -> None:
    window("backfill", 3, 0)
    window("backfill", 30, 3, WorkState.WAITING)
    window("refresh", 30, 0)
    assert _asked_of(1) == ""


@pytest.mark.parametrize(
    "windows",
    [
        (("backfill", 30, 0), ("refresh", 30, 0)),
        (("backfill", 30, 0), ("refresh", 30, 0, WorkState.WAITING, 200)),
        (("backfill", 3, 0), ("backfill", 30, 3, WorkState.WAITING), ("refresh", 30, 0)),
        (("backfill", 3, 0), ("backfill", 30, 3, WorkState.INCOMPLETE), ("refresh", 30, 0)),
        (("backfill", 30, 0), ("manual", 5, 4, WorkState.INCOMPLETE), ("refresh", 30, 0)),
        (("backfill", 5, 0), ("refresh", 5, 0)),
        (),
    ],
)
def test_says_the_same_with_what_the_frame_has_asked_already(windows) -> None:
    Account.objects.create(account_id="sandbox-1", created_at=timezone.now())
    for each in windows:
        window(*each)
    today = timezone.localdate()
    for query in (
        WEEK,
        ConversationQuery(),
        ConversationQuery(period="today"),
        ConversationQuery(started_to=today - timedelta(days=10)),
        ConversationQuery(started_from=today - timedelta(days=400)),
    ):
        assert words(completeness_of(query, freshness())) == words(completeness_of(query)), query


@pytest.mark.parametrize("address", ["/conversations/?period=7d", "/conversations/one/?period=7d", "/?period=7d"])
@pytest.mark.parametrize(("minutes", "said"), [(0, "Data to "), (200, "Behind: last read ")])
def test_asks_once_how_far_everything_is_read(address, minutes, said, analyst, client_for) -> None:
    Account.objects.create(account_id="sandbox-1", created_at=timezone.now())
    factories.conversation(conversation_id="one")
    window("backfill", 30, 0)
    window("refresh", 30, 0, minutes=minutes)
    with CaptureQueriesContext(connection) as seen:
        page = client_for(analyst).get(address)
    assert said in page.content.decode()
    assert sum("interactions_syncwindow" in query["sql"] for query in seen) <= 3
