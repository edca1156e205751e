"""Walks an order from any row in either direction, by row values that an index on (key, id) answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import BigAutoField, BooleanField, F, Func, Q, Value

from .sorts import LARGEST_SEED, Sort

Key = tuple[Any, int]  # sort value (None where there is none) and primary key


class RowComparison(Func):
    """`(key, id) < (value, pk)`: Django writes this with OR on SQLite, which no index answers."""

    output_field = BooleanField()

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        parts = [compiler.compile(expression) for expression in self.get_source_expressions()]
        key, pk, value, value_pk = (sql for sql, _ in parts)
        params = [param for _, given in parts for param in given]
        return f"({key}, {pk}) {self.extra['operator']} ({value}, {value_pk})", params


@dataclass(frozen=True)
class _Segment:
    """A stretch of the order: compared by (key, id), or by id alone where no row has a key."""

    where: Q
    has_key: bool = True


@dataclass(frozen=True)
class Order:
    """A sort with its direction and, for a shuffle, the seed."""

    sort: Sort
    is_descending: bool = False
    seed: int | None = None

    def __str__(self) -> str:
        return f"{'-' if self.is_descending else ''}{self.sort.name}"

    @property
    def words(self) -> str:
        return self.sort.down if self.is_descending else self.sort.up

    def prepared(self, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """`rows` with the sort key as an attribute, where it is not a column."""
        return rows.annotate(**{self.sort.key: self.sort.computed}) if self.sort.computed is not None else rows

    def key_of(self, row: Any) -> Key:
        return getattr(row, self.sort.key), row.pk

    def walk(self, rows: models.QuerySet[Any], start: Key | None, limit: int, *, backwards: bool = False) -> list[Any]:
        """Up to `limit` of the prepared `rows` strictly beyond `start`, nearest first; at most two queries."""
        waiting = self._segments_from(start, backwards)
        found: list[Any] = []
        for number, segment in enumerate(waiting):
            stretch = rows.filter(segment.where)
            if start is not None and number == 0:
                stretch = stretch.filter(self._beyond(segment, start, backwards))
            found.extend(stretch.order_by(*self._terms(backwards))[: limit - len(found)])
            if len(found) == limit:
                break
        return found

    def count_before(self, rows: models.QuerySet[Any], end: Key) -> int:
        """How many of the prepared `rows` stand before `end`."""
        own, *earlier = self._segments_from(end, backwards=True)
        count = rows.filter(own.where).filter(self._beyond(own, end, backwards=True)).count()
        return count + sum(rows.filter(segment.where).count() for segment in earlier)

    def _terms(self, backwards: bool) -> tuple[str, str]:
        sign = "-" if self.is_descending != backwards else ""
        return f"{sign}{self.sort.key}", f"{sign}pk"

    def _segments_from(self, start: Key | None, backwards: bool) -> list[_Segment]:
        segments = self._segments()
        at = 0 if start is None else self._segment_number(start[0])
        if not backwards:
            return segments[at:]
        return segments[::-1] if start is None else segments[at::-1]

    def _segments(self) -> list[_Segment]:
        key = self.sort.key
        if self.sort.is_nullable:
            return [_Segment(Q(**{f"{key}__isnull": False})), _Segment(Q(**{f"{key}__isnull": True}), has_key=False)]
        if self.seed is None:
            return [_Segment(Q())]
        # A shuffle is the circle of random keys, entered where the seed says.
        turned = [_Segment(Q(**{f"{key}__gte": self._entry})), _Segment(Q(**{f"{key}__lt": self._entry}))]
        return turned[::-1] if self.is_descending else turned

    def _segment_number(self, value: Any) -> int:
        if self.sort.is_nullable:
            return int(value is None)
        return 0 if self.seed is None else int((value < self._entry) != self.is_descending)

    @property
    def _entry(self) -> int:
        # Multiplied by an odd number, neighbouring seeds enter the circle far apart.
        return ((self.seed or 0) + 1) * 0x9E3779B1 & LARGEST_SEED

    def _beyond(self, segment: _Segment, start: Key, backwards: bool) -> Any:
        value, pk = start
        is_falling = self.is_descending != backwards
        if not segment.has_key:
            return Q(pk__lt=pk) if is_falling else Q(pk__gt=pk)
        return RowComparison(
            F(self.sort.key),
            F("pk"),
            Value(value, output_field=self.sort.field),
            Value(pk, output_field=BigAutoField()),
            operator="<" if is_falling else ">",
        )
