"""Questions that may take so long and no longer: an expensive one is given up and never holds up the rest."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import TypeVar

from django.db import OperationalError, connection, transaction

T = TypeVar("T")
# SQLite asks after so many of its steps, which take about a millisecond.
_STEPS = 20_000
_only_reads: ContextVar[bool] = ContextVar("only_reads", default=False)
_ends_at: ContextVar[float | None] = ContextVar("ends_at", default=None)
_CANCELED = "57014"  # query_canceled (PostgreSQL, appendix A)


class TooLong(OperationalError):
    """Somebody waited as long as they may for what another is finding out."""


def is_cut_off(error: BaseException | None) -> bool:
    """Whether a question was given up because of its limit of time."""
    if not isinstance(error, OperationalError):
        return False
    is_ours = isinstance(error, TooLong) or str(error) == "interrupted"
    return is_ours or getattr(error.__cause__, "sqlstate", "") == _CANCELED


def seconds_left() -> float | None:
    """Until the limit of what is asked now; None where it has none of its own."""
    ends_at = _ends_at.get()
    return None if ends_at is None else max(0.0, ends_at - time.monotonic())


def within(seconds: float, ask: Callable[[], T]) -> T | None:
    """The answer to `ask`, which only reads; None when it, or one statement of it on PostgreSQL, takes longer.

    A limit inside another is never the longer one.
    """
    left = seconds_left()
    seconds = seconds if left is None else min(seconds, left)
    token = _ends_at.set(time.monotonic() + seconds)
    try:
        return _on_sqlite(ask, left) if connection.vendor == "sqlite" else _on_postgresql(seconds, ask, left)
    except OperationalError as error:
        if not is_cut_off(error):
            raise
        return None
    finally:
        _ends_at.reset(token)


def _on_sqlite(ask: Callable[[], T], outer: float | None) -> T:
    connection.ensure_connection()
    raw = connection.connection
    raw.set_progress_handler(_is_over, _STEPS)
    try:
        return ask()
    finally:
        if outer is None:
            raw.set_progress_handler(None, 0)


def _is_over() -> bool:
    return seconds_left() == 0


def is_in_hand() -> bool:
    """Whether something may have been written that others do not see: no transaction runs but for a limit of time."""
    return connection.in_atomic_block and not _only_reads.get()


def _on_postgresql(seconds: float, ask: Callable[[], T], outer: float | None) -> T:
    is_nested = connection.in_atomic_block
    token = _only_reads.set(not is_in_hand())
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = {_milliseconds(seconds)}")
            answer = ask()
            if is_nested:  # the transaction goes on, and with it what was set
                cursor.execute(f"SET LOCAL statement_timeout = {'DEFAULT' if outer is None else _milliseconds(outer)}")
            return answer
    finally:
        _only_reads.reset(token)


def _milliseconds(seconds: float) -> int:
    return max(1, round(seconds * 1000))
