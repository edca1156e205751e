"""A backup taken while a worker imports: whole, and reading goes on from it until all is as LivePerson shows it."""

import signal
import time
from datetime import timedelta

import pytest

from interactions.models import Conversation, SyncPage, SyncWindow
from tests.interactions.ingest.copies import by_itself, look_into
from tests.interactions.ingest.test_refresh import ms, record
from tests.interactions.ingest.worker import Worker
from tests.ledger import compare

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
CHANGING, CONVERSATIONS = 20, 1000
POLL = 5.0


def change(importer, clock, rating):
    for number in range(CHANGING):
        started = ms(clock.now - timedelta(hours=3 + 7 * number))
        importer.account.put(record(f"c-{number}", started, csatRate=rating, changed_ms=ms(clock.now)))


class Slow:
    """The account answers after so many seconds, so that whatever is done meanwhile is done under load."""

    def __init__(self, importer, seconds):
        self.seconds, self._answer = seconds, importer.served.sandbox.answer
        importer.served.sandbox.answer = self

    def __call__(self, call):
        time.sleep(self.seconds)
        return self._answer(call)


def go_on(importer, url):
    worker = Worker(importer, DATABASE_URL=url)
    assert worker.until_ended() == 0, worker.said


def test_a_backup_under_load_is_whole_and_reading_goes_on_from_it(importer_of, clock, copies):
    importer = importer_of(CONVERSATIONS, days=1)  # one period of many pages
    change(importer, clock, 1)
    slow = Slow(importer, 0.6)
    worker = Worker(importer, LOG_LEVEL="WARNING").until_ready()
    for _ in range(3):
        assert worker.line().startswith("page ")
    path = copies.take(importer)
    assert worker.process.poll() is None and SyncWindow.objects.filter(state="running").exists()
    assert path.stat().st_mode & 0o777 == 0o600
    change(importer, clock, 5)  # what the copy has of these is old from now on
    worker.send(signal.SIGKILL)  # and here the database is lost
    worker.end()
    slow.seconds = 0

    looked_at = by_itself(importer, copies.restore(path))
    assert (looked_at.returncode, looked_at.stdout) == (0, "\n"), looked_at.stdout + looked_at.stderr

    url = copies.restore(path)
    alias = look_into(url)
    assert SyncPage.objects.using(alias).exists(), "nothing was in hand"
    assert 100 < Conversation.objects.using(alias).count() < CONVERSATIONS
    wrong = [said for said in compare(importer.served.versions, alias) if not said.endswith("shown, not stored.")]
    assert [said for said in wrong if not said.startswith("REGRESSED c-")] == []
    go_on(importer, url)
    time.sleep(POLL)  # until the next refresh is due
    go_on(importer, url)
    assert compare(importer.served.versions, alias) == []
    rated = Conversation.objects.using(alias).filter(conversation_id__startswith="c-", csat=5)
    assert (rated.count(), Conversation.objects.using(alias).count()) == (CHANGING, CONVERSATIONS + CHANGING)
