"""The gate: a slot around every call, and what the answers do to the pace."""

import pytest
from requests import PreparedRequest

from interactions.ingest import connection, gate, status
from interactions.ingest.gate import Gate, gated
from interactions.ingest.reading import Ending
from interactions.jobs import slots
from interactions.jobs.pace import QUICK, Pace
from interactions.liveperson import Answer, HttpTransport, Timeout, Unavailable
from interactions.models import CallPace, CallSlot, SyncRun

pytestmark = pytest.mark.django_db


def passing(answer, *, slots_seen=None, **options):
    """A gate before a LivePerson that always answers so; its pace allows eight calls."""

    def transport(request):
        if slots_seen is not None:
            slots_seen.append(slots.in_use())
        if isinstance(answer, Exception):
            raise answer
        return answer

    CallPace.objects.create(pk=1, allowed=8)
    return Gate(transport, Pace(8), **options)


def pace_after(gate):
    gate.close()
    return CallPace.objects.get()


def test_holds_a_slot_during_the_call_alone():
    seen = []
    assert passing(Answer(200), slots_seen=seen)(PreparedRequest()).status == 200
    assert (seen, slots.in_use()) == ([1], 0)


@pytest.mark.parametrize(
    ("answer", "calls", "failed", "slowed", "allowed"),
    [
        (Answer(200), 1, 0, 0, 8),
        (Answer(304), 1, 0, 0, 8),
        (Answer(404), 1, 0, 0, 8),
        (Answer(500), 1, 1, 0, 8),
        (Answer(429), 1, 1, 1, 4),
        (Answer(503), 1, 1, 1, 4),
    ],
)
def test_sets_the_pace_by_the_answer(answer, calls, failed, slowed, allowed):
    given = passing(answer)
    given(PreparedRequest())
    after = pace_after(given)
    assert (after.call_count, after.failed_count, after.slowed_count, after.allowed) == (calls, failed, slowed, allowed)


def test_counts_a_call_without_answer_as_failed_and_lets_go():
    given = passing(Unavailable("the connection failed"))
    with pytest.raises(Unavailable):
        given(PreparedRequest())
    assert (pace_after(given).failed_count, slots.in_use()) == (1, 0)


def test_counts_a_call_that_a_person_cut_off():
    def cut_off(request):
        raise KeyboardInterrupt

    CallPace.objects.create(pk=1, allowed=8)
    given = Gate(cut_off, Pace(8))
    with pytest.raises(KeyboardInterrupt):
        given(PreparedRequest())
    after = pace_after(given)
    assert (after.call_count, after.failed_count, slots.in_use()) == (1, 1, 0)


def test_takes_a_long_answer_for_a_slow_one():
    moments = iter([0.0, 0.0, QUICK + 1])
    given = passing(Answer(200), clock=lambda: next(moments))
    CallPace.objects.update(allowed=1.5)
    given(PreparedRequest())
    assert pace_after(given).allowed == 1.5


def test_counts_how_long_calls_waited_for_a_slot():
    moments = iter([0.0, 3.0, 3.5])
    given = passing(Answer(200), clock=lambda: next(moments))
    given(PreparedRequest())
    assert pace_after(given).waited_seconds == 3.0


def test_asks_nothing_when_the_worker_is_to_end_while_it_waits():
    def end(seconds):
        raise Ending

    given = passing(Answer(200), slots_seen=(seen := []), sleep=end)
    while slots.take(8):
        pass
    with pytest.raises(Ending):
        given(PreparedRequest())
    assert seen == []


def test_leases_for_longer_than_the_limit_that_the_client_has():
    assert gated(timeout=Timeout(total=900))._lease.total_seconds() > 900


def test_is_what_every_client_of_the_importer_calls_through(importer):
    importer.run()
    importer.client.close()
    assert CallPace.objects.get().call_count == sum(importer.served.ledger.counts.values())
    assert CallSlot.objects.filter(holder="").count() == CallSlot.objects.count() > 0


def test_allows_what_the_setting_says(settings):
    settings.LIVEPERSON_MAX_CALLS = 3
    CallPace.objects.create(pk=1, allowed=9)
    given = gated(lambda request: Answer(200))
    assert given._pace.allowed() == 3


def test_closes_its_connections_with_the_client(importer, monkeypatch):
    closed = []
    monkeypatch.setattr(HttpTransport, "close", lambda transport: closed.append(transport))
    importer.client.close()
    assert len(closed) == 1


@pytest.mark.parametrize("status_code", [429, 503])
def test_says_in_the_run_how_often_it_was_asked_for_fewer_calls(importer, status_code):
    importer.run()
    importer.later(minutes=2).served.force(status_code, ending="/conversations/search")
    importer.run()
    assert sorted(SyncRun.objects.values_list("slowed_count", flat=True))[-2:] == [0, 1]
    assert status.last_hour(importer.clock.now).slowed == 1


def test_counts_slowdowns_of_its_own_thread(importer):
    before = gate.slowed()
    importer.served.force(429)
    importer.client.search(start_from=0, start_to=1, limit=1)
    assert gate.slowed() == before + 1


def test_gives_a_client_its_own_transport_behind_the_gate():
    asked = []
    values = {"LIVEPERSON_ACCOUNT_ID": "1", **dict.fromkeys(connection.KEY_PARTS, "x")}

    def transport(request):
        asked.append(request)
        return Answer(403)

    client = connection.build_client(values, transport=transport)[1]
    with pytest.raises(Exception, match="403"):
        client.users()
    assert len(asked) == 1 and CallSlot.objects.exists()
