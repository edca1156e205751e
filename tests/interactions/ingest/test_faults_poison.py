"""Records that cannot be read, or that end the process that reads them: put aside with a reason, all others come."""

import pytest

from interactions.ingest.store.prepare import TOO_LONG
from interactions.liveperson.pages import NO_JSON, TOO_LARGE
from interactions.models import Conversation, UnreadableRecord
from interactions.sandbox.faults import Poison
from tests.interactions.ingest.faulty import Scene

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
    longest = [i for i in range(300) if len(scene.importer.account.records([i], now=now)[0]) < 60_000]
    return {scene.importer.account.id_of(row) for row in longest[:: 300 // count][:count]}


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
