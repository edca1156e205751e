"""On SQLite one importing process writes at a time, shortly, and at most half of the time: in between, pages write.

A page that wants to write asks SQLite again and again, at growing distances, whether the file is free. While three
workers took it from each other, that could last for seconds.
"""

import fcntl
import math
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
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
_T = TypeVar("_T")


class Turns:
    """Parts of pages that are written in a turn each, as large as the last one lets expect to take little time."""

    def __init__(self) -> None:
        self._each = 0.0

    def parts(self, page: Sequence[_T]) -> list[Sequence[_T]]:
        """At least one, if an empty one; parts of a page differ by one at most."""
        number = max(1, min(math.ceil(len(page) * self._each / LONGEST_TURN), len(page) // FEWEST))
        ends = [len(page) * place // number for place in range(number + 1)]
        return [page[start:end] for start, end in zip(ends, ends[1:], strict=False)]

    @contextmanager
    def turn(self, size: int, sleep: Callable[[float], None] = time.sleep) -> Iterator[None]:
        """To write so many conversations in."""
        with write_turn(sleep):
            began = time.monotonic()
            yield
            # Elsewhere than on SQLite nobody waits.
            self._each = (time.monotonic() - began) / max(size, FEWEST) if connection.vendor == "sqlite" else 0.0


# Of this process.
taking_turns = Turns()


@contextmanager
def write_turn(sleep: Callable[[float], None] = time.sleep) -> Iterator[None]:
    """Hold the right to write a page of conversations; the next one rests as long as this one has written."""
    if connection.vendor != "sqlite":
        yield
        return
    with turn(Path(f"{connection.settings_dict['NAME']}-turn"), sleep):
        yield


@contextmanager
def turn(path: Path, sleep: Callable[[float], None] = time.sleep) -> Iterator[None]:
    """Hold the turn that a file stands for, over all processes."""
    with path.open("a+") as file:
        _lock(file)
        file.seek(0)
        left = _instant(file.read()) - time.monotonic()
        if 0 < left <= LONGEST_REST:  # more was written before the machine was started anew
            sleep(left)
        began = time.monotonic()
        try:
            yield
        finally:
            ended = time.monotonic()
            file.truncate(0)
            file.write(str(ended + min(max(ended - began, SHORTEST_REST), LONGEST_REST)))


def _instant(text: str) -> float:
    try:
        return float(text)
    except ValueError:  # new, or cut off by a process that died
        return 0.0


def _lock(file: IO[str]) -> None:
    """The kernel lets go of it with the process."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(_LOOK)
        else:
            return
