"""Call slots: never more than the limit, none lost for long, and fewer when the limit shrinks."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, connection
from django.db.models import F
from django.utils import timezone

from interactions.jobs import holders, slots
from interactions.jobs.slots import LEASE, Slot, Waiting, hold, take
from interactions.liveperson import Timeout
from interactions.models import CallSlot

pytestmark = pytest.mark.django_db


ROOT = Path(__file__).parents[3]


class Ends(Exception):
    """What the sleep of a worker that is to end raises."""


def elsewhere(number, *, ends_in=LEASE):
    """A slot held by a process of another machine, whose life nobody can see from here."""
    CallSlot.objects.create(number=number, holder=f"{number:032x}", lease_until=timezone.now() + ends_in)


def test_gives_as_many_slots_as_the_limit_says():
    assert [slot and slot.number for slot in (take(3), take(3), take(3), take(3))] == [1, 2, 3, None]


def test_gives_a_slot_again_once_it_is_let_go():
    first, _second = take(2), take(2)
    first.release()
    assert take(2).number == 1


def test_counts_what_is_in_use():
    elsewhere(1, ends_in=-timedelta(seconds=1))
    elsewhere(2), elsewhere(3)
    assert slots.in_use() == 2


def test_gives_the_slot_of_a_dead_holder_when_its_lease_has_run_out():
    elsewhere(1)
    assert take(1) is None
    CallSlot.objects.update(lease_until=F("lease_until") - LEASE - timedelta(seconds=1))
    assert take(1).number == 1


def test_leases_for_longer_than_a_call_may_take():
    assert LEASE.total_seconds() > Timeout().total


def test_leases_by_the_clock_of_the_database(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: pytest.fail("asked the host's clock"))
    take(1)
    left = CallSlot.objects.values_list("lease_until", flat=True).get().timestamp() - database_now()
    assert LEASE.total_seconds() - 60 < left <= LEASE.total_seconds() + 1


def database_now():
    from django.db.models.functions import Now

    return CallSlot.objects.annotate(at=Now()).values_list("at", flat=True).first().timestamp()


def test_gives_a_slot_although_the_clock_of_the_database_was_set_back():
    elsewhere(1, ends_in=timedelta(hours=1) + LEASE)
    now = [0.0]
    waiting = Waiting(clock=lambda: now[0])
    assert take(1, waiting) is None
    now[0] += LEASE.total_seconds() + 1
    assert take(1, waiting).number == 1


def test_a_late_holder_lets_go_of_nothing():
    late = take(1)
    now = [0.0]
    waiting = Waiting(clock=lambda: now[0])
    assert take(1, waiting) is None
    now[0] += LEASE.total_seconds() + 1
    new = take(1, waiting)
    late.release()
    assert CallSlot.objects.get().holder == new.holder


def test_leaves_the_slot_of_one_who_lives_here_although_the_clock_of_the_database_was_set_forward():
    process, mark = another_process()
    elsewhere(1, ends_in=-timedelta(hours=1))
    CallSlot.objects.update(holder=mark)
    assert take(1) is None
    process.kill()
    process.communicate()
    assert take(1).number == 1


def test_takes_the_lease_for_it_where_the_system_tells_nothing_of_processes(monkeypatch):
    monkeypatch.setattr(holders, "_place", lambda: "")
    assert take(1)
    CallSlot.objects.update(lease_until=F("lease_until") - 2 * LEASE)
    assert take(1).number == 1


def test_gives_one_slot_to_one_of_two_who_saw_it_free(monkeypatch):
    take(1).release()
    swap = slots._swap

    def overtaken(*given):
        monkeypatch.setattr(slots, "_swap", swap)
        assert take(1)
        return swap(*given)

    monkeypatch.setattr(slots, "_swap", overtaken)
    assert take(1) is None


def test_counts_calls_of_a_larger_limit_when_it_shrinks():
    first, second, third = take(3), take(3), take(3)
    first.release()
    assert take(2) is None  # two are still in flight, one of them beyond the new limit
    second.release()
    assert take(2).number == 1
    third.release()
    assert [slot and slot.number for slot in (take(2), take(2))] == [2, None]


def test_waits_with_growing_jittered_pauses_until_one_is_free():
    held, pauses = take(1), []

    def sleep(seconds):
        pauses.append(seconds)
        if len(pauses) == 8:
            held.release()

    with hold(lambda: 1, sleep=sleep, chance=lambda: 0.5) as slot:
        assert slot.number == 1
    assert pauses == [0.02, 0.04, 0.08, 0.16, 0.32, 0.5, 0.5, 0.5]


def test_ends_while_it_waits_when_the_worker_is_to_end():
    def end(seconds):
        raise Ends

    take(1)
    with pytest.raises(Ends), hold(lambda: 1, sleep=end):
        pytest.fail("held a slot")
    assert slots.in_use() == 1


def test_hears_of_a_larger_limit_while_it_waits():
    take(1)
    limits = iter([1, 1, 2])
    with hold(lambda: next(limits), sleep=lambda seconds: None) as slot:
        assert slot.number == 2


def test_lets_go_whatever_happens_to_the_call():
    with pytest.raises(Ends), hold(lambda: 1):
        raise Ends
    assert slots.in_use() == 0


@pytest.mark.django_db(transaction=True)
def test_leaves_a_slot_to_its_lease_when_the_database_is_away():
    def refuse(*_):
        raise DatabaseError("gone")

    slot = take(1)
    with connection.execute_wrapper(refuse):
        slot.release()
    assert slots.in_use() == 1


def test_takes_and_lets_go_with_few_statements(django_assert_num_queries):
    take(9).release()
    with django_assert_num_queries(3), hold(lambda: 9):
        pass


HOLD = """
import sys, django; django.setup()
from interactions.jobs import holders; print(holders.mark(), flush=True); sys.stdin.read()
"""


def another_process():
    told = {**os.environ, "DJANGO_SETTINGS_MODULE": "dashboard.settings"}
    process = subprocess.Popen([sys.executable, "-c", HOLD], stdin=-1, stdout=-1, text=True, env=told, cwd=ROOT)
    return process, process.stdout.readline().strip()


def test_sees_at_once_that_a_process_of_this_machine_is_dead():
    process, mark = another_process()
    elsewhere(1)
    CallSlot.objects.update(holder=mark)
    assert take(1) is None  # it lives
    process.kill()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # dead, but not buried yet
    assert take(1).number == 1
    process.communicate()
    assert holders.is_gone(mark)


@pytest.mark.parametrize("where", ["elsewhere", "nowhere"])
def test_judges_nobody_it_cannot_see(monkeypatch, where):
    process, mark = another_process()
    process.communicate()
    monkeypatch.setattr(holders, "_place", lambda: {"elsewhere": "0" * 8, "nowhere": ""}[where])
    assert not holders.is_gone(mark)
    assert len(holders.mark()) <= 32


def test_marks_every_hold_differently():
    assert holders.mark() != holders.mark()
    assert not holders.is_gone(holders.mark())


def test_is_not_deceived_by_a_process_number_that_is_used_again():
    mark = holders.mark()
    began = int(mark[14:23], 16)
    assert holders.is_gone(f"{mark[:14]}{began - 1:09x}{mark[23:]}")


def test_holds_nothing_that_it_does_not_hold():
    take(1)
    Slot(1, "somebody else").release()
    assert slots.in_use() == 1
