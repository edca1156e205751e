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
    if isinstance(error, TooLong) or (isinstance(error, OperationalError) and str(error) == "interrupted"):
        return True
    return getattr(error.__cause__, "sqlstate", "") == _CANCELED if error is not None else False


def seconds_left() -> float | None:
    """Until the limit of what is asked now; None where it has none of its own."""
    ends_at = _ends_at.get()
    return None if ends_at is None else max(0.0, ends_at - time.monotonic())


def within(seconds: float, ask: Callable[[], T]) -> T | None:
    """The answer to `ask`, which only reads; None when it takes longer."""
    left = seconds_left()
    outer = _ends_at.set(time.monotonic() + (seconds if left is None else min(seconds, left)))
    try:
        return _on_sqlite(seconds, ask) if connection.vendor == "sqlite" else _on_postgresql(seconds, ask)
    except OperationalError as error:
        if not is_cut_off(error):
            raise
        return None
    finally:
        _ends_at.reset(outer)


def _on_sqlite(seconds: float, ask: Callable[[], T]) -> T:
    connection.ensure_connection()
    raw = connection.connection
    ends_at = time.monotonic() + seconds
    raw.set_progress_handler(lambda: time.monotonic() > ends_at, _STEPS)
    try:
        return ask()
    finally:
        raw.set_progress_handler(None, 0)


def is_in_hand() -> bool:
    """Whether something may have been written that others do not see: no transaction runs but for a limit of time."""
    return connection.in_atomic_block and not _only_reads.get()


def _on_postgresql(seconds: float, ask: Callable[[], T]) -> T:
    is_nested = connection.in_atomic_block
    outer = _only_reads.set(not is_in_hand())
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = {max(1, round(seconds * 1000))}")
            answer = ask()
            if is_nested:  # the transaction goes on, and with it what was set
                cursor.execute("SET LOCAL statement_timeout TO DEFAULT")
            return answer
    finally:
        _only_reads.reset(outer)
