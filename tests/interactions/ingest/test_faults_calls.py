"""Calls that fail in every way: afterwards the database shows all that LivePerson showed, and meanwhile it says so."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from interactions.liveperson import UserLogin
from interactions.models import Account, Conversation
from interactions.sandbox.faults import (
    BY_ID,
    Bomb,
    ExpireBearers,
    Fault,
    HalfOpen,
    Html,
    Outage,
    Reset,
    Slow,
    Status,
    TooMany,
    Truncated,
)
from tests.interactions.ingest.faulty import IMPATIENT, Scene

pytestmark = pytest.mark.django_db


@dataclass
class Case:
    """Faults, and the kind of trouble that the operator reads of after the first try ("" when none is left)."""

    faults: Callable[[], list[Fault]]
    trouble: str = ""
    options: dict[str, Any] = field(default_factory=dict)


HASTY = {"timeout": IMPATIENT}
CASES = {
    "500 with LivePerson's code, once": Case(lambda: [Status(status=500, code=7, first=2, times=2)]),
    "502 in bursts": Case(lambda: [Status(status=502, first=n, times=2) for n in (1, 5, 9)]),
    "503 longer than a call is repeated": Case(lambda: [Status(status=503, first=2, times=9)], "unavailable"),
    "500 for records by id": Case(lambda: [Status(status=500, ending=BY_ID, times=6)], "unavailable"),
    "429 without Retry-After": Case(lambda: [TooMany(first=2, times=3)]),
    "429 in seconds": Case(lambda: [TooMany(first=2, times=3, retry_after="20")]),
    "429 with a date": Case(lambda: [TooMany(first=2, times=3, retry_after=timedelta(seconds=40))]),
    "429 with a date long past": Case(lambda: [TooMany(first=2, times=3, retry_after=timedelta(days=-4000))]),
    "429 with a date far away": Case(lambda: [TooMany(times=1, retry_after=timedelta(days=4000))], "slowed"),
    "429 with nonsense": Case(lambda: [TooMany(times=3, retry_after="when it suits")]),
    "429 with a negative number": Case(lambda: [TooMany(times=3, retry_after="-5")]),
    "429 with a huge number": Case(lambda: [TooMany(times=1, retry_after="9" * 400)], "slowed"),
    "429 with an hour": Case(lambda: [TooMany(times=1, retry_after="3600")], "slowed"),
    "429 again and again": Case(lambda: [TooMany(times=20)], "slowed"),
    "reset before the answer": Case(lambda: [Reset(first=2, times=3)]),
    "reset in the middle of the answer": Case(lambda: [Reset(first=2, times=3, share=0.5)]),
    "reset longer than a call is repeated": Case(lambda: [Reset(share=0.9, times=8)], "unavailable"),
    "no answer at all": Case(lambda: [HalfOpen(first=2, times=2)], "", HASTY),
    "one kilobyte a second": Case(lambda: [Slow(first=2, times=2)], "", HASTY),
    "JSON that ends too early": Case(lambda: [Truncated(first=2, times=1)]),
    "half the JSON, a few times": Case(lambda: [Truncated(first=3, times=4, share=0.5)]),
    "half the JSON, many times": Case(lambda: [Truncated(first=3, times=20, share=0.5)], "unexpected"),
    "a page for people": Case(lambda: [Html(first=2, times=2)]),
    "a page for people from everywhere": Case(lambda: [Html(ending="", times=40)], "unexpected"),
    "an answer that unpacks to 100 MB": Case(lambda: [Bomb(first=2, times=2)]),
    "answers that unpack to 100 MB": Case(lambda: [Bomb(first=3, times=16)], "unexpected"),
}


@pytest.mark.parametrize("name", CASES)
def test_has_everything_once_the_fault_is_over(importer_of, name):
    case = CASES[name]
    scene = Scene.of(importer_of(300), **case.options)
    faults = case.faults()
    scene.script(*faults)
    scene.work()
    assert scene.trouble == case.trouble
    scene.go_on(hours=3, step=15)
    assert all(fault.hits for fault in faults)
    assert scene.wrong() == []
    assert (scene.trouble, scene.state) == ("", "current")


@pytest.mark.parametrize("read_first", [False, True], ids=["during the first import", "during the refreshes"])
def test_lives_through_twenty_minutes_without_liveperson(importer_of, read_first):
    scene = Scene.of(importer_of(300, live=True))
    if read_first:
        scene.work()
    scene.script(outage := Outage(first=1 if read_first else 15))
    scene.go_on(hours=0.3, step=1)
    assert (scene.trouble, scene.state) == ("unavailable", "behind")
    assert Account.objects.get().trouble_detail.startswith("LivePerson has not answered since ")
    assert outage.hits < 40
    scene.go_on(hours=2)
    assert scene.wrong() == []
    assert (scene.trouble, scene.state) == ("", "current")


def test_asks_only_now_and_then_while_liveperson_is_out(importer_of):
    scene = Scene.of(importer_of(60))
    scene.script(outage := Outage(lasts=8 * 3600.0))
    scene.go_on(hours=8, step=1)
    assert 4 < outage.hits < 120
    scene.go_on(hours=1)
    assert scene.wrong() == []


def test_gets_on_though_every_page_takes_longer_than_the_lease(importer_of):
    scene = Scene.of(importer_of(300))
    scene.script(Slowed(retry_after="60"))
    scene.until(lambda: Conversation.objects.count() == 300, minutes=240, step=2)


@dataclass(kw_only=True)
class Slowed(TooMany):
    """Two of three searches are put off."""

    asked: int = 0

    def takes(self, call, now):
        self.asked += call.path.endswith(self.ending)
        return self.asked % 3 != 0 and super().takes(call, now)


def test_signs_in_again_when_its_session_ends(importer_of, monkeypatch):
    importer = importer_of(300)
    key = importer.served.credentials
    monkeypatch.setattr("tests.interactions.ingest.conftest.connection.credentials", lambda _: login(key))
    scene = Scene.of(importer)
    scene.script(ExpireBearers(first=2, times=1), ExpireBearers(first=5, times=1))
    scene.work()
    assert (scene.trouble, Conversation.objects.count()) == ("", 300)
    assert importer.served.ledger.count("/login") == 3
    assert scene.wrong() == []


def login(key):
    return UserLogin(key.username, key.password)
