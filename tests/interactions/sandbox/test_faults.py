"""Scripted faults, as a plain HTTP caller meets them, and the ledger of what was shown."""

from datetime import timedelta
from email.utils import parsedate_to_datetime

import pytest
import requests

from interactions.sandbox import Account, faults, serve

from .conftest import ANCHOR, Caller

TIMEOUT = 0.3


@pytest.fixture
def time():
    return [ANCHOR.timestamp()]


@pytest.fixture
def served(time):
    with serve(Account(seed=5, conversations=20, anchor=ANCHOR, clock=lambda: time[0])) as running:
        yield running


def statuses(caller, count):
    return [caller.search().status_code for _ in range(count)]


def test_it_hits_calls_by_number(served):
    served.faults.script(faults.Status(status=500, first=2, times=2), faults.Status(status=503, first=5))
    assert statuses(Caller(served), 6) == [200, 500, 500, 200, 503, 503]


def test_it_hits_calls_by_the_ending_of_their_path(served):
    served.faults.script(faults.Status(status=500, ending="/skills"))
    caller = Caller(served)
    assert (statuses(caller, 1), caller.get("le-users/skills").status_code) == ([200], 500)


def test_it_is_out_for_twenty_minutes_of_its_own_time(served, time):
    served.faults.script(faults.Outage(begins=60.0))
    found = []
    for minutes in (0, 2, 18, 1, 1):
        time[0] += 60 * minutes
        found += statuses(Caller(served), 1)
    assert found == [200, 503, 503, 200, 200]


def test_it_is_well_again_when_the_script_is_cleared(served):
    served.faults.script(faults.Status(status=500))
    before = statuses(Caller(served), 1)
    served.faults.clear()
    assert (before, statuses(Caller(served), 1)) == ([500], [200])


@pytest.mark.parametrize(
    ("said", "header"),
    [(None, None), ("7", "7"), ("soon", "soon")],
)
def test_it_says_when_to_come_back(served, said, header):
    served.faults.script(faults.TooMany(retry_after=said))
    answer = Caller(served).search()
    assert (answer.status_code, answer.headers.get("Retry-After")) == (429, header)


@pytest.mark.parametrize("wait", [timedelta(seconds=40), timedelta(days=-4000)])
def test_it_dates_its_answers_by_the_clock_that_it_says_when_to_come_back_by(served, wait):
    served.faults.script(faults.TooMany(retry_after=wait))
    answer = Caller(served).search()
    sent, back = (parsedate_to_datetime(answer.headers[name]) for name in ("Date", "Retry-After"))
    assert answer.status_code == 429
    assert wait - timedelta(seconds=5) <= back - sent <= wait


@pytest.mark.parametrize(
    "fault",
    [faults.Reset(), faults.Reset(share=0.5), faults.HalfOpen()],
    ids=["reset", "reset in the middle", "half open"],
)
def test_it_lets_no_answer_through(served, fault):
    served.faults.script(fault)
    with pytest.raises(requests.RequestException):
        caller = Caller(served)
        caller.session.request("POST", f"{caller.base}/search", params={"source": "T"}, json=ALL, timeout=TIMEOUT)
    assert served.versions.ids() == []


ALL = {"start": {"from": int(ANCHOR.timestamp() * 1000) - 86_400_000 * 90, "to": int(ANCHOR.timestamp() * 1000)}}


def test_it_sends_a_few_bytes_at_a_time(served):
    served.faults.script(faults.Slow())
    caller = Caller(served)
    url = f"{caller.base}/search?source=T"
    with caller.session.post(url, json=ALL, timeout=20, stream=True) as answer:
        assert len(answer.raw.read1(100_000)) <= 1000 < int(answer.headers["Content-Length"])
    assert served.versions.ids() == []


def test_it_unpacks_to_more_than_anybody_takes(served):
    served.faults.script(faults.Bomb(size=1 << 20))
    answer = Caller(served).search()
    assert (len(answer.content) > 1 << 20, int(answer.headers["Content-Length"]) < 1 << 15) == (True, True)


@pytest.mark.parametrize("fault", [faults.Truncated(), faults.Html()])
def test_it_gives_what_is_no_json(served, fault):
    served.faults.script(fault)
    answer = Caller(served).search()
    assert answer.status_code == 200
    with pytest.raises(ValueError, match=r"\w"):
        answer.json()
    assert served.versions.ids() == []


def listed(served, **params):
    page = Caller(served).search(limit=100, **params).json()
    return [each["info"]["conversationId"] for each in page["conversationHistoryRecords"]], page["_metadata"]["count"]


def test_it_lists_some_twice(served):
    served.faults.script(faults.Doubled(every=5, apart=3))
    ids, count = listed(served)
    assert (len(ids), count, len(set(ids))) == (24, 24, 20)


def test_it_lists_them_in_another_order_each_time(served):
    usual, _ = listed(served)
    served.faults.script(faults.Shuffled(reach=10))
    first, second = listed(served)[0], listed(served)[0]
    assert sorted(first) == sorted(second) == sorted(usual)
    assert len({tuple(usual), tuple(first), tuple(second)}) == 3


def test_it_moves_between_two_pages(served):
    served.faults.script(faults.Leaving(times=1, count=2), faults.Arriving(times=1), faults.Changing(times=1))
    before, _ = listed(served)
    after, _ = listed(served)
    assert (set(before) - set(after), len(set(after) - set(before))) == (set(before[:2]), 1)
    assert len(served.versions.shown(before[-1])) == 2


def test_it_remembers_versions_in_order_and_the_last_whole_one(served):
    ids, _ = listed(served)
    served.faults.script(faults.Changing(times=1), faults.CutShort(first=3))
    for _ in range(3):
        listed(served)
    shown = served.versions.shown(ids[0])
    assert [each.is_whole for each in shown] == [True, True, False]
    assert served.versions.expected(ids[0]) == shown[1]
    assert b'"isPartial":false' in served.versions.body(ids[0])
