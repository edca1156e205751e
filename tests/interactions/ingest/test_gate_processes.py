"""Several processes at the gate: a sandbox counts how many of their calls are in flight at once."""

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from interactions.models import CallPace, CallSlot
from tests.interactions.ingest.worker import environment
from tests.product import wait_for

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).parents[3]
PROCESSES, CALLS, LIMIT = 6, 15, 2
PATIENCE = 60.0

CALLING = """
import sys, django; django.setup()
from interactions.ingest import connection
from interactions.liveperson import HttpTransport
client = connection.build_client()[1]
if sys.argv[2] == "ungated":
    object.__setattr__(client._caller, "transport", HttpTransport())
for number in range(int(sys.argv[1])):
    client.search(start_from=0, start_to=1, limit=1)
client.close()
"""


class Counted:
    """Counts the calls in flight in a served account, each for a moment, or until there are as many as `together`."""

    def __init__(self, served, together=0):
        self.now = self.most = self.total = 0
        self._together, self._answer, self._changed = together, served.sandbox.answer, threading.Condition()
        served.sandbox.answer = self

    def __call__(self, call):
        with self._changed:
            self.now, self.total = self.now + 1, self.total + 1
            self.most = max(self.most, self.now)
            self._changed.notify_all()
            self._changed.wait_for(lambda: self.most >= self._together, timeout=PATIENCE)
        time.sleep(0.02)  # a call takes time, or none would meet another
        answer = self._answer(call)
        with self._changed:
            self.now -= 1
        return answer


def start(importer, *arguments, processes=PROCESSES, **settings):
    told = environment(importer, **settings)
    command = [sys.executable, "-c", CALLING, *arguments]
    return [subprocess.Popen(command, env=told, cwd=ROOT) for _ in range(processes)]


def run(importer, *arguments, processes=PROCESSES, **settings):
    started = start(importer, *arguments, processes=processes, **settings)
    try:
        assert [process.wait(2 * PATIENCE) for process in started] == [0] * processes
    finally:
        for process in started:
            process.kill()
            process.wait()


def test_never_has_more_calls_in_flight_than_the_setting_allows(importer):
    CallPace.objects.create(pk=1, allowed=LIMIT)
    counted = Counted(importer.served)
    run(importer, str(CALLS), "gated", LIVEPERSON_MAX_CALLS=str(LIMIT))
    assert counted.total == PROCESSES * (CALLS + 1)  # each asks for the service's address first
    assert counted.most == LIMIT
    assert CallPace.objects.get().call_count == counted.total
    assert not CallSlot.objects.exclude(holder="").exists()


def test_would_have_more_without_the_gate(importer):
    counted = Counted(importer.served, together=LIMIT + 1)
    run(importer, "1", "ungated", processes=LIMIT + 1)
    assert counted.most == LIMIT + 1


def test_does_not_wait_out_the_lease_of_a_process_that_was_killed_in_a_call(importer):
    counted = Counted(importer.served, together=2)  # the first call is never answered alone
    killed = start(importer, "1", "gated", processes=1, LIVEPERSON_MAX_CALLS="1")[0]
    wait_for(lambda: counted.now == 1)
    killed.kill()
    killed.wait()
    assert CallSlot.objects.exclude(holder="").count() == 1
    run(importer, "1", "gated", processes=1, LIVEPERSON_MAX_CALLS="1")
    assert not CallSlot.objects.exclude(holder="").exists()
