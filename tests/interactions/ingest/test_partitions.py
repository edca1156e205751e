"""The partitions of docs/operations.md, made while a worker imports."""

import psycopg
import pytest
from django.db import connection

from tests import operations
from tests.interactions.ingest.copies import by_itself
from tests.interactions.ingest.worker import Worker

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
CONVERSATIONS, BOUND = 1200, 800


def test_an_import_goes_on_while_the_messages_are_parted_and_loses_nothing(importer_of, copies):
    if connection.vendor == "sqlite":  # it has no partitions
        return
    importer = importer_of(CONVERSATIONS)
    url = copies.empty(importer)
    worker = Worker(importer, DATABASE_URL=url, LOG_LEVEL="WARNING").until_ready()
    assert worker.line().startswith("page ")
    written = operations.block("sql", "Partitions").replace(":bound", str(BOUND)).replace(":size", str(10 * BOUND))
    with psycopg.connect(url, autocommit=True) as other:
        other.execute(written.encode())
        assert worker.process.poll() is None
    assert worker.until_ended() == 0, worker.said
    with psycopg.connect(url) as other:
        parts = other.execute(
            "SELECT tableoid::regclass::text, count(DISTINCT id >> 16) FROM interactions_message GROUP BY 1 ORDER BY 1"
        ).fetchall()
        [stored] = other.execute("SELECT count(*) FROM interactions_conversation").fetchone()
        [unreadable] = other.execute("SELECT count(*) FROM interactions_unreadablerecord").fetchone()
    assert [name for name, _ in parts] == ["interactions_message_0", "interactions_message_1"]
    assert (stored, unreadable) == (CONVERSATIONS, 0)
    # Everything is deleted and copied again on the way.
    looked_at = by_itself(importer, url)
    assert (looked_at.returncode, looked_at.stdout) == (0, "\n"), looked_at.stdout + looked_at.stderr
