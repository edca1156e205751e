"""Records that cannot be read, or that end the process that reads them: put aside with a reason, all others come."""

import os
import signal
from datetime import timedelta

import pytest
from django.db import connections

from interactions.ingest import poison, sync
from interactions.ingest.store.prepare import TOO_LONG, Prepared
from interactions.liveperson.pages import NO_JSON, TOO_LARGE
from interactions.models import Conversation, SyncPage, SyncRun, SyncWindow, UnreadableRecord
from interactions.sandbox.faults import Leaving, Poison
from tests.interactions.ingest.faulty import Scene
from tests.interactions.ingest.test_refresh import ms, record

pytestmark = pytest.mark.django_db
MEGABYTE = 1 << 20
POISONS = {
    "nested deeper than any decoder reads": (b"[" * 200_000 + b"]" * 200_000, NO_JSON),
    "no JSON at all": (b"{]", NO_JSON),
    "more than is taken in at once": (b'"' + b"x" * (70 * MEGABYTE) + b'"', TOO_LARGE),
    "a text of 20 MB": (b'"' + b"x" * (20 * MEGABYTE) + b'"', TOO_LONG),
    "a number of a million digits": (b"9" * 1_000_000, ""),
    "a million small objects": (b"[" + b"{}," * 1_000_000 + b"{}]", ""),
    "broken UTF-8": (b'"\xff\xfe\xfd"', ""),
}


def victims(scene, count):
    now = scene.importer.account.refresh()
    short = [i for i in range(300) if len(scene.importer.account.records([i], now=now)[0]) < 60_000]
    return {scene.importer.account.id_of(row) for row in short[150 // count :: 300 // count][:count]}


@pytest.mark.parametrize("name", POISONS)
def test_reads_everything_else_and_says_why(importer_of, name):
    value, reason = POISONS[name]
    scene = Scene.of(importer_of(300))
    ids = victims(scene, 2)
    scene.script(poison := Poison(ids=ids, value=value))
    scene.go_on(hours=0.5)
    kept = dict(UnreadableRecord.objects.values_list("key", "reason"))
    assert kept == (dict.fromkeys(ids, reason) if reason else {})
    assert Conversation.objects.count() == 300 - len(kept)
    assert scene.wrong(unreadable=ids) == []
    assert poison.hits


def test_misses_nothing_that_moves_up_while_records_are_read_one_by_one(importer_of, clock):
    scene = Scene.of(importer_of(0))
    names = {f"c-{number}" for number in range(60)}
    for number, name in enumerate(sorted(names)):
        scene.importer.account.put(record(name, ms(clock.now - timedelta(minutes=100 - number))))
    sync.plan(clock.now)
    window = SyncWindow.objects.filter(kind="backfill").first()
    SyncRun.objects.create(kind="backfill", window=window, started_at=clock.now, state="failed", error=poison.ENDED)
    SyncPage.objects.create(window=window, offset=poison.MARKS, ids=bytes(poison.AT_A_PAGE))
    scene.script(leaving := Leaving(first=20, times=2))
    scene.work()
    assert len(leaving.gone) == 2
    assert set(Conversation.objects.values_list("conversation_id", flat=True)) == names
    assert scene.wrong() == []


def work_and_die(scene, victim):
    """The worker as a process of its own, which a look at the victim ends as a fault in a library would."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        scene.client = Scene.of(scene.importer).client  # not the parent's connection
        understand = Prepared.understand

        def deadly(self, automatic):
            if self.key == victim and not self.record.unread:
                os.kill(os.getpid(), signal.SIGKILL)
            return understand(self, automatic)

        Prepared.understand = deadly
        try:
            scene.work()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("resumed", [True, False], ids=["the only worker", "one of several"])
def test_gets_past_a_record_that_kills_its_process(importer_of, resumed):
    scene = Scene.of(importer_of(300))
    [victim] = victims(scene, 1)
    codes = []
    while not codes or codes[-1]:
        scene.importer.later(minutes=3)  # the lease of a dead worker runs out
        if resumed:
            sync.resume(now=scene.importer.clock.now)
        codes.append(work_and_die(scene, victim))
    assert codes == [-signal.SIGKILL] * (1 + poison.AT_A_PAGE + poison.AT_A_RECORD) + [0]
    scene.go_on(hours=1)
    assert dict(UnreadableRecord.objects.values_list("key", "reason")) == {victim: poison.WHY}
    assert scene.wrong(unreadable=[victim]) == []
