"""On SQLite one importing process writes at a time, and at most half of the time: in between, pages write.

A page that wants to write asks SQLite again and again, at growing distances, whether the file is free. While three
workers took it from each other, that could last for seconds.
"""

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.db import connection

# Seconds. Without any rest pages waited up to 11.7 s in a trial.
SHORTEST_REST, LONGEST_REST = 0.01, 1.0
# Then the holder has been stopped in its turn, and would stop all others with it.
PATIENCE = 2.0
_LOOK = 0.002


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
