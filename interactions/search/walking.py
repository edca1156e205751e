"""Walks an order from any row in either direction, by row values that an index on (key, id) answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.db import models
from django.db.models import BigAutoField, BooleanField, F, Func, Q, Value
from django.db.models.lookups import GreaterThan, LessThan

from interactions.models import Conversation

from . import alphabet, shuffle
from .covering import plain
from .sorts import Sort

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
    """A stretch of the order: compared by (key, id), or by id alone where no row has a key.

    `holds_start` says that the walk begins inside of it; `is_one_key` that all its rows have the same.
    """

    where: Q
    has_key: bool = True
    holds_start: bool = False
    is_one_key: bool = False


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
        computed = self.sort.computed if self.seed is None else shuffle.expression(self.seed)
        return rows if computed is None else rows.annotate(**{self.sort.key: computed})

    def key_of(self, row: Any) -> Key:
        if self.seed is not None:
            return shuffle.place(row.shuffle_key, self.seed), row.pk
        return getattr(row, self.sort.key), row.pk

    def walk(
        self, rows: models.QuerySet[Any], start: Key | None, limit: int, *, backwards: bool = False, few: bool = False
    ) -> list[Any]:
        """Up to `limit` of the prepared `rows` strictly beyond `start`, nearest first; one query for each stretch.

        `few` rows are sorted in as few stretches as can be.
        """
        found: list[Any] = []
        for stretch in self.stretches(rows, start, backwards=backwards, few=few):
            found.extend(stretch[: limit - len(found)])
            if len(found) == limit:
                break
        return found

    def stretches(
        self, rows: models.QuerySet[Any], start: Key | None, *, backwards: bool = False, few: bool = False
    ) -> Iterator[models.QuerySet[Any]]:
        """The prepared `rows` strictly beyond `start` in their order, one query after the other."""
        for segment in self._segments_from(start, backwards, few=few):
            stretch = self._beyond(rows.filter(segment.where), segment, start, backwards)
            yield stretch.order_by(*self._terms(segment, backwards))

    def count_before(self, rows: models.QuerySet[Any], end: Key) -> int:
        """How many of the prepared `rows` stand before `end`."""
        segments = self._segments_from(end, backwards=True, few=True)
        return sum(
            self._beyond(rows.filter(each.where), each, end, backwards=True, is_counted=True).count()
            for each in segments
        )

    def _terms(self, segment: _Segment, backwards: bool) -> tuple[str, ...]:
        sign = "-" if self.is_descending != backwards else ""
        return (f"{sign}pk",) if segment.is_one_key else (f"{sign}{self.sort.key}", f"{sign}pk")

    def _segments_from(self, start: Key | None, backwards: bool, *, few: bool = False) -> list[_Segment]:
        """Nearest first; `few` says that their number counts and not their size."""
        if self.sort.computed is not None:
            return self._named(start, backwards, few)
        segments = self._segments()
        if start is None:
            return segments[::-1] if backwards else segments
        at = self._segment_number(start[0])
        own = replace(segments[at], holds_start=True)
        return [own, *(segments[:at][::-1] if backwards else segments[at + 1 :])]

    def _segments(self) -> list[_Segment]:
        key = self.sort.key
        if self.sort.is_nullable:
            return [_Segment(Q(**{f"{key}__isnull": False})), _Segment(Q(**{f"{key}__isnull": True}), has_key=False)]
        return [_Segment(Q())]

    def _named(self, start: Key | None, backwards: bool, few: bool) -> list[_Segment]:
        """Stretches of agents' names; whoever has no agent comes last."""
        value = None if start is None else start[0]
        is_inside = start is not None and value is None
        nobody = _Segment(alphabet.NOBODY, has_key=False, holds_start=is_inside, is_one_key=True)
        if nobody.holds_start and not backwards:
            return [nobody]
        is_falling = self.is_descending != backwards
        ahead = [
            name
            for name in alphabet.names()
            if value is None or (name.text <= value if is_falling else name.text >= value)
        ]
        ordered = ahead[::-1] if is_falling else ahead
        stretches = [
            _Segment(alphabet.shown(names), holds_start=names[0].text == value, is_one_key=len(names) == 1)
            for names in ([ordered[:1], ordered[1:]] if few else alphabet.doubling(ordered))
            if names
        ]
        if not backwards:
            return [*stretches, nobody]
        return stretches if value is not None else [nobody, *stretches]

    def _segment_number(self, value: Any) -> int:
        return int(self.sort.is_nullable and value is None)

    def _beyond(
        self,
        rows: models.QuerySet[Any],
        segment: _Segment,
        start: Key | None,
        backwards: bool,
        *,
        is_counted: bool = False,
    ) -> models.QuerySet[Any]:
        """The rows of a stretch that lie beyond the start of the walk; what `is_counted` needs no order."""
        if start is None or not segment.holds_start:
            return rows
        value, pk = start
        is_falling = self.is_descending != backwards
        if not segment.has_key or segment.is_one_key:
            # SQLite 3.40 forgets this comparison beside a list of ids once ANALYZE has told it of the index (key, id).
            ident = plain(Conversation, "id") if is_counted else F("pk")
            return rows.filter(LessThan(ident, pk) if is_falling else GreaterThan(ident, pk))
        beyond: Any = RowComparison(
            F(self.sort.key),
            F("pk"),
            Value(value, output_field=self.sort.field),
            Value(pk, output_field=BigAutoField()),
            operator="<" if is_falling else ">",
        )
        return rows.filter(beyond)
