"""Everything goes wrong with LivePerson while the product's own processes read it: afterwards all that it showed is
stored, once, as it was shown last. `make soak` plays the whole catalogue; here a few of it.
"""

import os

import pytest
from django.db import connection

from interactions.ingest import account
from interactions.sandbox import Account, serve
from tests.interactions.ingest.conftest import Importer
from tests.interactions.ingest.faulty import open_windows, unread
from tests.interactions.ingest.groups import Groups
from tests.interactions.ingest.gusts import QUICK, catalogue
from tests.interactions.ingest.storm import Clock, Storm
from tests.ledger import compare

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
SEED = int(os.environ.get("SOAK_SEED", "7"))
# 0: a few faults alone.
ROUNDS = int(os.environ.get("STORM_ROUNDS", "0"))
CONVERSATIONS = int(os.environ.get("SOAK_CONVERSATIONS", "400"))
OUTAGE = float(os.environ.get("STORM_OUTAGE", "60"))
APP = "tests.interactions.ingest.stormy"


@pytest.fixture
def storm_of(tmp_path, server_parts, settings):
    """A storm over a new account; what `stormy.py` is told is that of a long or of a short one."""
    settings.BACKFILL_DAYS = 21
    running = []

    def begin(conversations):
        clock = Clock()
        made = serve(Account(conversations=conversations, days=20, live=True, clock=clock))
        account.pin(made.account.id)
        importer = Importer(made, None, clock)
        deadly = tmp_path / "deadly"
        groups = Groups(
            importer,
            tmp_path / "data",
            server_parts.get("CELERY_BROKER_URL", ""),
            app=APP,
            processes=2 if connection.vendor == "postgresql" else 1,
            STORM_LEASE="10" if ROUNDS else "5",
            STORM_COMPARISON="30" if ROUNDS else "3",
            STORM_DEADLY=str(deadly),
            **login(made.credentials),
        )
        running.append((made, groups))
        return Storm(importer, groups, clock, SEED, OUTAGE, deadly)

    yield begin
    for served, groups in running:
        groups.end()
        served.stop()


def login(credentials):
    """A sign-in instead of a key, so that sessions can end."""
    parts = ("APP_KEY", "APP_SECRET", "ACCESS_TOKEN", "ACCESS_TOKEN_SECRET")
    return {f"LIVEPERSON_{part}": "" for part in parts} | {
        "LIVEPERSON_USERNAME": credentials.username,
        "LIVEPERSON_PASSWORD": credentials.password,
    }


def wrong(storm):
    return [*compare(storm.importer.served.versions), *unread(storm.importer), *open_windows()]


def short(storm):
    storm.start()
    few = [gust for gust in catalogue() if gust.name in QUICK]
    storm.chance.shuffle(few)
    storm.play(few[:2])
    storm.empty()
    storm.play(few[2:5], strikes=True)
    storm.play(few[5:])


def long(storm):
    """Every fault once a round, a sixth of them with two others at the same time."""
    storm.start()
    for _ in range(ROUNDS):
        gusts = storm.chance.sample(catalogue(), len(catalogue()))
        for number, gust in enumerate(gusts):
            others = storm.chance.sample(gusts, 2) if storm.chance.random() < 1 / 6 else []
            storm.play([gust, *(other for other in others if other is not gust)], strikes=storm.chance.random() < 0.6)
            if number % 5 == 0:
                storm.empty()
        storm.kill_by_a_record()


def test_has_everything_after_a_storm(storm_of):
    storm = storm_of(CONVERSATIONS)
    (long if ROUNDS else short)(storm)
    is_done = storm.calm(900 if ROUNDS else 90)
    found = wrong(storm)
    print(storm.summary(len(found)), *found, sep="\n")
    assert found == [], storm.groups.said[-3000:]
    assert is_done
    assert storm.never_served == []
