"""The copy as a process sees it: the files, and beside them what has changed since they were made.

A question is answered from here only when every change that is visible in the database is known; whoever is too far
behind asks the database itself, and catches up beside.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from django.db import connection

from interactions.models import Sight
from interactions.search.limits import is_in_hand

from . import changes, files, pieces, rows
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
# Conversations that may be newer than the files; more of them would fill the memory. No copy has been made for long.
_TOO_MANY = 500_000


@dataclass(frozen=True)
class Copy:
    """All conversations with every change before `position`: those of the files but for the rows `gone`, and `newer`.

    `seen` are lines from there on that are in it as well. `met` keeps the agents and groups that somebody met, of which
    a page asks several times.
    """

    token: str
    position: int
    files: InFiles
    gone: Numbers
    newer: InMemory
    seen: frozenset[int] = frozenset()
    met: dict[Sight, Met] = field(default_factory=dict, compare=False)

    def segments(self) -> tuple[tuple[Segment, Numbers | None], ...]:
        """Each with the rows that no longer count."""
        return (self.files, self.gone), (self.newer, None)

    def lines(self, most: int) -> list[changes.Line]:
        """Those that it may not know yet, and one more than `most` of them if there are more."""
        found = changes.since(self.position, most + len(self.seen) + 1)
        return [line for line in found if line.seq not in self.seen]

    def after(self, lines: Sequence[changes.Line], position: int) -> Copy:
        """With these lines, which are all that are visible before `position`."""
        seen = frozenset({line.seq for line in lines if line.number >= position})
        if position == self.position:
            seen |= self.seen
        if not lines:
            return replace(self, position=position, seen=seen)
        keys = np.unique(np.array([line.conversation for line in lines], dtype=np.int64))
        is_kept = ~np.isin(self.newer.column("id"), keys)
        return replace(
            self,
            position=position,
            gone=np.union1d(self.gone, self.files.places(keys)),
            newer=joined(self.newer, is_kept, rows.of(keys.tolist())),
            seen=seen,
            met={},
        )


class _State:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.copy: Copy | None = None
        self.refused = ""
        self.is_busy = False


_state = _State()


def current() -> Copy | None:
    """The copy after every change that is visible; None where there is none, or it is not worth waiting for.

    Within a transaction the database alone knows what it will have been.
    """
    if is_in_hand():
        return None
    row = changes.row()
    # A position ahead of the database is another's, of which this one is a copy.
    if row is None or row.token in (NONE, _state.refused) or row.position > row.here:
        return None
    with _state.lock:
        try:
            return _brought_up(row)
        except (OSError, OverflowError) as error:
            _state.refused, _state.copy = row.token, None
            logger.error("the columnar copy is of no use", extra={"error": type(error).__name__})
            return None


def forget() -> None:
    """As a process that has just started."""
    global _state
    _state = _State()


def _brought_up(row: changes.Row) -> Copy | None:
    copy = _state.copy
    if copy is None or copy.token != row.token:
        if not files.is_there(row.token) and connection.vendor == "postgresql":
            _do_beside(lambda: pieces.fetch(row.token))
            return None
        opened = files.opened(row.token, row.size)
        copy = _state.copy = Copy(row.token, row.position, opened, np.zeros(0, dtype=np.int64), empty())
    files.look(row.token)
    if len(copy.newer) > _TOO_MANY:
        return None
    # On SQLite nothing else can have changed.
    if connection.vendor == "sqlite" and row.here == copy.position:
        return copy
    lines = copy.lines(AT_ONCE)
    if len(lines) > AT_ONCE:
        _do_beside(_catch_up)
        return None
    if lines or row.here != copy.position:
        copy = _state.copy = copy.after(lines, max(row.here, copy.position))
    return copy


def _do_beside(work: Callable[[], None]) -> None:
    if not _state.is_busy:
        _state.is_busy = True
        threading.Thread(target=_beside, args=[_state, work], name="columnar", daemon=True).start()


def _beside(state: _State, work: Callable[[], None]) -> None:
    try:
        work()
    except Exception as error:  # whoever asks next tries again
        logger.warning("the columnar copy was not caught up with", extra={"error": type(error).__name__})
    finally:
        state.is_busy = False
        connection.close()


def _catch_up() -> None:
    """Reads on until hardly a line is left, or another copy counts."""
    state = _state
    while (copy := state.copy) is not None:
        here = changes.here()
        lines = copy.lines(_PIECE)
        is_all = len(lines) <= _PIECE
        further = copy.after(lines, max(here, copy.position) if is_all else min(here, lines[-1].number))
        with state.lock:
            if state.copy is not copy:
                continue  # somebody else read on, or opened another copy
            state.copy = further
        if is_all or len(further.newer) > _TOO_MANY:
            return
