"""Workers killed at random moments while records change: nothing lost, doubled or regressed.

Three importers that are wrong on purpose must fail the very same check. `make soak` runs it with more of everything.
"""

import os
import random
import signal
import time
from datetime import timedelta

import pytest

from interactions import jobs
from interactions.ingest import sync
from interactions.ingest.reading import read_window, resumed
from interactions.ingest.windows import next_windows
from interactions.jobs.claims import Claim
from tests.interactions.ingest.faulty import unread
from tests.interactions.ingest.test_refresh import ms, record
from tests.interactions.ingest.variants import VARIANTS
from tests.interactions.ingest.worker import Worker
from tests.ledger import compare

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
KILLS = int(os.environ.get("SOAK_KILLS", "5"))
CONVERSATIONS = int(os.environ.get("SOAK_CONVERSATIONS", "400"))
SEED = int(os.environ.get("SOAK_SEED", "7"))
CHANGING = 20


def change(importer, clock, round_number):
    """Records that the importer has seen, or is about to see, change under its hands."""
    for number in range(CHANGING):
        started = ms(clock.now - timedelta(hours=3 + 7 * number))
        found = record(f"c-{number}", started, csatRate=1 + round_number % 5, changed_ms=ms(clock.now))
        importer.account.put(found)


def found_wrong(importer, clock, variant, kills):
    """What is wrong after so many kills at random moments and a last worker that is left to end."""
    chance = random.Random(SEED)
    for number in range(kills + 1):
        change(importer, clock, number)
        worker = Worker(importer, "--variant", variant)
        try:
            worker.until_ready()
            if number < kills:
                # After so many pages, and then at any moment of the next.
                for _ in range(chance.randint(0, 3)):
                    worker.line()
                time.sleep(chance.uniform(0.0, 0.3))
                worker.send(signal.SIGKILL)
            worker.until_ended(3600)
        finally:
            worker.end()
    return [*compare(importer.served.versions), *unread(importer)]


def test_loses_doubles_and_regresses_nothing(importer_of, clock):
    began = time.monotonic()
    wrong = found_wrong(importer_of(CONVERSATIONS, days=20), clock, "", KILLS)
    seconds = time.monotonic() - began
    print(f"seed {SEED}: {KILLS} kills, {CONVERSATIONS} conversations, {seconds:.0f} s: {len(wrong)} wrong")
    assert wrong == []


@pytest.mark.parametrize("variant", VARIANTS)
def test_finds_out_an_importer_that_is_wrong(importer_of, clock, variant):
    assert found_wrong(importer_of(400, days=2), clock, variant, 5) != []


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
