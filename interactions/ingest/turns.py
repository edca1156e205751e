"""On SQLite one importing process writes at a time, shortly, and at most half of the time, a quarter where pages have
had to wait: in between, pages write.

A page that wants to write asks SQLite again and again, at growing distances, whether the file is free. While three
workers took it from each other, that could last for seconds. A page that writes a line before it is sent stands at the
importers' own door instead, which it passes as soon as one comes out and before the next goes in.
"""

import fcntl
import math
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import IO, TypeVar

from django.db import connection

# Seconds. Without any rest pages waited up to 11.7 s in a trial.
SHORTEST_REST, LONGEST_REST = 0.01, 1.0
# Then the holder has been stopped in its turn, and would stop all others with it.
PATIENCE = 2.0
_LOOK = 0.002
# How long a turn should last at most, and how many conversations are never parted. A hundred that are written anew
# in a table of a million took 150 ms, for which a reader's line of audit had to wait.
LONGEST_TURN, FEWEST = 0.05, 20
# The same for as many seconds as given here after a page had to wait; a part has its own look-ups.
LONGEST_BESIDE, FEWEST_BESIDE, BESIDE = 0.02, 8, 10.0
# And how much longer than it has written it then rests: what it does beside writing takes the pages' processor too.
RESTS_BESIDE = 3.0
# Then a page asks SQLite itself, which has the last word in any case.
LONGEST_AT_THE_DOOR = 0.5
_T = TypeVar("_T")


class Turns:
    """Parts of pages that are written in a turn each, as large as the last one lets expect to take little time."""

    def __init__(self) -> None:
        self._each = 0.0

    def parts(self, page: Sequence[_T]) -> list[Sequence[_T]]:
        """At least one, if an empty one; parts of a page differ by one at most."""
        longest, fewest = (LONGEST_BESIDE, FEWEST_BESIDE) if _has_waited() else (LONGEST_TURN, FEWEST)
        number = max(1, min(math.ceil(len(page) * self._each / longest), len(page) // fewest))
        ends = [len(page) * place // number for place in range(number + 1)]
        return [page[start:end] for start, end in zip(ends, ends[1:], strict=False)]

    @contextmanager
    def turn(self, size: int, sleep: Callable[[float], None] = time.sleep) -> Iterator[None]:
        """To write so many conversations in."""
        with write_turn(sleep):
            began = time.monotonic()
            yield
            # Elsewhere than on SQLite nobody waits.
            self._each = (time.monotonic() - began) / max(size, FEWEST_BESIDE) if connection.vendor == "sqlite" else 0.0


# Of this process.
taking_turns = Turns()


@contextmanager
def write_turn(sleep: Callable[[float], None] = time.sleep) -> Iterator[None]:
    """Hold the right to write a page of conversations; the next one rests as long as this one has written, and
    longer while pages have to wait."""
    if connection.vendor != "sqlite":
        yield
        return
    with turn(_beside_database("turn"), sleep, _rests, _closed_door()):
        yield


@contextmanager
def _closed_door() -> Iterator[None]:
    with _door().open("a") as door:
        _lock(door, fcntl.LOCK_EX)
        yield


@contextmanager
def between_turns() -> Iterator[None]:
    """For a page that writes: no importer has its turn meanwhile, unless one has held it for unusually long."""
    if connection.vendor != "sqlite":
        yield
        return
    with _door().open("a") as door:
        if not _has_locked(door, fcntl.LOCK_SH):
            os.utime(door.fileno())  # for importers to see: somebody had to wait
            _lock(door, fcntl.LOCK_SH, LONGEST_AT_THE_DOOR)
        yield


def _rests() -> float:
    return RESTS_BESIDE if _has_waited() else 1.0


def _has_waited() -> bool:
    """Whether a page found the door closed a short while ago."""
    if connection.vendor != "sqlite":
        return False
    try:
        return time.time() - _door().stat().st_mtime < BESIDE
    except FileNotFoundError:
        return False


def _door() -> Path:
    """Locked by an importer for as long as it writes, and by pages together; nothing is ever written in it."""
    return _beside_database("door")


def _beside_database(name: str) -> Path:
    return Path(f"{connection.settings_dict['NAME']}-{name}")


@contextmanager
def turn(
    path: Path,
    sleep: Callable[[float], None] = time.sleep,
    rests: Callable[[], float] = lambda: 1.0,
    behind: AbstractContextManager[None] | None = None,
) -> Iterator[None]:
    """Hold the turn that a file stands for, over all processes; the next begins `rests` times its length later.

    What it is held `behind` is waited for before it counts.
    """
    with path.open("a+") as file:
        _lock(file, fcntl.LOCK_EX)
        file.seek(0)
        left = _instant(file.read()) - time.monotonic()
        if 0 < left <= LONGEST_REST:  # more was written before the machine was started anew
            sleep(left)
        with behind or nullcontext():
            began = time.monotonic()
            try:
                yield
            finally:
                ended = time.monotonic()
                file.truncate(0)
                file.write(str(ended + min(max((ended - began) * rests(), SHORTEST_REST), LONGEST_REST)))


def _instant(text: str) -> float:
    try:
        return float(text)
    except ValueError:  # new, or cut off by a process that died
        return 0.0


def _lock(file: IO[str], kind: int, patience: float | None = None) -> None:
    """The kernel lets go of it with the process."""
    until = time.monotonic() + (PATIENCE if patience is None else patience)
    while not _has_locked(file, kind) and time.monotonic() < until:
        time.sleep(_LOOK)


def _has_locked(file: IO[str], kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
