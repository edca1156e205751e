"""Statements that write any number of rows at once, in the values that each database takes."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from django.db import connection, models

_NAIVE_EPOCH = datetime(1970, 1, 1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
Moment = Callable[[int | None], Any]


class Insert:
    """Inserts rows by one statement sent once with all its rows; model instances would cost a third of the import.

    `update_by` names the unique column by which an existing row is overwritten; `skip_by` one by which it is kept.
    """

    def __init__(
        self, model: type[models.Model], columns: Sequence[str], *, update_by: str = "", skip_by: str = ""
    ) -> None:
        self.model = model
        self.columns = tuple(columns)
        self.update_by = update_by
        self.skip_by = skip_by

    def run(self, rows: Iterable[Sequence[Any]]) -> None:
        listed = rows if isinstance(rows, list) else list(rows)
        if listed:
            with connection.cursor() as cursor:
                cursor.executemany(self._sql(), listed)

    def _sql(self) -> str:
        quote = connection.ops.quote_name
        places = [self._place(column) for column in self.columns]
        names = ", ".join(quote(column) for column in self.columns)
        sql = f"INSERT INTO {quote(self.model._meta.db_table)} ({names}) VALUES ({', '.join(places)})"
        if self.update_by:
            others = [column for column in self.columns if column != self.update_by]
            changes = ", ".join(f"{quote(column)} = EXCLUDED.{quote(column)}" for column in others)
            return f"{sql} ON CONFLICT ({quote(self.update_by)}) DO UPDATE SET {changes}"
        return f"{sql} ON CONFLICT ({quote(self.skip_by)}) DO NOTHING" if self.skip_by else sql

    def _place(self, column: str) -> str:
        field = next(field for field in self.model._meta.concrete_fields if field.column == column)
        is_json = isinstance(field, models.JSONField) and connection.vendor == "postgresql"
        return "%s::jsonb" if is_json else "%s"


def moments() -> Moment:
    """A function from epoch milliseconds to the value that a DateTimeField stores."""
    return _as_text if connection.vendor == "sqlite" else _as_datetime


def _as_text(ms: int | None) -> str | None:
    return None if ms is None else str(_NAIVE_EPOCH + ms * _MILLISECOND)


def _as_datetime(ms: int | None) -> datetime | None:
    return None if ms is None else _EPOCH + ms * _MILLISECOND


def stored(moment: datetime) -> Any:
    """An aware datetime as the value that a DateTimeField stores."""
    return connection.ops.adapt_datetimefield_value(moment)


def as_json(value: Any) -> str | None:
    return None if value is None else orjson.dumps(value).decode()


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
            "(SELECT DISTINCT hashtextextended(name, 0) AS key FROM unnest(%s::text[]) AS name ORDER BY 1) AS keys",
            [list(names)],
        )
