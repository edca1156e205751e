"""Queries whose SQL is written once and asked with other values each time.

Django writes the SQL of a query set anew whenever it is asked: for the thirty questions of a page that took a quarter
of its time (docs/benchmarks.md), more than the database took to answer them. A query that always has the same shape
is held here as Django's compiler left it. Of Django's inside it takes a compiler's `as_sql` and `get_converters` and
what iterables read of a query set, which tests/interactions/models/test_prepared.py would miss.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar, cast

import orjson
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import CharField, Expression, Field, ForeignObject, Lookup, QuerySet, TextField

Row = TypeVar("Row")


class Blank(Expression):
    """A place in a query that a value fills when it is asked."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return "%s", (self,)


@Field.register_lookup
@ForeignObject.register_lookup
class Among(Lookup):
    """`pk__among=Blank("keys")`: whether it is in a list that fills the blank.

    Few keys in an array PostgreSQL plans in a third of the time that it takes for rows made of them.
    """

    lookup_name = "among"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        column, params = self.process_lhs(compiler, connection)
        return f"{column} IN (SELECT value FROM json_each(%s))", (*params, self.rhs)

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        column, params = self.process_lhs(compiler, connection)
        kind = "text" if isinstance(self.lhs.output_field, CharField | TextField) else "bigint"
        return f"{column} = ANY(%s::{kind}[])", (*params, self.rhs)


@dataclass(frozen=True, slots=True)
class _Statement:
    compiler: Any
    sql: str
    params: tuple[Any, ...]
    queryset: QuerySet[Any]


class Prepared(Generic[Row]):
    """A query set with blanks, made by `write` when it is first asked.

    `write` takes nothing and gives the query set; every Blank in it is named by a keyword of the call. Values are what
    the database takes: whole numbers, texts and instants, and for `__among` lists of numbers or texts.
    """

    def __init__(self, write: Callable[[], QuerySet[Any, Row]]) -> None:
        self._write = write
        self._statement: _Statement | None = None
        self._here = _Here()

    def __call__(self, **values: Any) -> list[Row]:
        statement = self._statement or self._write_down()
        filled = tuple(_taken(values[each.name]) if isinstance(each, Blank) else each for each in statement.params)
        compiler = copy(statement.compiler)
        compiler.connection = connections[DEFAULT_DB_ALIAS]  # each thread has its own
        compiler.as_sql = lambda *_args, **_options: (statement.sql, filled)
        converters = self._here.converters_of(compiler)
        compiler.get_converters = lambda _expressions: converters
        asked: Any = _Asked(statement.queryset, compiler)
        return list(cast("Iterable[Row]", statement.queryset._iterable_class(asked)))

    def first(self, **values: Any) -> Row | None:
        """The first row of what is written to give one at most."""
        return next(iter(self(**values)), None)

    def _write_down(self) -> _Statement:
        """Two threads may do so at once: either's statement is as good."""
        queryset = self._write()
        compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        compiler.connection = None  # else it would stay open when this thread has ended
        self._statement = _Statement(compiler, sql, tuple(params), queryset)
        return self._statement


class _Here(threading.local):
    """What turns a statement's columns into values: bound to the thread's own connection, as the database's are."""

    def __init__(self) -> None:
        self._found: Any = None

    def converters_of(self, compiler: Any) -> Any:
        """As `results_iter` of Django's compilers asks for them."""
        if self._found is None:
            found = compiler.get_converters([column[0] for column in compiler.select[: compiler.col_count]])
            quicker = _quicker(compiler.connection)
            self._found = {
                place: ([quicker.get(each, each) for each in each_one], expression)
                for place, (each_one, expression) in found.items()
            }
        return self._found


def _quicker(connection: Any) -> dict[Any, Any]:
    """What does the same as a converter of the database's. SQLite's of instants looks up settings for each."""
    if connection.vendor != "sqlite" or connection.timezone is not UTC:
        return {}
    return {connection.ops.convert_datetimefield_value: _instant}


def _instant(value: datetime | str | None, _expression: Any, _connection: Any) -> datetime | None:
    """Of columns the driver has made it, without a zone; of what is reckoned from them it leaves the text."""
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    return None if at is None else at.replace(tzinfo=UTC)


class _Asked:
    """What Django's iterables read of a query set."""

    def __init__(self, queryset: Any, compiler: Any) -> None:
        self.model = queryset.model
        self.db = queryset.db
        self._fields = queryset._fields
        self._known_related_objects: dict[Any, Any] = {}
        self.query = _Query(queryset.query, compiler)


class _Query:
    def __init__(self, query: Any, compiler: Any) -> None:
        self._query, self._compiler = query, compiler

    def get_compiler(self, using: str | None = None) -> Any:
        return self._compiler

    def __getattr__(self, name: str) -> Any:
        return getattr(self._query, name)


def _taken(value: Any) -> Any:
    """A value as the database takes it."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, list):  # one parameter
        return value if connection.vendor == "postgresql" else orjson.dumps(value).decode()
    return value
