"""/healthz: what a machine that watches Readback is told."""

from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from interactions.models import Account, SyncWindow, WorkState

pytestmark = pytest.mark.django_db
STALE = timedelta(minutes=settings.STALE_AFTER_MINUTES)
MINUTE = timedelta(minutes=1)


def account(age: timedelta) -> None:
    Account.objects.create(account_id="sandbox-1", created_at=timezone.now() - age)


def window(kind: str, age: timedelta, **fields: object) -> SyncWindow:
    planned_at: datetime = timezone.now() - age
    defaults = {"start_from": planned_at - timedelta(days=1), "start_to": planned_at, "state": WorkState.COMPLETE}
    return SyncWindow.objects.create(kind=kind, planned_at=planned_at, **defaults | fields)


def health() -> tuple[int, dict[str, object]]:
    response = Client().get("/healthz")
    return response.status_code, response.json()


def test_is_well_after_a_complete_refresh() -> None:
    account(timedelta(days=3))
    window("refresh", MINUTE)
    status, report = health()
    assert status == 200
    assert 60 <= report.pop("data_age_seconds") < 90
    assert report == {"status": "ok", "database": "ok", "incomplete_windows": 0}


@pytest.mark.parametrize(
    ("first_start", "status", "word"), [(STALE - MINUTE, 200, "ok"), (STALE + MINUTE, 503, "stale")]
)
def test_waits_for_the_first_refresh_as_long_as_data_may_be_old(first_start: timedelta, status: int, word: str) -> None:
    account(first_start)
    report = {"status": word, "database": "ok", "data_age_seconds": None, "incomplete_windows": 0}
    assert health() == (status, report)


@pytest.mark.parametrize(("age", "status"), [(STALE - MINUTE, 200), (STALE + MINUTE, 503)])
def test_is_well_without_an_account_as_long_as_it_was_just_set_up(age: timedelta, status: int) -> None:
    MigrationRecorder.Migration.objects.update(applied=timezone.now() - age)
    assert health()[0] == status


@pytest.mark.parametrize(("age", "word"), [(STALE - MINUTE, "ok"), (STALE + MINUTE, "stale")])
def test_is_stale_when_the_newest_refresh_is_too_old(age: timedelta, word: str) -> None:
    account(timedelta(days=3))
    window("refresh", age)
    assert health()[1]["status"] == word


def test_does_not_count_a_refresh_that_is_not_complete() -> None:
    account(timedelta(days=3))
    window("refresh", STALE + MINUTE)
    window("refresh", MINUTE, state=WorkState.RUNNING)
    assert health()[1]["status"] == "stale"


@pytest.mark.parametrize(
    ("since", "status", "word"), [(timedelta(hours=23), 200, "ok"), (timedelta(hours=25), 503, "incomplete")]
)
def test_bears_an_incomplete_window_for_a_day(since: timedelta, status: int, word: str) -> None:
    account(timedelta(days=3))
    window("refresh", MINUTE)
    window("backfill", since, state=WorkState.INCOMPLETE, incomplete_since=timezone.now() - since)
    code, report = health()
    assert (code, report["status"], report["incomplete_windows"]) == (status, word, 1)


def test_says_only_that_the_database_cannot_be_read() -> None:
    def refuse(execute: object, sql: str, *rest: object) -> None:
        from django.db import OperationalError

        raise OperationalError("could not connect to 10.1.2.3 as readback")

    with connection.execute_wrapper(refuse):
        report = {"status": "database", "database": "error", "data_age_seconds": None, "incomplete_windows": None}
        assert health() == (503, report)


def test_needs_no_sign_in_and_takes_only_reading() -> None:
    assert Client().head("/healthz").status_code == 200
    assert Client().post("/healthz").status_code == 405


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost"])
def test_answers_on_loopback(host: str) -> None:
    assert Client().get("/healthz", headers={"host": host}).status_code == 200
