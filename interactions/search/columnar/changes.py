"""The lines of what changed, in numbers that tell which are still to come.

On SQLite a line's number is its own: with one writer at a time they become visible in their order. On PostgreSQL it is
the transaction's, and whoever is older than every transaction that still runs is all there (PostgreSQL's manual, 9.28,
pg_snapshot_xmin); what is younger is asked for again, and told apart by the line's own number.
"""

from __future__ import annotations

from typing import NamedTuple

from django.db import connection

from interactions.models import ColumnarCopy, ConversationChange

_LINES = ConversationChange._meta.db_table
_NUMBER = {"sqlite": "seq", "postgresql": "xid"}
_HERE = {
    "sqlite": f"COALESCE((SELECT MAX(seq) FROM {_LINES}), 0) + 1",
    "postgresql": "pg_snapshot_xmin(pg_current_snapshot())::text::bigint",
}
# Lines taken away in one transaction.
_STEP = 10_000


class Line(NamedTuple):
    number: int
    seq: int
    conversation: int


class Row(NamedTuple):
    """The copy that counts, as the database has it, and the position now: all lines before it are visible."""

    token: str
    position: int
    size: int
    here: int


def row() -> Row | None:
    """None where there is no copy."""
    columns = f"token, position, size, {_HERE[connection.vendor]}"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {ColumnarCopy._meta.db_table}")
        found = cursor.fetchone()
    return None if found is None else Row(*found)


def here() -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_HERE[connection.vendor]}")
        return int(cursor.fetchone()[0])


def last() -> int:
    """The last line's own number, of all that there ever were."""
    if connection.vendor == "sqlite":
        return here() - 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT COALESCE(pg_sequence_last_value(pg_get_serial_sequence(%s, 'seq')), 0)", [_LINES])
        return int(cursor.fetchone()[0])


def since(position: int, limit: int) -> list[Line]:
    """Up to `limit` visible lines from a position on."""
    number = _NUMBER[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {number}, seq, conversation FROM {_LINES} WHERE {number} >= %s ORDER BY {number}, seq LIMIT %s",
            [position, limit],
        )
        return [Line(*found) for found in cursor.fetchall()]


def forget_before(position: int) -> None:
    """Takes lines away that no copy needs, some thousand at a time; SQLite counts on from the last, which stays."""
    number = _NUMBER[connection.vendor]
    last = f" AND seq < (SELECT MAX(seq) FROM {_LINES})" if connection.vendor == "sqlite" else ""
    chosen = f"SELECT seq FROM {_LINES} WHERE {number} < %s{last} ORDER BY {number}, seq LIMIT {_STEP}"
    with connection.cursor() as cursor:
        while True:
            cursor.execute(f"DELETE FROM {_LINES} WHERE seq IN ({chosen})", [position])
            if cursor.rowcount < _STEP:
                return


def forget_foreign() -> None:
    """Takes away lines of transactions that this server has not come to: the database was put back from another's."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {_LINES} WHERE xid >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
