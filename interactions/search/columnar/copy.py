"""The copy as a process sees it: the files, and beside them what has changed since they were made.

What changes is added to few conversations, and these now and then to many: while an import is at work every page brings
some, and adding them to all that is newer than the files would take longer than the page.

A question is answered from here only when every change that is visible in the database is known; whoever is too far
behind asks the database itself, and catches up beside.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from django.db import DatabaseError, connection
from django.utils.functional import cached_property

from interactions.models import Sight
from interactions.search.limits import is_in_hand, seconds_left

from . import asking, changes, files, pieces, rows
from .counted import TOOK_PART, added
from .layers import Layer
from .segment import InMemory, Segment, empty, joined

if TYPE_CHECKING:
    from .counted import Counted
    from .layout import Mask
    from .line import Line

# The token that says that none could be made.
NONE = ""
logger = logging.getLogger(__name__)
# Lines that are read while somebody waits: some thousand conversations, fifty milliseconds.
AT_ONCE = 10_000
# Lines read by one statement beside.
_PIECE = 20_000
# Times that somebody who waits looks again, as more came meanwhile.
_TRIES = 5
# Conversations to which a change is added at once.
_FEW = 4_000
# Rows of a line that is kept for the next page, three megabytes of memory, and how many are kept.
_SHORT, _KEPT = 200_000, 2
# Seconds until what failed beside is tried again.
_PAUSE = 60
# Conversations that may be newer than the files; more of them would fill the memory. No copy has been made for long.
_TOO_MANY = 400_000


class Met(NamedTuple):
    """Of the conversations that somebody may read how many each agent took part in, and each group had."""

    agents: Counter[int]
    groups: Counter[int]


@dataclass(frozen=True)
class Copy:
    """All conversations with every change before `position`: those of the files, newer ones, and the newest.

    `seen` are lines from there on that are in it as well.
    """

    token: str
    position: int
    files: Layer
    newer: Layer = field(default_factory=lambda: Layer(empty()))
    newest: InMemory = field(default_factory=empty)
    seen: frozenset[int] = frozenset()
    _met: dict[Sight, Met] = field(default_factory=dict, compare=False)
    _lines: dict[Hashable, list[Line]] = field(default_factory=dict, compare=False)

    @property
    def changed(self) -> int:
        """Conversations that are newer than the files."""
        return len(self.newer) + len(self.newest)

    @cached_property
    def layers(self) -> list[Layer]:
        """Those that hold any."""
        return [self.files, *[layer for layer in (self.newer, Layer(self.newest)) if len(layer)]]

    def segments(self) -> list[tuple[Segment, Mask | None]]:
        """Each with the rows that count; None is all."""
        return [(layer.segment, layer.is_there) for layer in self.layers]

    def met_by(self, sight: Sight) -> Met:
        """Of which a page asks several times."""
        if sight not in self._met:
            agents, groups = (dict(self.counted(what, sight).told()) for what in (TOOK_PART, "group"))
            self._met[sight] = Met(Counter(agents), Counter(groups))
        return self._met[sight]

    def counted(self, what: str, sight: Sight) -> Counted:
        """Of all that somebody may read; not of a column of words, whose places differ from layer to layer."""
        every = [layer.counted(what, (sight,), partial(asking.seen, layer.segment, sight)) for layer in self.layers]
        return added(every)

    def lines(self, question: Hashable, make: Callable[[], list[Line]]) -> list[Line]:
        """What `make` gives, once for equal questions: whoever reads one conversation of a list reads the next.

        Only short ones are kept, and only the few that were asked for last.
        """
        found = self._lines.pop(question, None) or make()
        if sum(map(len, found)) <= _SHORT:
            kept = list(self._lines)
            for first in kept[: len(kept) + 1 - _KEPT]:
                self._lines.pop(first, None)
            self._lines[question] = found
        return found

    def unseen(self, lines: Sequence[changes.Line]) -> list[changes.Line]:
        return [line for line in lines if line.seq not in self.seen]

    def after(self, lines: Sequence[changes.Line], position: int) -> Copy:
        """With these lines, which are all that are visible before `position`."""
        seen = frozenset({line.seq for line in lines if line.number >= position})
        if position == self.position:
            seen |= self.seen
        if not lines:
            return replace(self, position=position, seen=seen)
        keys = np.unique(np.array([line.conversation for line in lines], dtype=np.int64))
        is_kept = ~np.isin(self.newest.column("id"), keys)
        newer, newest = self.newer.without(keys), joined(self.newest, is_kept, rows.of(keys.tolist()))
        if len(newest) > _FEW:
            is_there = np.ones(len(newer), dtype=bool) if newer.is_there is None else newer.is_there
            newer, newest = Layer(joined(newer.segment, is_there, newest)), empty()
        return Copy(self.token, position, self.files.without(keys), newer, newest, seen)


class _State:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.copy: Copy | None = None
        self.refused = ""
        self.is_busy = False
        self.beside: threading.Thread | None = None
        self.not_before = 0.0


_state = _State()


def current() -> Copy | None:
    """The copy after every change that is visible; None where there is none, or it is not worth waiting for.

    Within a transaction the database alone knows what it will have been.
    """
    left, state = seconds_left(), _state
    if is_in_hand() or not state.lock.acquire(timeout=-1 if left is None else left):
        return None
    try:
        return _brought_up()
    except (OSError, ValueError, KeyError, OverflowError) as error:
        _state.refused = _state.copy.token if _state.copy is not None else _state.refused
        _state.copy = None
        logger.error("the columnar copy is of no use", extra={"error": type(error).__name__})
        return None
    finally:
        state.lock.release()


def current_within(seconds: float) -> Copy | None:
    """The same, also where what is done beside has to end first and takes no longer."""
    until = time.monotonic() + seconds
    while (found := current()) is None and (beside := _state.beside) is not None and time.monotonic() < until:
        beside.join(until - time.monotonic())
        if not _state.is_busy:
            _state.beside = None
    return found


def open_copy() -> None:
    """Takes the copy in hand before anybody asks: what changed since it was made is caught up with beside."""
    try:
        current()
    except DatabaseError as error:  # whoever asks later is told
        logger.warning("the columnar copy was not taken in hand", extra={"error": type(error).__name__})
    finally:
        connection.close()


def forget() -> None:
    """As a process that has just started."""
    global _state
    _state = _State()


def _brought_up() -> Copy | None:
    """Reads until an instant at which nothing was new: then all rows that were read are of that instant."""
    for _ in range(_TRIES):
        copy = _state.copy
        found = changes.look(*_asked_of(copy, AT_ONCE))
        # A position ahead of the database is another's, of which this one is a copy.
        if found is None or found.token in (NONE, _state.refused) or found.position > found.here:
            return None
        if copy is None or copy.token != found.token:
            if not _opened(found):
                return None
            continue
        lines = copy.unseen(found.lines)
        if copy.changed > _TOO_MANY:
            return None
        if len(lines) > AT_ONCE:
            _do_beside(_catch_up)
            return None
        if lines or found.here != copy.position:
            copy = _state.copy = copy.after(lines, max(found.here, copy.position))
        if not lines:
            return copy
    return None


def _asked_of(copy: Copy | None, most: int) -> tuple[int, int]:
    """The position to look from, and how many lines: one more than are wanted tells that there are more."""
    return (0, 0) if copy is None else (copy.position, most + len(copy.seen) + 1)


def _opened(found: changes.Look) -> bool:
    """Takes the copy of another token in hand."""
    if connection.vendor == "postgresql" and not files.is_there(found.token):
        _do_beside(lambda: pieces.fetch(found.token, found.size))
        return False
    try:
        opened = files.opened(found.token, found.size)
    except (OSError, ValueError, KeyError):
        _state.copy, _state.refused = None, found.token
        raise
    _state.copy = Copy(found.token, found.position, Layer(opened))
    return True


def _do_beside(work: Callable[[], None]) -> None:
    if _state.is_busy or time.monotonic() < _state.not_before:
        return
    _state.is_busy = True
    try:
        thread = threading.Thread(target=_beside, args=[_state, work], name="columnar", daemon=True)
        thread.start()
        _state.beside = thread
    except RuntimeError as error:  # no more threads
        _state.is_busy = False
        _said(_state, error)


def _beside(state: _State, work: Callable[[], None]) -> None:
    try:
        work()
    except Exception as error:  # whoever asks later tries again
        _said(state, error)
    finally:
        state.is_busy = False
        connection.close()


def _said(state: _State, error: Exception) -> None:
    state.not_before = time.monotonic() + _PAUSE
    logger.warning("the columnar copy was not caught up with", extra={"error": type(error).__name__})


def _catch_up() -> None:
    """Reads on until hardly a line is left, or another copy counts."""
    state = _state
    while (copy := state.copy) is not None:
        found = changes.look(*_asked_of(copy, _PIECE))
        if found is None or found.token != copy.token:
            return
        lines = copy.unseen(found.lines)
        is_all = len(lines) <= _PIECE
        to = found.here if is_all else min(found.here, lines[-1].number)
        further = copy.after(lines, max(to, copy.position))
        with state.lock:
            if state.copy is not copy:
                continue  # somebody else read on, or opened another copy
            state.copy = further
        if is_all or further.changed > _TOO_MANY:
            return
