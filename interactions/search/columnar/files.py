"""The copy on disk: a folder for each making, a file for each column; the database says which one counts."""

from __future__ import annotations

import fcntl
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
from .layout import NUMBERS, PARTS, TYPES, WORDS
from .segment import InFiles, InMemory

if TYPE_CHECKING:
    from .layout import Column

_LOCK = "lock"
_WORDS = "words.json"
NAMES = (*TYPES, _WORDS)


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
        (place / _WORDS).write_bytes(orjson.dumps({name: list(known) for name, known in words.items()}))
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
        places = np.array([known.setdefault(word, len(known)) for word in piece.words[name]], TYPES[name])
        yield name, places[piece.column(name)] if len(piece) else piece.column(name)
    yield "part_row", piece.column("part_row") + np.int32(before)
    for name in list(PARTS)[1:]:
        yield name, piece.column(name)


def opened(token: str, size: int) -> InFiles:
    """The copy in a folder; OSError when it is not there, or not whole."""
    place = folder() / token
    words = orjson.loads((place / _WORDS).read_bytes())
    for name in (*NUMBERS, *WORDS):
        if (place / name).stat().st_size != size * TYPES[name].itemsize:
            raise FileNotFoundError(place / name)
    return InFiles(place, size, words)


def look(token: str) -> None:
    """OSError when the copy was taken away."""
    (folder() / token / _WORDS).stat()


def is_there(token: str) -> bool:
    try:
        look(token)
    except OSError:
        return False
    return True


def remove_but(*tokens: str) -> None:
    """Takes every other copy away, also those that were never finished."""
    for place in folder().iterdir():
        if place.name not in (*tokens, _LOCK):
            shutil.rmtree(place, ignore_errors=True)


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
