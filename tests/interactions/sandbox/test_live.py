"""Determinism, and time passing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import orjson
import pytest

from interactions.sandbox import Account, serve

from .conftest import ANCHOR, ANCHOR_MS, DAY, Caller

HOUR = 3_600_000


class Clock:
    """Seconds since the epoch, moved by hand."""

    def __init__(self) -> None:
        self.now = ANCHOR.timestamp()

    def __call__(self) -> float:
        return self.now

    def pass_(self, **time: float) -> None:
        self.now += timedelta(**time).total_seconds()


def live(clock, **options):
    return Account(**({"seed": 4, "conversations": 150, "anchor": ANCHOR, "live": True, "clock": clock} | options))


def everything(account):
    return {each["info"]["conversationId"]: each for each in account.truth()}


def pages(account):
    with serve(account) as running:
        caller = Caller(running)
        answers = [caller.search(limit=100, offset=offset, sort=sort).content
                   for offset in (0, 100) for sort in ("start:asc", "end:desc")]  # fmt: skip
    return [answer.replace(running.place.encode(), b"PLACE") for answer in answers]


def test_it_serves_the_same_bytes_for_the_same_arguments():
    twins = [Account(seed=9, conversations=150, days=30, anchor=ANCHOR) for _ in range(2)]
    assert pages(twins[0]) == pages(twins[1])


@pytest.mark.parametrize("change", [{"seed": 10}, {"conversations": 151}, {"days": 31},
                                    {"anchor": ANCHOR + timedelta(minutes=10)}])  # fmt: skip
def test_it_serves_another_account_for_other_arguments(change):
    same = {"seed": 9, "conversations": 150, "days": 30, "anchor": ANCHOR}
    assert everything(Account(**same)) != everything(Account(**(same | change)))


def test_it_does_not_care_for_the_clock_unless_live():
    early, late = (Account(seed=9, conversations=60, anchor=ANCHOR, clock=lambda t=t: t) for t in (0.0, 9e9))
    assert everything(early) == everything(late)


def test_it_anchors_at_the_last_ten_minutes():
    account = Account(conversations=3, clock=lambda: datetime(2026, 5, 5, 5, 19, 59, tzinfo=UTC).timestamp())
    assert account.anchor == datetime(2026, 5, 5, 5, 10, tzinfo=UTC)


def test_it_keeps_within_its_days():
    starts = [each["info"]["startTimeL"] for each in Account(conversations=200, days=7, anchor=ANCHOR).truth()]
    assert min(starts) >= ANCHOR_MS - 7 * DAY and max(starts) <= ANCHOR_MS


def test_it_shows_nothing_of_the_future():
    account = live(Clock())
    assert all(instant <= ANCHOR_MS for record in account.truth() for instant in _instants(record))


def _instants(value):
    if isinstance(value, list):
        return [each for item in value for each in _instants(item)]
    if isinstance(value, dict):
        own = [each for key, each in value.items() if key.endswith("imeL") and isinstance(each, int)]
        return own + [each for item in value.values() for each in _instants(item)]
    return []


def test_it_brings_new_conversations_within_minutes():
    clock = Clock()
    account = live(clock, seed=2)
    before = everything(account).keys()
    clock.pass_(minutes=4)
    assert 2 <= len(everything(account).keys() - before) <= 20


def test_it_lets_open_talks_go_on_and_close():
    clock = Clock()
    account = live(clock)
    before = {key: each for key, each in everything(account).items() if each["info"]["status"] == "OPEN"}
    clock.pass_(minutes=3)
    soon = everything(account)
    grown = [key for key, each in before.items() if len(soon[key]["messageRecords"]) > len(each["messageRecords"])]
    clock.pass_(hours=16)
    later = everything(account)
    assert grown
    assert any(later[key]["info"]["status"] == "CLOSE" for key in before)
    assert all(
        later[key]["messageRecords"][: len(each["messageRecords"])] == each["messageRecords"]
        for key, each in before.items()
    )


def test_it_rates_late():
    clock = Clock()
    account = live(clock, conversations=300, days=2)
    before = everything(account)
    clock.pass_(hours=14)
    after = everything(account)
    late = [key for key, each in before.items() if each["info"]["status"] == "CLOSE"
            and "csatRate" not in each["info"] and "csatRate" in after[key]["info"]]  # fmt: skip
    assert late
    assert all(before[key]["info"]["fullDialogStatus"] == "OPEN" for key in late)


def test_it_moves_the_time_of_the_latest_update():
    clock = Clock()
    with serve(live(clock)) as running:
        caller = Caller(running)
        body = {"latestUpdateTime": {"from": ANCHOR_MS + 2 * HOUR}, "start": {"from": ANCHOR_MS - DAY, "to": -1}}
        assert caller.search(body).json()["_metadata"]["count"] == 0
        clock.pass_(hours=5)
        found = caller.search(body, limit=100).json()["conversationHistoryRecords"]
        assert any(each["info"]["startTimeL"] > ANCHOR_MS for each in found)
        assert all(max(_instants(running_record)) >= ANCHOR_MS + 2 * HOUR for running_record in found)


def test_it_is_the_same_after_a_restart():
    clock = Clock()
    steady = live(clock)
    for _ in range(9):
        clock.pass_(minutes=7)
        steady.refresh()
    assert orjson.dumps(list(steady.truth())) == orjson.dumps(list(live(clock).truth()))


def test_it_keeps_the_table_in_step_with_the_records():
    clock = Clock()
    account = live(clock)
    clock.pass_(minutes=45)
    account.refresh()
    with serve(account) as running:
        caller = Caller(running)
        body = {"status": ["OPEN"], "start": {"from": ANCHOR_MS - 9 * DAY, "to": -1}}
        found = {each["info"]["conversationId"] for each in caller.all(body)}
    assert found == {key for key, each in everything(account).items() if each["info"]["status"] == "OPEN"}
    assert found
