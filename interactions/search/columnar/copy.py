"""The copy as a process sees it: the files, and beside them what has changed since they were made.

A question is answered from here only when every change that is visible in the database is known; whoever is too far
behind asks the database itself, and catches up beside.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from django.db import connection

from interactions.models import ColumnarCopy, ConversationChange, Sight

from . import files, rows
from .segment import InFiles, InMemory, Segment, empty, joined

if TYPE_CHECKING:
    from .layout import Numbers

# The token that says that none could be made.
NONE = ""
# Keys of agents and of groups.
Met = tuple[list[int], list[int]]
logger = logging.getLogger(__name__)
# Lines that are read while somebody waits: some thousand conversations, fifty milliseconds.
AT_ONCE = 10_000
# Lines read by one statement beside.
_PIECE = 20_000
# Lines beyond which what is newer would fill the memory: no copy has been made for long.
_TOO_MANY = 3_000_000
_SEQ = f"(SELECT MAX(seq) FROM sqlite_sequence WHERE name = '{ConversationChange._meta.db_table}')"
_LATEST = f"SELECT token, seq, size, COALESCE({_SEQ}, 0) FROM {ColumnarCopy._meta.db_table}"


@dataclass(frozen=True)
class Copy:
    """All conversations as they are after the change `seq`: those of the files but for the rows `gone`, and `newer`.

    `met` keeps the agents and groups that somebody met, of which a page asks several times.
    """

    token: str
    seq: int
    files: InFiles
    gone: Numbers
    newer: InMemory
    met: dict[Sight, Met] = field(default_factory=dict, compare=False)

    def segments(self) -> tuple[tuple[Segment, Numbers | None], ...]:
        """Each with the rows that no longer count."""
        return (self.files, self.gone), (self.newer, None)

    def after(self, lines: int) -> Copy:
        """With up to so many of the next lines."""
        changes = ConversationChange.objects.filter(seq__gt=self.seq).order_by("seq")
        found = list(changes.values_list("seq", "conversation")[:lines])
        if not found:
            return self
        keys = np.unique(np.array([key for _, key in found], dtype=np.int64))
        is_kept = ~np.isin(self.newer.column("id"), keys)
        return replace(
            self,
            seq=found[-1][0],
            gone=np.union1d(self.gone, self.files.places(keys)),
            newer=joined(self.newer, is_kept, rows.of(keys.tolist())),
            met={},
        )


class _State:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.copy: Copy | None = None
        self.refused = ""
        self.is_catching_up = False


_state = _State()


def current() -> Copy | None:
    """The copy after every change that is visible; None where there is none, or it is not worth waiting for.

    Within a transaction the database alone knows what it will have been.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_LATEST)
        row = cursor.fetchone()
    if row is None or row[0] in (NONE, _state.refused):
        return None
    token, since, size, latest = row
    if latest - since > _TOO_MANY:
        return None
    with _state.lock:
        try:
            files.look(token)
            copy = _state.copy
            if copy is None or copy.token != token:
                copy = _state.copy = _opened(token, since, size)
            if latest - copy.seq > AT_ONCE:
                _catch_up_beside()
                return None
            if latest > copy.seq:
                copy = _state.copy = copy.after(AT_ONCE)
        except (OSError, OverflowError) as error:
            _refuse(token, error)
            return None
    return copy


def latest_change() -> int:
    """The number of the last change there ever was."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COALESCE({_SEQ}, 0)")
        return int(cursor.fetchone()[0])


def forget() -> None:
    """As a process that has just started."""
    global _state
    _state = _State()


def _opened(token: str, since: int, size: int) -> Copy:
    return Copy(token, since, files.opened(token, size), np.zeros(0, dtype=np.int64), empty())


def _refuse(token: str, error: Exception) -> None:
    _state.refused, _state.copy = token, None
    logger.error("the columnar copy is of no use", extra={"error": type(error).__name__})


def _catch_up_beside() -> None:
    if not _state.is_catching_up:
        _state.is_catching_up = True
        threading.Thread(target=_catch_up, args=[_state], name="columnar", daemon=True).start()


def _catch_up(state: _State) -> None:
    """Reads on in a thread until hardly a line is left, or another copy counts."""
    try:
        while True:
            copy = state.copy
            if copy is None:
                return
            further = copy.after(_PIECE)
            with state.lock:
                if state.copy is not copy:
                    continue  # somebody else read on, or opened another copy
                state.copy = further
            if further.seq - copy.seq < AT_ONCE:
                return
    except Exception as error:  # whoever asks next tries again
        logger.warning("the columnar copy was not caught up with", extra={"error": type(error).__name__})
    finally:
        state.is_catching_up = False
        connection.close()
