"""Real processes that are stopped, doubled, or meet a full disk or a wrong clock: all arrives, once, all the same."""

import signal
import subprocess
import threading
import time
from datetime import timedelta

import psutil
import pytest
from django.db import connection

from interactions.models import CallPace, Conversation, SyncRun, SyncWindow, UnreadableRecord
from tests import servers
from tests.database import other_backends
from tests.interactions.ingest.faulty import unread
from tests.interactions.ingest.test_refresh import ms, record
from tests.interactions.ingest.worker import Worker
from tests.ledger import compare

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
LEASE = 2.0
POLL = 5.0  # seconds between two refreshes of these workers
ROOM = 100_000
TAKEN_OVER = "Another worker has taken this period over."


@pytest.fixture
def workers():
    """Starts workers, and ends those that still live when the test is over."""
    started = []

    def start(importer, *arguments, **settings):
        started.append(Worker(importer, *arguments, **settings))
        return started[-1]

    yield start
    for worker in started:
        worker.end()


def wrong(importer):
    return [*compare(importer.served.versions), *unread(importer)]


def change(importer, clock, rating):
    for number in range(20):
        started = ms(clock.now - timedelta(hours=3 + 7 * number))
        importer.account.put(record(f"c-{number}", started, csatRate=rating, changed_ms=ms(clock.now)))


class StopIn:
    """Stops whoever asks for the page of that number in the middle of its call, so that it holds nothing else."""

    def __init__(self, importer, page):
        self.left, self.process, self.stopped = page, None, threading.Event()
        self._answer = importer.served.sandbox.answer
        importer.served.sandbox.answer = self

    def __call__(self, call):
        answer = self._answer(call)
        if call.path.endswith("/conversations/search") and not self.stopped.is_set():
            self.left -= 1
            if self.left < 0:
                self.process.send(signal.SIGSTOP)
                self.stopped.set()
        return answer


def test_a_worker_that_slept_beyond_its_lease_writes_nothing_over_what_is_newer(importer_of, clock, workers):
    importer = importer_of(300)
    CallPace.objects.create(pk=1, allowed=2)  # the sleeper holds a slot, and the other needs one
    change(importer, clock, 1)
    stop = StopIn(importer, page=3)
    stop.process = asleep = workers(importer, "--lease", str(LEASE))
    assert stop.stopped.wait(60)
    change(importer, clock, 5)  # what the sleeper has in hand is old by now
    time.sleep(LEASE + 0.5)
    other = workers(importer, "--lease", str(LEASE), "--beside")
    assert other.until_ended() == 0, other.said
    asleep.send(signal.SIGCONT)
    assert asleep.until_ended() == 0, asleep.said
    assert wrong(importer) == []
    assert list(SyncRun.objects.filter(state="failed").values_list("error", flat=True)) == [TAKEN_OVER]


def test_two_workers_share_the_history_and_read_no_period_twice(importer_of, workers):
    importer = importer_of(600)
    both = [workers(importer, "--beside").until_ready() for _ in range(2)]
    assert [worker.until_ended() for worker in both] == [0, 0], [worker.said for worker in both]
    last = workers(importer)  # what one was about to plan when the other had ended
    assert last.until_ended() == 0, last.said
    assert wrong(importer) == []
    assert all(worker.said.count("page") > 1 for worker in both)
    backfill = SyncWindow.objects.filter(kind="backfill")
    assert set(backfill.values_list("state", "fence", "attempt_count")) == {("complete", 1, 1)}


@pytest.mark.parametrize("hours", [1, -1])
def test_a_clock_that_is_set_in_the_middle_harms_nothing(importer_of, clock, workers, hours):
    importer = importer_of(300)
    stepped = workers(importer, "--step", str(hours * 3600), "--step-after", "3")
    assert stepped.until_ended() == 0, stepped.said
    change(importer, clock, 4)
    time.sleep(POLL)
    right = workers(importer)
    assert right.until_ended() == 0, right.said
    assert wrong(importer) == []


def test_goes_on_once_a_full_disk_has_room_again(importer_of, clock, workers):
    importer = importer_of(600)
    change(importer, clock, 1)
    stop = StopIn(importer, page=2)
    stop.process = worker = workers(importer)
    assert stop.stopped.wait(60)
    fill_the_disk(worker)
    worker.send(signal.SIGCONT)
    worker.until_ended()
    assert "window broke off" in worker.said, worker.said
    assert not UnreadableRecord.objects.exists()
    assert Conversation.objects.count() < 600
    SyncWindow.objects.update(not_before=None)  # it would be tried again in half a minute
    change(importer, clock, 3)
    again = workers(importer)
    assert again.until_ended() == 0, again.said
    assert wrong(importer) == []


def fill_the_disk(worker):
    """Nothing is written any more beyond the first part of any file that this worker's rows go to."""
    if connection.vendor == "sqlite":
        psutil.Process(worker.process.pid).rlimit(psutil.RLIMIT_FSIZE, (ROOM, ROOM))
        return
    # The log of PostgreSQL comes in files of a fixed size, made in advance.
    for backend in other_backends():
        subprocess.run(["prlimit", f"--pid={backend}", f"--fsize={1 << 20}"], check=True, **servers.identity())
