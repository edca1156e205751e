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
_CANCELED = "57014"  # query_canceled (PostgreSQL, appendix A)


def within(seconds: float, ask: Callable[[], T]) -> T | None:
    """The answer to `ask`, which only reads; None when it takes longer."""
    return _on_sqlite(seconds, ask) if connection.vendor == "sqlite" else _on_postgresql(seconds, ask)


def _on_sqlite(seconds: float, ask: Callable[[], T]) -> T | None:
    connection.ensure_connection()
    raw = connection.connection
    ends_at = time.monotonic() + seconds
    raw.set_progress_handler(lambda: time.monotonic() > ends_at, _STEPS)
    try:
        return ask()
    except OperationalError as error:
        if str(error) != "interrupted":
            raise
        return None
    finally:
        raw.set_progress_handler(None, 0)


def is_in_hand() -> bool:
    """Whether something may have been written that others do not see: no transaction runs but for a limit of time."""
    return connection.in_atomic_block and not _only_reads.get()


def _on_postgresql(seconds: float, ask: Callable[[], T]) -> T | None:
    is_nested = connection.in_atomic_block
    outer = _only_reads.set(not is_in_hand())
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = {max(1, round(seconds * 1000))}")
            answer = ask()
            if is_nested:  # the transaction goes on, and with it what was set
                cursor.execute("SET LOCAL statement_timeout TO DEFAULT")
            return answer
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") != _CANCELED:
            raise
        return None
    finally:
        _only_reads.reset(outer)
