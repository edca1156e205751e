"""Workers killed at random moments while records change: nothing lost, doubled or regressed.

Three importers that are wrong on purpose must fail the very same check. `make soak` runs it with more of everything.
"""

import os
import random
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest

from interactions import jobs
from interactions.ingest import sync
from interactions.ingest.reading import read_window
from interactions.ingest.windows import next_windows
from interactions.jobs.claims import Claim
from interactions.models import Conversation
from tests.database import database_url
from tests.interactions.ingest.test_refresh import ms, record
from tests.interactions.ingest.variants import VARIANTS
from tests.ledger import compare

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
HERE = Path(__file__).parents[3]
KILLS = int(os.environ.get("SOAK_KILLS", "5"))
CONVERSATIONS = int(os.environ.get("SOAK_CONVERSATIONS", "400"))
SEED = int(os.environ.get("SOAK_SEED", "7"))
CHANGING = 20
WORKER = """
import django
django.setup()
from tests.interactions.ingest import variants
variants.apply()
from django.utils import timezone
from interactions.ingest import account, connection, sync
from interactions.ingest.reading import Tools
name, client = connection.build_client()
account.pin(name)
sync.resume(now=timezone.now())
print("ready", flush=True)
while sync.run_due(client, Tools(watch=lambda reading: print("page", flush=True))):
    pass
"""


def start(importer, variant):
    key = importer.served.credentials
    parts = ("app_key", "app_secret", "access_token", "access_token_secret")
    environment = {
        **os.environ,
        **{f"LIVEPERSON_{part.upper()}": getattr(key, part) for part in parts},
        "LIVEPERSON_API_URL": importer.served.url,
        "LIVEPERSON_ACCOUNT_ID": importer.account.id,
        "DJANGO_SETTINGS_MODULE": "dashboard.settings",
        "DATABASE_URL": database_url(),
        "BACKFILL_DAYS": "21",
        "POLL_SECONDS": "5",
        "READBACK_TEST_VARIANT": variant,
    }
    command = [sys.executable, "-c", WORKER]
    return subprocess.Popen(
        command, env=environment, cwd=HERE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        start_new_session=True,
    )  # fmt: skip


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
        process = start(importer, variant)
        try:
            assert process.stdout.readline() == "ready\n", process.stdout.read()
            if number < kills:
                # After so many pages, and then at any moment of the next.
                for _ in range(chance.randint(0, 3)):
                    process.stdout.readline()
                time.sleep(chance.uniform(0.0, 0.3))
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate(timeout=3600)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.communicate()
    unread = {r["info"]["conversationId"] for r in importer.account.truth()}
    unread -= set(Conversation.objects.values_list("conversation_id", flat=True))
    return [*compare(importer.served.versions), *(f"LOST {ident}: never read." for ident in sorted(unread))]


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
        read_window(importer.client, late, importer.tools)
    monkeypatch.setattr(Claim, "_mine", lambda self: type(self.row)._default_manager.filter(pk=self.row.pk))
    read_window(importer.client, late, importer.tools)
