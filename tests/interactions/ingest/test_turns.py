"""Importing processes on SQLite: one writes at a time, and leaves as much time to others as it took."""

import fcntl
import os
import threading
import time

import pytest

from interactions.ingest import turns
from interactions.ingest.turns import Turns, between_turns, turn, write_turn


@pytest.fixture
def own(monkeypatch, tmp_path):
    """In a place where no other test's page has waited."""
    monkeypatch.setattr(turns, "_beside_database", lambda name: tmp_path / name)
    turns._door().touch()
    os.utime(turns._door(), (0, 0))
    return Turns()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "turn"


def beside(call):
    thread = threading.Thread(target=call)
    thread.start()
    return thread


def test_gives_the_turn_to_one_at_a_time(path):
    inside, most = 0, 0

    def work():
        nonlocal inside, most
        for _ in range(5):
            with turn(path):
                inside += 1
                most = max(most, inside)
                time.sleep(0.005)
                inside -= 1

    for thread in [beside(work) for _ in range(4)]:
        thread.join()
    assert most == 1


def test_rests_as_long_as_the_one_before_has_written(path):
    rests = []
    with turn(path, rests.append):
        time.sleep(0.2)
    began = time.monotonic()
    with turn(path, rests.append):
        pass
    took = time.monotonic() - began
    [rest] = rests
    assert rest > 0.1
    with turn(path, rests.append):
        pass
    assert 0 < rests[-1] <= max(turns.SHORTEST_REST, took)  # a busy machine may hold it up


@pytest.mark.only_on("sqlite")
@pytest.mark.django_db
@pytest.mark.parametrize(("has_waited", "least"), [(False, 0.05), (True, 0.25)])
def test_rests_longer_where_a_page_had_to_wait(own, has_waited, least):
    rests = []
    with write_turn(rests.append):
        time.sleep(0.1)
        if has_waited:
            os.utime(turns._door())
    with write_turn(rests.append):
        pass
    [rest] = rests
    assert least < rest <= turns.LONGEST_REST


@pytest.mark.only_on("sqlite")
@pytest.mark.django_db
def test_rests_for_what_it_wrote_and_not_for_what_it_waited(own):
    inside, rests = threading.Event(), []

    def read():
        with turns._door().open("a") as door:
            turns._lock(door, fcntl.LOCK_SH)
            inside.set()
            time.sleep(0.4)

    page = beside(read)
    assert inside.wait(5)
    began = time.monotonic()
    with write_turn(rests.append):
        waited = time.monotonic() - began
    page.join()
    with write_turn(rests.append):
        pass
    assert waited > 0.2
    assert sum(rests) < 0.1


def test_does_not_rest_when_the_next_one_comes_later(path):
    rests = []
    with turn(path, rests.append):
        pass
    time.sleep(0.05)
    with turn(path, rests.append):
        pass
    assert rests == []


@pytest.mark.parametrize("written", ["", "12", "99999999999", "1e", "\x00\x00"])
def test_is_not_held_up_by_what_stands_in_its_file(path, written):
    path.write_text(written)
    rests = []
    with turn(path, rests.append):
        pass
    assert rests == []


def test_passes_one_who_has_stopped_in_its_turn(path, monkeypatch):
    monkeypatch.setattr(turns, "PATIENCE", 0.1)
    goes_on, holds = threading.Event(), threading.Event()

    def stopped():
        with turn(path):
            holds.set()
            goes_on.wait(10)

    thread = beside(stopped)
    holds.wait(10)
    with turn(path):
        assert thread.is_alive()
    goes_on.set()
    thread.join()


def test_leaves_the_turn_after_a_failure(path):
    with pytest.raises(RuntimeError), turn(path):
        raise RuntimeError
    with turn(path, lambda seconds: None):
        pass


@pytest.mark.only_on("sqlite")
@pytest.mark.django_db
def test_writes_a_page_in_parts_once_it_takes_long(own, monkeypatch):
    monkeypatch.setattr(turns, "LONGEST_TURN", 0.02)
    page = list(range(103))
    assert own.parts(page) == [page]
    with own.turn(103, lambda seconds: None):
        time.sleep(0.1)
    parts = own.parts(page)
    assert len(parts) == 5 and [one for part in parts for one in part] == page
    assert {len(part) for part in parts} == {20, 21}
    with own.turn(20, lambda seconds: None):
        pass
    assert own.parts(page) == [page]


@pytest.mark.parametrize("size", [0, 1, 19, 39, 40])
def test_never_parts_few(own, size, monkeypatch):
    monkeypatch.setattr(own, "_each", 60.0)
    parts = own.parts(range(size))
    assert [one for part in parts for one in part] == list(range(size))
    assert len(parts) == (2 if size == 40 else 1)


@pytest.mark.only_on("postgresql")
@pytest.mark.django_db
def test_writes_whole_pages_where_nobody_waits(own):
    with own.turn(100):
        time.sleep(0.2)
    assert len(own.parts(range(100))) == 1


@pytest.mark.only_on("sqlite")
@pytest.mark.django_db
def test_a_page_writes_between_the_turns_of_importers(own, monkeypatch):
    monkeypatch.setattr(turns, "SHORTEST_REST", 0.0)
    inside, met, goes_on = [], 0, threading.Event()

    def import_on():
        while not goes_on.is_set():
            with write_turn():
                inside.append("importer")
                time.sleep(0.02)
                inside.remove("importer")

    threads = [beside(import_on) for _ in range(2)]
    for _ in range(10):
        with between_turns(), between_turns():  # of two people at once
            met += len(inside)
            time.sleep(0.01)
            met += len(inside)
        time.sleep(0.005)
    goes_on.set()
    for thread in threads:
        thread.join()
    assert met == 0


@pytest.mark.only_on("sqlite")
@pytest.mark.django_db
def test_an_importer_s_parts_are_smaller_while_pages_wait(own, monkeypatch):
    page = list(range(100))
    own._each = 0.002
    assert {len(part) for part in own.parts(page)} == {25}
    with between_turns():  # nobody wrote
        pass
    assert {len(part) for part in own.parts(page)} == {25}
    with write_turn():
        monkeypatch.setattr(turns, "LONGEST_AT_THE_DOOR", 0.01)
        with between_turns():  # it is held for long: SQLite itself is asked
            pass
    assert {len(part) for part in own.parts(page)} == {10}
    monkeypatch.setattr(turns, "BESIDE", 0.0)
    assert {len(part) for part in own.parts(page)} == {25}
