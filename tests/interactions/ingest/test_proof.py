"""Workers killed at random moments while records change: nothing lost, doubled or regressed.

Three importers that are wrong on purpose must fail the very same check. `make soak` runs it with more of everything.
"""

import os
import time

import pytest

from interactions import jobs
from interactions.ingest import sync
from interactions.ingest.reading import read_window, resumed
from interactions.ingest.windows import next_windows
from interactions.jobs.claims import Claim
from tests.interactions.ingest.faulty import unread
from tests.interactions.ingest.killing import kill_often
from tests.interactions.ingest.tables import astray
from tests.interactions.ingest.variants import VARIANTS
from tests.ledger import compare

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
KILLS = int(os.environ.get("SOAK_KILLS", "5"))
CONVERSATIONS = int(os.environ.get("SOAK_CONVERSATIONS", "400"))
SEED = int(os.environ.get("SOAK_SEED", "7"))


def wrong(importer):
    return [*compare(importer.served.versions), *unread(importer), *astray()]


def test_loses_doubles_and_regresses_nothing(importer_of):
    began = time.monotonic()
    importer = importer_of(CONVERSATIONS, days=20)
    kills = kill_often(importer, CONVERSATIONS, KILLS, SEED, say=print)
    found = wrong(importer)
    seconds = time.monotonic() - began
    print(f"seed {SEED}: {KILLS} kills, {CONVERSATIONS} conversations, {seconds:.0f} s: {len(found)} wrong; {kills}")
    assert found == []
    assert kills.in_time >= 0.9 * KILLS, "most kills came when the import was over"


@pytest.mark.parametrize("variant", VARIANTS)
def test_finds_out_an_importer_that_is_wrong(importer_of, variant):
    importer = importer_of(400, days=2)
    kill_often(importer, 400, 5, SEED, "--variant", variant)
    assert wrong(importer) != []


def test_finds_out_a_claim_without_fencing(importer_of, clock, monkeypatch):
    importer = importer_of(60)
    sync.plan(clock.now)
    rows = next_windows().filter(kind="backfill")
    late = jobs.claim(rows, clock.now)
    mine = rows.filter(pk=late.row.pk)
    jobs.take_over(mine, clock.now)
    jobs.claim(mine, clock.now)
    with pytest.raises(jobs.LostClaim):
        read_window(importer.client, late, importer.tools, resumed(late.row))
    monkeypatch.setattr(Claim, "_mine", lambda self: type(self.row)._default_manager.filter(pk=self.row.pk))
    read_window(importer.client, late, importer.tools, resumed(late.row))
