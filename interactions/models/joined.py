"""What rows refer to, each read once: of fifty conversations three hundred agents, skills and groups are forty."""

from collections.abc import Iterable
from functools import cache
from typing import Any, TypeVar

from django.db.models import Model

from .prepared import Blank, Prepared

Row = TypeVar("Row", bound=Model)


def joined(rows: list[Row], *names: str) -> list[Row]:
    """The same rows with what their foreign keys `names` lead to, by one query for each table.

    The database would bring the same agent again for each row, and plan for as many tables.
    """
    if not rows:
        return rows
    fields: list[Any] = [rows[0]._meta.get_field(name) for name in names]
    found = {table: _by_key(table, rows, fields) for table in dict.fromkeys(field.related_model for field in fields)}
    for field in fields:
        there = found[field.related_model]
        for row in rows:
            if (other := there.get(getattr(row, field.attname))) is not None:
                field.set_cached_value(row, other)
    return rows


def _by_key(table: type[Model], rows: Iterable[Model], fields: Iterable[Any]) -> dict[Any, Model]:
    names = [field.attname for field in fields if field.related_model is table]
    keys = {getattr(row, name) for name in names for row in rows} - {None}
    return {each.pk: each for each in _of(table)(keys=list(keys))} if keys else {}


@cache
def _of(table: type[Model]) -> Prepared[Any]:
    return Prepared(lambda: table._default_manager.filter(pk__among=Blank("keys")).order_by())
