"""Statements that write any number of rows at once, in the values that each database takes."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import chain
from typing import Any, TypeVar

import orjson
from django.db import connection, models

from interactions.models import Conversation

_NAIVE_EPOCH = datetime(1970, 1, 1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND, _MINUTE = timedelta(milliseconds=1), timedelta(minutes=1)
MOST_MINUTES = 10_000
# A statement of its own for each row costs SQLite twice as much.
MOST_ROWS = 64
# Its full-text index is written out with each statement: a usual page of conversations is one.
MOST_INDEXED = 128
Moment = Callable[[int | None], Any]
T = TypeVar("T")


def _as_it_is(value: T) -> T:
    return value


# For each value but texts and numbers the driver looks for a way to adapt it, and finding none costs it twice as much
# as being told one.
for _kind in (bool, bytes, type(None)):
    sqlite3.register_adapter(_kind, _as_it_is)


class Insert:
    """Inserts rows by few statements; model instances would cost a third of the import.

    `update_by` names the unique column by which an existing row is overwritten; `skip_by` one by which it is kept.
    `is_plain` says that all values are texts and flags, which PostgreSQL takes as one JSON in a tenth of the time.
    `types` are PostgreSQL's for the columns, where it is to take them in binary: bytes as text are twice as long.
    `is_indexed` says that SQLite's full-text index hangs on the table.
    """

    def __init__(
        self,
        model: type[models.Model],
        columns: Sequence[str],
        *,
        update_by: str = "",
        skip_by: str = "",
        is_plain: bool = False,
        types: Sequence[str] = (),
        is_indexed: bool = False,
    ) -> None:
        self.model = model
        self.columns = tuple(columns)
        self.update_by = update_by
        self.skip_by = skip_by
        self.is_plain = is_plain
        self.types = types
        self.is_indexed = is_indexed

    def run(self, rows: Sequence[Sequence[Any]], *, are_new: bool = False) -> None:
        """Write the rows; of those that `are_new` no other can have the unique column already."""
        if not rows:
            return
        # Below Django's cursors, which look for placeholders in each of these long statements anew.
        with connection.cursor() as wrapper, connection.wrap_database_errors:
            cursor = wrapper.cursor
            if connection.vendor == "sqlite":
                for chunk in _sliced(rows) if self.is_indexed else _halving(rows):
                    values = list(chain.from_iterable(chunk))
                    sqlite3.Cursor.execute(cursor, self._sql(len(chunk), "?"), values)
            elif are_new or not (self.update_by or self.skip_by):
                self._copy(cursor, rows)
            elif self.is_plain:
                listed = [dict(zip(self.columns, row, strict=True)) for row in rows]
                cursor.execute(self._from_json(), [orjson.dumps(listed).decode()])
            else:
                cursor.executemany(self._sql(1, "%s"), rows)

    def _copy(self, cursor: Any, rows: Sequence[Sequence[Any]]) -> None:
        kind = " (FORMAT BINARY)" if self.types else ""
        with cursor.copy(f"COPY {self._names()} FROM STDIN{kind}") as copy:
            if self.types:
                copy.set_types(self.types)
            for row in rows:
                copy.write_row(row)

    def _names(self) -> str:
        quote = connection.ops.quote_name
        return f"{quote(self.model._meta.db_table)} ({', '.join(map(quote, self.columns))})"

    @cache  # noqa: B019 -- one for each table, for ever
    def _sql(self, count: int, place: str) -> str:
        row = f"({', '.join([place] * len(self.columns))})"
        return f"INSERT INTO {self._names()} VALUES {', '.join([row] * count)}{self._conflict()}"

    def _from_json(self) -> str:
        quote = connection.ops.quote_name
        columns, table = ", ".join(map(quote, self.columns)), quote(self.model._meta.db_table)
        source = f"SELECT {columns} FROM json_populate_recordset(NULL::{table}, %s)"
        return f"INSERT INTO {self._names()} {source}{self._conflict()}"

    def _conflict(self) -> str:
        quote = connection.ops.quote_name
        if self.update_by:
            others = [column for column in self.columns if column != self.update_by]
            changes = ", ".join(f"{quote(column)} = EXCLUDED.{quote(column)}" for column in others)
            return f" ON CONFLICT ({quote(self.update_by)}) DO UPDATE SET {changes}"
        return f" ON CONFLICT ({quote(self.skip_by)}) DO NOTHING" if self.skip_by else ""


def _halving(rows: Sequence[Sequence[Any]]) -> Iterator[Sequence[Sequence[Any]]]:
    """The rows in pieces of few different sizes, so that the database has each statement parsed already."""
    start, size = 0, MOST_ROWS
    while start < len(rows):
        while size > len(rows) - start:
            size //= 2
        yield rows[start : start + size]
        start += size


def _sliced(rows: Sequence[Sequence[Any]]) -> Iterator[Sequence[Sequence[Any]]]:
    """The rows in as few pieces as can be."""
    for start in range(0, len(rows), MOST_INDEXED):
        yield rows[start : start + MOST_INDEXED]


class _Minutes(dict[int, str]):
    """The text of each minute since the epoch, kept as most instants of a page share theirs with others."""

    def __missing__(self, minute: int) -> str:
        if len(self) > MOST_MINUTES:
            self.clear()
        text = self[minute] = str(_NAIVE_EPOCH + minute * _MINUTE)[:-2]
        return text


_minutes = _Minutes()
_SECONDS = [f"{second:02d}" for second in range(60)]
# As Django writes it: six digits, or none at a whole second.
_FRACTIONS = ["", *[f".{ms:03d}000" for ms in range(1, 1000)]]


def moments() -> Moment:
    """A function from epoch milliseconds to the value that a DateTimeField stores."""
    return _as_text if connection.vendor == "sqlite" else _as_datetime


def _as_text(ms: int | None) -> str | None:
    if ms is None:
        return None
    minute, rest = divmod(ms, 60_000)
    return _minutes[minute] + _SECONDS[rest // 1000] + _FRACTIONS[rest % 1000]


def _as_datetime(ms: int | None) -> datetime | None:
    return None if ms is None else _EPOCH + ms * _MILLISECOND


def stored(moment: datetime) -> Any:
    """An aware datetime as the value that a DateTimeField stores."""
    return connection.ops.adapt_datetimefield_value(moment)


def as_json(value: Any) -> str | None:
    return None if value is None else orjson.dumps(value).decode()


def named(model: type[models.Model], column: str, names: Iterable[str], *others: str) -> list[tuple[Any, ...]]:
    """(column, *others) of the rows with one of these names; asked for every page, where a queryset costs the most.

    The values are those of the database: `others` are no times.
    """
    wanted = list(names)
    if not wanted:
        return []
    # As one text: psycopg looks at each item of a list.
    listed = "ARRAY(SELECT json_array_elements_text(%s))"
    condition = f"= ANY({listed})" if connection.vendor == "postgresql" else "IN (SELECT value FROM json_each(%s))"
    with connection.cursor() as cursor:
        cursor.execute(_look_up(model, (column, *others), condition), [orjson.dumps(wanted).decode()])
        return list(cursor.fetchall())


@cache
def _look_up(model: type[models.Model], columns: tuple[str, ...], condition: str) -> str:
    quote = connection.ops.quote_name
    listed = [quote(column) for column in columns]
    return f"SELECT {', '.join(listed)} FROM {quote(model._meta.db_table)} WHERE {listed[0]} {condition}"


def conversation_keys(idents: Iterable[str]) -> dict[int, str]:
    """LivePerson's ids by primary key, of those conversations that are stored.

    Asked before what belongs to them, not joined with it: while a first import grows PostgreSQL takes both tables for
    nearly empty, and went through one of them for each row of the other (7 s a page at 12,000).
    """
    return {pk: ident for ident, pk in named(Conversation, "conversation_id", idents, "id")}


def new_keys(model: type[models.Model], count: int) -> list[int]:
    """`count` primary keys that no row has and none will get."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
            )
            return [row[0] for row in cursor.fetchall()]
        # The write lock is ours from the first statement of the transaction (IMMEDIATE), so nobody else counts on.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        row = cursor.fetchone()
    last = 0 if row is None else int(row[0])
    return list(range(last + 1, last + 1 + count))


def lock_names(names: Iterable[str]) -> None:
    """Holds these conversations against other writers until the transaction ends; SQLite has one writer anyway."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        # In order of the key, so that two pages that share conversations wait instead of locking each other out.
        cursor.execute(
            "SELECT pg_advisory_xact_lock(key) FROM "
            "(SELECT DISTINCT hashtextextended(name, 0) AS key FROM json_array_elements_text(%s) AS name "
            "ORDER BY 1) AS keys",
            [orjson.dumps(list(names)).decode()],
        )
