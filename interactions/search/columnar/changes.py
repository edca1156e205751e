"""The lines of what changed, in numbers that tell which are still to come.

On SQLite a line's number is its own: with one writer at a time they become visible in their order. On PostgreSQL it is
the transaction's, and whoever is older than every transaction that still runs is all there (PostgreSQL's manual, 9.28,
pg_snapshot_xmin); what is younger is asked for again, and told apart by the line's own number.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import orjson
from django.db import connection

from interactions.models import ColumnarCopy, Conversation, ConversationChange

_LINES = ConversationChange._meta.db_table
_NUMBER = {"sqlite": "seq", "postgresql": "xid"}
_HERE = {
    "sqlite": f"COALESCE((SELECT MAX(seq) FROM {_LINES}), 0) + 1",
    "postgresql": "pg_snapshot_xmin(pg_current_snapshot())::text::bigint",
}
# A database that was put back, here or elsewhere, has other numbers for its tables; a file of SQLite keeps its lines.
_SERVER = {
    "sqlite": "''",
    "postgresql": "(SELECT oid FROM pg_database WHERE datname = current_database()) || '.' "
    f"|| '{Conversation._meta.db_table}'::regclass::oid",
}
_LISTED = {
    "sqlite": "(SELECT json_group_array(json_array({0}, seq, conversation)) FROM ({1}) lines)",
    "postgresql": "(SELECT json_agg(json_build_array({0}, seq, conversation)) FROM ({1}) lines)::text",
}
# Lines taken away in one transaction.
_STEP = 10_000


class Line(NamedTuple):
    number: int
    seq: int
    conversation: int


class Look(NamedTuple):
    """One instant: the copy that counts, the position now, before which all lines are visible, and some lines."""

    token: str
    position: int
    size: int
    here: int
    lines: list[Line]


def look(position: int, most: int) -> Look | None:
    """With up to `most` lines from a position on; None where there is no copy. One statement, hence one instant.

    While the copy counts no line that it does not know is taken away.
    """
    vendor = connection.vendor
    number = _NUMBER[vendor]
    lines = f"SELECT * FROM {_LINES} WHERE {number} >= %s ORDER BY {number}, seq LIMIT %s"
    listed = _LISTED[vendor].format(number, lines)
    table = f"{ColumnarCopy._meta.db_table} WHERE server = {_SERVER[vendor]}"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT token, position, size, {_HERE[vendor]}, {listed} FROM {table}", [position, most])
        found = cursor.fetchone()
    if found is None:
        return None
    token, since, size, now, text = found
    return Look(token, since, size, now, [Line(*line) for line in orjson.loads(text or "[]")])


def here() -> int:
    return int(_asked(f"SELECT {_HERE[connection.vendor]}"))


def server() -> str:
    """What tells this database from one that was put back from its backup."""
    return str(_asked(f"SELECT {_SERVER[connection.vendor]}"))


def _asked(sql: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def last() -> int:
    """The last line's own number, of all that there ever were."""
    if connection.vendor == "sqlite":
        return here() - 1
    return int(_asked(f"SELECT COALESCE(pg_sequence_last_value(pg_get_serial_sequence('{_LINES}', 'seq')), 0)"))


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
