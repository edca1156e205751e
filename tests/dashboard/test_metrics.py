"""/metrics: who may look, and what Prometheus reads there."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from interactions.jobs import slots
from interactions.models import Account, CallPace, SyncRun, SyncWindow, UnreadableRecord, WorkState
from tests import factories

pytestmark = pytest.mark.django_db
PATH = "/metrics"


def figures():
    """{(name, label values ...): value}, read by Prometheus' own parser."""
    families = text_string_to_metric_families(Client().get(PATH).content.decode())
    return {(s.name.removeprefix("readback_"), *s.labels.values()): s.value for f in families for s in f.samples}


def window(kind="backfill", state="complete", age=1, **fields):
    at = timezone.now() - timedelta(minutes=age)
    return SyncWindow.objects.create(
        kind=kind, state=state, start_from=at - timedelta(days=age), start_to=at, planned_at=at, **fields
    )


@pytest.mark.parametrize(
    ("given", "address", "status"),
    [
        ({}, "127.0.0.1", 200),
        ({}, "::1", 200),
        ({}, "::ffff:127.0.0.1", 200),
        ({}, "203.0.113.7", 403),
        ({}, "", 403),
        ({"x-forwarded-for": "203.0.113.7"}, "127.0.0.1", 403),
        ({"forwarded": "for=203.0.113.7"}, "127.0.0.1", 403),
        ({"x-real-ip": "203.0.113.7"}, "127.0.0.1", 403),
    ],
)
def test_answers_without_token_on_the_machine_itself_only(given, address, status):
    assert Client(REMOTE_ADDR=address).get(PATH, headers=given).status_code == status


@pytest.mark.parametrize(
    ("authorization", "status"),
    [
        ("Bearer of-the-shop", 200),
        ("bearer  of-the-shop ", 200),
        ("Bearer of-the-shoq", 401),
        ("Bearer", 401),
        ("Basic of-the-shop", 401),
        ("Bearer é", 401),
        (None, 401),
    ],
)
def test_answers_to_the_token_from_anywhere(settings, authorization, status):
    settings.METRICS_TOKEN = "of-the-shop"
    headers = {"authorization": authorization} if authorization else {}
    answer = Client(REMOTE_ADDR="203.0.113.7").get(PATH, headers={"x-forwarded-for": "1.2.3.4", **headers})
    assert answer.status_code == status
    assert b"of-the-shop" not in answer.content


def test_needs_the_token_on_the_machine_itself_too(settings):
    settings.METRICS_TOKEN = "of-the-shop"
    assert Client().get(PATH)["WWW-Authenticate"] == "Bearer"


def test_takes_only_reading():
    assert (Client().head(PATH).status_code, Client().post(PATH).status_code) == (200, 405)


def test_is_what_prometheus_reads():
    answer = Client().get(PATH)
    assert answer["Content-Type"].startswith("text/plain; version=")
    names = {f.name for f in text_string_to_metric_families(answer.content.decode())}
    assert names > {"readback_windows", "readback_calls", "readback_conversations", "readback_database_bytes"}
    assert "readback_data_age_seconds" not in names  # not known before the first refresh


def test_tells_how_old_and_how_complete_the_data_is():
    Account.objects.create(account_id="sandbox-1", created_at=timezone.now(), history_paused_at=timezone.now())
    window("refresh")
    window(state="incomplete", age=120, incomplete_since=timezone.now() - timedelta(hours=2))
    told = figures()
    assert 60 <= told["data_age_seconds",] < 120
    assert told["incomplete_windows",] == told["history_paused",] == told["state", "incomplete"] == 1
    assert 7200 <= told["incomplete_oldest_seconds",] < 7300


def test_tells_windows_by_kind_and_state_and_zeros_too():
    window(), window(age=2), window("sweep", "waiting")
    told = figures()
    assert (told["windows", "backfill", "complete"], told["windows", "sweep", "waiting"]) == (2, 1)
    assert sum(name[0] == "windows" for name in told) == len(SyncWindow.Kind) * len(WorkState)


def test_tells_what_is_stored_and_what_is_not():
    now = timezone.now()
    UnreadableRecord.objects.create(key="x", body=b"", reason="why", first_seen_at=now, last_seen_at=now)
    factories.conversation()
    told = figures()
    assert told["unreadable_records",] == 1
    assert told["conversations",] > 0
    assert told["database_bytes",] > 10_000


def test_tells_calls_by_outcome_and_the_slots(settings):
    settings.LIVEPERSON_MAX_CALLS = 4
    CallPace.objects.create(allowed=2.5, call_count=100, failed_count=10, slowed_count=3, waited_seconds=1.5)
    slots.take(4)
    told = figures()
    outcomes = [told["calls_total", name] for name in ("answered", "failed", "slowed")]
    assert (outcomes, told["call_slots_waited_seconds_total",]) == ([90, 7, 3], 1.5)
    assert [told[f"call_slots_{name}",] for name in ("in_use", "allowed", "most")] == [1, 2.5, 4]


def test_tells_what_the_last_hour_did():
    run = {"started_at": timezone.now(), "request_count": 7, "read_count": 5, "new_count": 2, "slowed_count": 1}
    SyncRun.objects.create(kind="refresh", state="failed", **run)
    told = figures()
    assert [told[f"last_hour_{name}",] for name in ("requests", "failed_runs", "slowed")] == [7, 1, 1]
    assert [told["last_hour_conversations", name] for name in ("read", "new", "changed")] == [5, 2, 0]


def test_asks_the_database_as_often_however_much_there_is(django_assert_num_queries):
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as empty:
        Client().get(PATH)
    for age in range(1, 30):
        window(age=age), window("refresh", "waiting", age=age)
    CallPace.objects.create(), slots.take(9)
    with CaptureQueriesContext(connection) as full:
        Client().get(PATH)
    assert len(full) <= len(empty) <= 14


def test_says_only_that_the_database_cannot_be_read():
    def refuse(*_):
        raise OperationalError("could not connect to 10.1.2.3 as readback")

    with connection.execute_wrapper(refuse):
        answer = Client().get(PATH)
    assert (answer.status_code, answer.content) == (503, b"The database cannot be read.\n")
