"""The copy on disk: a folder for each making, a file for each column; the database says which one counts."""

from __future__ import annotations

import fcntl
import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import orjson
from django.conf import settings

from . import rows
from .infile import InFile
from .layout import NUMBERS, PARTS, TYPES, WORDS
from .segment import InFiles, InMemory, placed

if TYPE_CHECKING:
    from .layout import Column

_LOCK = "lock"
# What the columns of words count places in, and how large each file is.
_ABOUT = "about.json"
NAMES = (*TYPES, _ABOUT)


def folder() -> Path:
    return Path(settings.DATA_DIR) / "columns"


def write(goes_on: Callable[[], bool]) -> tuple[str, int] | None:
    """Copies all conversations in pieces, each read by itself; the new folder's token and how many it holds.

    None when `goes_on` says no before the end. OverflowError where a number is too large for its column.
    """
    token = uuid.uuid4().hex
    place = folder() / token
    place.mkdir(parents=True, mode=0o700)
    words: dict[str, dict[str, int]] = {name: {} for name in WORDS}
    size = 0
    try:
        with ExitStack() as stack:
            files = {name: stack.enter_context((place / name).open("wb")) for name in TYPES}
            for first, last in rows.stretches():
                if not goes_on():
                    raise InterruptedError
                piece = rows.between(first, last)
                for name, column in _columns(piece, words, size):
                    files[name].write(column.astype(TYPES[name]).tobytes())
                size += len(piece)
        sizes = {name: (place / name).stat().st_size for name in TYPES}
        listed = {name: list(known) for name, known in words.items()}
        (place / _ABOUT).write_bytes(orjson.dumps({"words": listed, "sizes": sizes}))
        for path in (*place.iterdir(), place):
            _keep(path)
    except BaseException as error:
        shutil.rmtree(place, ignore_errors=True)
        if isinstance(error, InterruptedError):
            return None
        raise
    return token, size


def _columns(piece: InMemory, words: dict[str, dict[str, int]], before: int) -> Iterator[tuple[str, Column]]:
    """The columns of a piece as they continue those of the `before` rows ahead of it."""
    for name in NUMBERS:
        yield name, piece.column(name)
    for name, known in words.items():
        yield name, placed(piece, name, known)
    yield "part_row", piece.column("part_row") + np.int32(before)
    for name in list(PARTS)[1:]:
        yield name, piece.column(name)


def opened(token: str, size: int) -> InFiles:
    """The copy in a folder; OSError or ValueError when it is not there, or not whole."""
    place = folder() / token
    about = orjson.loads((place / _ABOUT).read_bytes())
    for name, kind in TYPES.items():
        expected = about["sizes"][name]
        if (name not in PARTS and expected != size * kind.itemsize) or (place / name).stat().st_size != expected:
            raise ValueError(name)
    columns = {name: InFile((place / name).open("rb", buffering=0), kind) for name, kind in TYPES.items()}
    return InFiles(columns, size, about["words"])


def is_there(token: str) -> bool:
    return (folder() / token / _ABOUT).exists()


def remove_but(*tokens: str) -> None:
    """Takes every other copy away, also those that were never finished; whoever reads them still has them open."""
    for place in folder().iterdir() if folder().exists() else ():
        if place.name not in (*tokens, _LOCK):
            shutil.rmtree(place, ignore_errors=True)


def _keep(path: Path) -> None:
    """Writes it to the disk before anybody is told of it."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def alone() -> Iterator[bool]:
    """Whether no other process of this host is at the folders; none will be, inside."""
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder() / _LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
