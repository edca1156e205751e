"""/sync/: freshness for everyone, what is going on and what failed for operators."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from dashboard import formats
from dashboard.syncing.progress import progress
from interactions.ingest import poison
from interactions.models import Account, RawRecord, SyncRun, SyncWindow, UnreadableRecord, WorkState
from tests import factories
from tests.conftest import ClientFor

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def operator(client_for: ClientFor) -> Client:
    return client_for(factories.user("operator"))


@pytest.fixture
def reader(client_for: ClientFor) -> Client:
    return client_for(factories.user("analyst"))


def account(**fields: Any) -> None:
    Account.objects.create(account_id="sandbox-1", created_at=timezone.now() - DAY, **fields)


def backfill(place: int, state: str = WorkState.COMPLETE, **fields: Any) -> SyncWindow:
    """The window of the day that ended `place` days ago."""
    end = timezone.now() - place * DAY
    return SyncWindow.objects.create(
        kind="backfill", start_from=end - DAY, start_to=end, planned_at=timezone.now(), state=state, **fields
    )


def refresh(age: timedelta = timedelta(seconds=40)) -> None:
    at = timezone.now() - age
    SyncWindow.objects.create(
        kind="refresh", start_from=at - DAY, start_to=at, planned_at=at, state=WorkState.COMPLETE, completed_at=at
    )


def text(client: Client, address: str = "/sync/") -> str:
    return " ".join(client.get(address).content.decode().split())


def test_says_how_fresh_and_how_complete(reader: Client) -> None:
    account()
    refresh()
    backfill(0)
    html = text(reader)
    assert "Up to date to" in html
    assert "s ago). Complete from" in html
    assert "to now." in html


def test_says_what_is_excepted_and_still_read(reader: Client) -> None:
    account()
    refresh()
    backfill(0)
    backfill(1, WorkState.INCOMPLETE, incomplete_since=timezone.now())
    backfill(2, WorkState.WAITING)
    html = text(reader)
    assert "to now, 1 period excepted. Earlier history is being read, newest first." in html
    assert "LivePerson counts" not in html


def test_says_that_it_has_fallen_behind(reader: Client) -> None:
    account()
    refresh(timedelta(hours=2))
    backfill(0)
    html = text(reader)
    assert "Behind: read to" in html
    assert "Complete from" in html
    assert "to now" not in html


@pytest.mark.parametrize(
    ("is_known", "words"),
    [(True, "Reading the first conversations from LivePerson."), (False, "no LivePerson account is connected")],
)
def test_has_words_for_the_very_beginning(reader: Client, is_known: bool, words: str) -> None:
    if is_known:
        account()
    assert words in text(reader)


@pytest.mark.parametrize(
    ("kind", "detail", "words"),
    [
        (
            "refused",
            "LivePerson refuses the key (401). An operator must check LIVEPERSON_APP_KEY.",
            "LIVEPERSON_APP_KEY",
        ),
        ("unavailable", "LivePerson has not answered since 03:00.", "LivePerson has not answered since"),
    ],
)
def test_says_what_is_wrong_and_what_remains_readable(reader: Client, kind: str, detail: str, words: str) -> None:
    account(trouble=kind, trouble_detail=detail, trouble_since=timezone.now(), retry_at=timezone.now() + DAY)
    html = text(reader)
    assert words in html
    assert "You are reading what was stored until then. Tried again at" in html


def test_tells_operators_what_is_missing_and_when_it_is_asked_for_again(operator: Client) -> None:
    account()
    again = timezone.now() + timedelta(minutes=4)
    backfill(
        0,
        WorkState.INCOMPLETE,
        incomplete_since=timezone.now(),
        expected_count=112,
        seen_count=110,
        attempt_count=5,
        not_before=again,
    )
    html = text(operator)
    assert "1 period incomplete" in html
    assert f"LivePerson counts 112, 110 arrived · tried 5 times, again at {formats.moment(again)}" in html


def test_says_to_everyone_that_history_is_paused(reader: Client) -> None:
    account(history_paused_at=timezone.now())
    refresh()
    backfill(0)
    backfill(1, WorkState.WAITING)
    html = text(reader)
    assert "The reading of earlier history is paused; what is new is still read." in html
    assert "newest first." not in html
    assert "Resume history" not in html


def test_says_to_everyone_that_older_conversations_lag(reader: Client) -> None:
    account()
    refresh()
    at = timezone.now() - timedelta(hours=5)
    backfill(0)
    SyncWindow.objects.create(
        kind="refresh", tier=1, start_from=at - 40 * DAY, start_to=at - 28 * DAY, planned_at=at, state="complete"
    )
    started = formats.day(timezone.localtime(timezone.now() - 28 * DAY))
    assert f"Changes to conversations that started before {started} are known only to" in text(reader)


@pytest.mark.parametrize(
    ("hours_ago", "is_said"),
    [
        ([30] * 35 + [180] * 35, True),
        ([30] * 69, False),
        ([30] * 70 + [1], False),
        ([200] * 70, False),
    ],
    ids=["busy", "quiet", "busy to this day", "busy once"],
)
def test_says_that_a_busy_account_has_fallen_silent(reader: Client, hours_ago: list[int], is_said: bool) -> None:
    account()
    refresh()
    now = timezone.now()
    for hours in hours_ago:
        factories.conversation(started_at=now - timedelta(hours=hours))
    sentence = "LivePerson answers, but no conversation has started for a day. On a busy account that is unusual:"
    assert (f'<p class="error">{sentence} check the account and the key' in text(reader)) is is_said


def test_counts_for_operators_what_liveperson_has_no_more(operator: Client, reader: Client) -> None:
    now = timezone.now()
    for _ in range(2):
        raw = {"conversation": factories.conversation(), "digest": b"", "body": b"", "read_at": now}
        RawRecord.objects.create(**raw, missing_since=now)
    assert "2 conversations are no longer at LivePerson; here they are kept, and marked." in text(operator)
    assert "no longer at LivePerson" not in text(reader)


@pytest.mark.parametrize(
    ("seconds", "words"), [(3600, "60 min behind LivePerson's"), (-300, "5 min ahead of LivePerson's")]
)
def test_tells_operators_that_the_clock_is_wrong(operator: Client, seconds: int, words: str) -> None:
    account(clock_ahead_seconds=seconds)
    assert words in unescape(text(operator))


def test_shows_operators_how_far_the_comparison_is(operator: Client) -> None:
    account()
    now = timezone.now()
    SyncWindow.objects.create(kind="sweep", start_from=now - 7 * DAY, start_to=now, planned_at=now, state="complete")
    assert "Comparison of everything stored with LivePerson: 2%, begun" in text(operator)


def test_tells_operators_which_list_is_refused_and_what_to_do(operator: Client, reader: Client) -> None:
    now = timezone.now()
    sentence = "The key may not read users: names come from conversations until"
    row = {"detail": f"{sentence} an administrator helps.", "since": now.isoformat()}
    account(configuration_trouble={"users": row | {"retry_at": (now + DAY).isoformat()}})
    assert f"{sentence} an administrator helps. Asked again at" in text(operator)
    assert sentence not in text(reader)


def test_shows_operators_progress_and_runs(operator: Client) -> None:
    account()
    backfill(0, WorkState.RUNNING, done_count=300, total_count=1200)
    backfill(1, WorkState.WAITING)
    SyncRun.objects.create(kind="backfill", started_at=timezone.now(), request_count=7, read_count=300, error="Slow.")
    html = text(operator)
    assert '<progress max="1200" value="300"' in html
    assert "1 period of history waits." in html
    assert "last hour: 7 requests, slowed down 0 times, failed 0" in html
    assert "Of the last hour: 300 read" in html
    assert "Slow." in html


def test_leaves_out_runs_that_brought_nothing(operator: Client) -> None:
    account()
    now = timezone.now()
    for fields in ({}, {"unchanged_count": 3, "read_count": 3}, {"new_count": 2}, {"error": "Slow."}):
        SyncRun.objects.create(kind="backfill", state="complete", started_at=now, **fields)
    html = text(operator)
    assert html.count("<td>history") == 2
    assert "2 runs of the last hour found nothing new and are left out." in html


def test_shows_operators_what_a_run_did_as_the_command_says_it(operator: Client) -> None:
    account()
    SyncRun.objects.create(kind="backfill", started_at=timezone.now())
    run(100, 80, read_count=7000, new_count=6940, changed_count=30, unchanged_count=28, unreadable_count=2)
    run(165, 100, read_count=6, new_count=6)
    run(300, 300, read_count=6, new_count=6)
    run(9000, 8000, read_count=5, new_count=5, error=poison.ENDED)
    heads, *rows = _table(operator.get("/sync/").content.decode())
    assert heads == ["Requests", "Read", "New", "Changed", "Unchanged", "Unreadable", "Took", "A second"]
    assert rows == [
        ["0", "0", "0", "0", "0", "0", "–", "–"],
        ["0", "7,000", "6,940", "30", "28", "2", "20 s", "350"],
        ["0", "6", "6", "0", "0", "0", "1 m 05 s", "0.1"],
        ["0", "6", "6", "0", "0", "0", "0 s", "–"],
        ["0", "5", "5", "0", "0", "0", "–", "–"],
    ]


def _table(html: str) -> list[list[str]]:
    """The numbers of the runs, row by row, those of its head first."""
    rows = html.split('class="numbers runs"')[1].split("</table>")[0].split("<tr>")[1:]
    cells = (re.findall(r'class="number">(?:<span[^>]*><span[^>]*>)?([^<]+)', row) for row in rows)
    return [list(row) for row in cells]


def test_shows_operators_why_records_are_unreadable_but_not_the_records(operator: Client, reader: Client) -> None:
    now = timezone.now()
    for key in ("c-77", "c-78"):
        UnreadableRecord.objects.create(
            key=key, body=b"secret words", reason="messageRecords missing", first_seen_at=now, last_seen_at=now
        )
    html = text(operator)
    assert "2 records unreadable, kept as they came" in html
    assert "2</span> <span>“messageRecords missing”</span>" in html
    assert 'href="/sync/unreadable/?reason=messageRecords+missing"' in html
    assert "secret" not in html
    assert "messageRecords" not in text(reader)


def test_shows_the_rest_to_operators_only(operator: Client, reader: Client) -> None:
    account()
    for address in ("/sync/", "/sync/state/"):
        assert "Recent runs" in text(operator, address)
        assert "Recent runs" not in text(reader, address)


def test_never_shows_a_key(operator: Client, settings: Any) -> None:
    names = ("LIVEPERSON_APP_KEY", "LIVEPERSON_APP_SECRET", "LIVEPERSON_ACCESS_TOKEN", "LIVEPERSON_PASSWORD")
    for name in names:
        setattr(settings, name, f"value-of-{name}")
    account()
    assert "value-of-" not in text(operator)


def test_sends_a_stranger_to_sign_in() -> None:
    for address in ("/sync/", "/sync/state/"):
        assert Client().get(address)["Location"].startswith("/login/")
    assert Client().post("/sync/").status_code in (302, 403, 405)


def test_draws_the_months_with_words(reader: Client) -> None:
    account()
    backfill(0)
    response = reader.get("/sync/")
    month = response.context["months"][0]
    assert month.words.endswith((": read", "% read"))
    assert 'class="months"' in response.content.decode()


def test_estimates_what_is_to_go_from_what_was_read() -> None:
    now = timezone.now()
    backfill(0, seen_count=500)
    backfill(1, WorkState.RUNNING, done_count=100, total_count=400)
    backfill(2, WorkState.WAITING)
    ended = now - timedelta(seconds=60)
    SyncRun.objects.create(
        kind="backfill", started_at=ended - timedelta(seconds=10), ended_at=ended, read_count=100, state="complete"
    )
    found = progress(now)
    assert found.to_go == 800
    assert found.seconds == pytest.approx(80)
    assert found.text == "600 read, about 800 to go, about 1 min"


def test_takes_what_is_to_go_from_the_count_that_liveperson_gave() -> None:
    account(history_count=2000)
    backfill(0, seen_count=500)
    backfill(1, WorkState.WAITING)
    found = progress(timezone.now())
    assert (found.to_go, found.share, found.text) == (1500, 25.0, "500 read, about 1,500 to go")


def test_counts_the_time_of_workers_who_read_side_by_side_once() -> None:
    now = timezone.now()
    ended = now - timedelta(seconds=60)
    for _ in range(2):
        SyncRun.objects.create(
            kind="backfill", started_at=ended - timedelta(seconds=10), ended_at=ended, read_count=100, state="complete"
        )
    backfill(0, seen_count=200)
    backfill(1, WorkState.RUNNING, done_count=0, total_count=400)
    assert progress(now).seconds == pytest.approx(20)


def test_estimates_nothing_before_anything_is_known() -> None:
    backfill(0, WorkState.WAITING)
    assert progress(timezone.now()).text == "0 read"


@pytest.mark.parametrize("address", ["/sync/", "/sync/state/"])
def test_answers_a_probe_without_a_body(reader: Client, address: str) -> None:
    assert reader.head(address).status_code == 200


def run(began: int, ended: int, **fields: Any) -> None:
    """A run from so many seconds ago until so many."""
    now = timezone.now()
    SyncRun.objects.create(
        kind="backfill",
        state="complete",
        started_at=now - timedelta(seconds=began),
        ended_at=now - timedelta(seconds=ended),
        **fields,
    )


def test_counts_the_workers_that_read_side_by_side_and_not_a_setting(operator: Client, settings: Any) -> None:
    settings.WORKERS = 7
    assert "· 0 workers" in text(operator)
    run(300, 200), run(250, 150), run(240, 210), run(150, 100)
    run(9000, 8000), run(3000, 10, error=poison.ENDED)
    assert "· 3 workers" in text(operator)


def test_counts_the_workers_at_work_and_not_a_dead_one(operator: Client) -> None:
    backfill(0, WorkState.RUNNING, lease_until=timezone.now() + timedelta(minutes=1))
    backfill(1, WorkState.RUNNING, lease_until=timezone.now() - timedelta(minutes=1))
    assert "· 1 worker<" in text(operator)


def test_says_that_a_stopped_period_is_not_tried_by_itself(operator: Client) -> None:
    backfill(0, WorkState.STOPPED, incomplete_since=timezone.now(), attempt_count=2)
    html = text(operator)
    assert "tried 2 times, not again by itself" in html
    assert "Try now" in html


def test_asks_the_database_as_often_however_much_there_is(
    operator: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    account()
    backfill(0)
    backfill(1, WorkState.WAITING)
    operator.get("/sync/")
    with CaptureQueriesContext(connection) as few:
        operator.get("/sync/state/")
    now = timezone.now()
    for place in range(2, 30):
        window = backfill(place, WorkState.INCOMPLETE, incomplete_since=now, not_before=now + DAY)
        SyncRun.objects.create(kind="backfill", window=window, started_at=now, error="Slow.")
        UnreadableRecord.objects.create(
            key=str(place), body=b"", reason=str(place % 3), first_seen_at=now, last_seen_at=now
        )
    with django_assert_max_num_queries(len(few)):
        operator.get("/sync/state/")
