"""Celery's real worker groups and beats: bells that ring too often or are lost, and a database that goes down."""

import os
import signal
import sqlite3
import time
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from interactions.models import Conversation, SyncWindow
from tests.database import other_backends
from tests.interactions.ingest.faulty import unread
from tests.interactions.ingest.groups import Groups, kill
from tests.interactions.ingest.test_refresh import ms, record
from tests.ledger import compare
from tests.product import wait_for

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
CHANGING, BELLS = 20, 30


@pytest.fixture
def groups_of(tmp_path, server_parts):
    """On the database of the suite: the embedded broker beside SQLite, Redis beside PostgreSQL."""
    made = []

    def start(importer):
        made.append(Groups(importer, tmp_path / "data", server_parts.get("CELERY_BROKER_URL", "")))
        return made[-1]

    yield start
    for groups in made:
        groups.end()


def change(importer, clock, rating):
    for number in range(CHANGING):
        started = ms(clock.now - timedelta(hours=3 + 7 * number))
        importer.account.put(record(f"c-{number}", started, csatRate=rating, changed_ms=ms(clock.now)))


def has(rating, count):
    rated = Conversation.objects.filter(conversation_id__startswith="c-", csat=rating)
    return rated.count() == CHANGING and Conversation.objects.count() == count and not still_open().exists()


def still_open():
    return SyncWindow.objects.filter(kind="backfill").exclude(state="complete")


def test_two_beats_and_bells_lost_or_rung_thirty_times_read_everything_once(importer_of, clock, groups_of):
    importer = importer_of(400)
    change(importer, clock, 1)
    groups = groups_of(importer)
    groups.beat(), groups.beat()
    first = groups.worker()
    if connection.vendor == "postgresql":  # the embedded broker serves one group
        groups.worker()
    wait_for(lambda: Conversation.objects.count() > 50)
    for _ in range(BELLS):
        groups.ring()
    groups.empty()
    for _ in range(BELLS):
        groups.ring()
    assert wait_for(lambda: has(1, 400 + CHANGING)), groups.said
    kill(first)
    change(importer, clock, 5)
    groups.worker()
    groups.empty()
    wait_for(lambda: has(5, 400 + CHANGING))
    assert [*compare(importer.served.versions), *unread(importer)] == []
    backfill = SyncWindow.objects.filter(kind="backfill")
    assert set(backfill.values_list("fence", flat=True)) == {1}


def test_goes_on_when_the_database_has_been_down(importer_of, clock, groups_of):
    importer = importer_of(400)
    change(importer, clock, 1)
    groups = groups_of(importer)
    groups.beat(), groups.worker()
    wait_for(lambda: Conversation.objects.count() > 50)
    take_down()
    # Two minutes pass: leases end, and what failed may be tried again.
    left = SyncWindow.objects.exclude(state="complete")
    left.update(lease_until=timezone.now(), not_before=None)
    change(importer, clock, 4)
    wait_for(lambda: has(4, 400 + CHANGING))
    assert [*compare(importer.served.versions), *unread(importer)] == []


def take_down():
    """PostgreSQL restarts as after a crash; SQLite is locked by somebody else for longer than anybody waits."""
    if connection.vendor == "sqlite":
        other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        time.sleep(connection.settings_dict["OPTIONS"]["timeout"] + 2)
        other.close()
        return
    os.kill(other_backends()[0], signal.SIGKILL)
    # It cuts every connection first, in a moment; until then it looks as if it were up.
    wait_for(is_cut)
    wait_for(is_up)


def is_cut():
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except OperationalError:
        return True
    return False


def is_up():
    try:
        connection.close()
        return Conversation.objects.exists()
    except OperationalError:
        return False
