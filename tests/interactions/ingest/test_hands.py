"""More hands: whoever reads wakes others while something is due; several workers read different periods at once."""

import subprocess
import sys
import threading
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from interactions import tasks
from interactions.ingest.hands import EVERY, Calling
from interactions.models import Account, CallPace, Conversation, SyncRun, SyncWindow
from tests.database import database_url
from tests.environment import clean
from tests.product import wait_for

ROOT = Path(__file__).parents[3]
NOW = timezone.now()


class Bell:
    """Counts how often it was rung; its clock goes on when told."""

    def __init__(self):
        self.rung, self.seconds = 0, 0.0
        self.calling = Calling(self.ring, clock=lambda: self.seconds)

    def ring(self):
        self.rung += 1

    def read_a_page(self, later=0.0):
        self.seconds += later
        self.calling(None)
        return self.rung


def window(**fields):
    given = {"kind": "backfill", "start_from": NOW - timedelta(days=1), "start_to": NOW, "planned_at": NOW, **fields}
    return SyncWindow.objects.create(**given)


@pytest.mark.django_db
def test_rings_with_the_first_page_while_another_period_is_due():
    window()
    assert Bell().read_a_page() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [
        {"state": "running", "lease_until": True},
        {"state": "complete"},
        {"not_before": True},
    ],
)
def test_rings_for_nobody_when_nothing_else_is_due(fields):
    soon = timezone.now() + timedelta(minutes=1)
    window(**{name: soon if value is True else value for name, value in fields.items()})
    assert Bell().read_a_page() == 0


@pytest.mark.django_db
def test_rings_for_nobody_while_nothing_may_be_asked():
    window()
    Account.objects.create(account_id="sandbox-1", created_at=NOW, retry_at=timezone.now() + timedelta(minutes=1))
    assert Bell().read_a_page() == 0


@pytest.mark.django_db
def test_looks_again_only_after_some_seconds(django_assert_num_queries):
    window()
    bell = Bell()
    assert bell.read_a_page() == 1
    with django_assert_num_queries(0):
        assert bell.read_a_page(EVERY / 2) == 1
    assert bell.read_a_page(EVERY) == 2


class Meeting:
    """Lets whoever asks a served account for a second page of a period wait there until so many do."""

    def __init__(self, served, together):
        self.answer, self.together = served.sandbox.answer, together
        self.now = self.most = 0
        self.changed = threading.Condition()
        served.sandbox.answer = self

    def __call__(self, call):
        if not call.path.endswith("conversations/search") or call.query.get("offset") == "0":
            return self.answer(call)
        with self.changed:
            self.now += 1
            self.most = max(self.most, self.now)
            self.changed.notify_all()
            self.changed.wait_for(lambda: self.most >= self.together, timeout=60)
        answer = self.answer(call)
        with self.changed:
            self.now -= 1
        return answer


@contextmanager
def running(importer, folder, parts, *programs):
    """Celery's programs, as people start them under a process manager of their own."""
    key = importer.served.credentials
    names = ("app_key", "app_secret", "access_token", "access_token_secret")
    told = clean(
        **{f"LIVEPERSON_{name.upper()}": getattr(key, name) for name in names},
        LIVEPERSON_API_URL=importer.served.url,
        LIVEPERSON_ACCOUNT_ID=importer.account.id,
        **{**parts, "DATABASE_URL": database_url(), "DATA_DIR": str(folder)},
        BACKFILL_DAYS="21",
        POLL_SECONDS="5",
        WORKERS="3",
        LIVEPERSON_MAX_CALLS="3",
    )
    started = [
        subprocess.Popen([sys.executable, "-m", "celery", "--app", "dashboard", "--quiet", *words], cwd=ROOT, env=told)
        for words in programs
    ]
    try:
        yield started
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(60)


WORKER = ("worker", "--loglevel", "WARNING", "--without-gossip", "--without-mingle")


def beat(folder, number):
    return ("beat", "--loglevel", "WARNING", "--pidfile", "", "--schedule", str(folder / f"beat-{number}"))


def has_read(count):
    history = SyncWindow.objects.filter(kind="backfill")
    is_done = history.exists() and not history.exclude(state="complete").exists()
    return is_done and Conversation.objects.count() == count


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_three_workers_read_three_periods_at_once(importer_of, tmp_path, server_parts):
    importer = importer_of(1200)
    CallPace.objects.create(pk=1, allowed=3)
    meeting = Meeting(importer.served, together=3)
    with running(importer, tmp_path, server_parts, WORKER):
        wait_for(lambda: meeting.most == 3)
        wait_for(lambda: has_read(1200))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_beats_and_many_bells_do_no_harm(importer_of, tmp_path, server_parts):
    importer = importer_of(300)
    with running(importer, tmp_path, server_parts, WORKER, beat(tmp_path, 1), beat(tmp_path, 2)):
        wait_for(lambda: has_read(300))
        wait_for(lambda: SyncWindow.objects.filter(kind="refresh", state="complete").count() > 1)
    read = SyncRun.objects.filter(kind="backfill")
    assert read.count() == SyncWindow.objects.filter(kind="backfill").count()  # each period once
    assert not SyncRun.objects.exclude(state="complete").exists()


def test_a_broker_that_is_away_stops_no_reading(monkeypatch):
    def refuse():
        raise ConnectionError("refused")

    monkeypatch.setattr(tasks.current_app, "connection_for_write", refuse)
    tasks.ring()
