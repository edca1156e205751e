"""What `__in` takes for hundreds of values: one parameter, as Django would look at each of them several times."""

from collections.abc import Iterable

import orjson
from django.db import connection
from django.db.models.expressions import RawSQL

from .prepared import Blank


def among(texts: Iterable[str]) -> RawSQL:
    return _listed(_packed(list(texts)), "text")


def among_keys(pks: Iterable[int]) -> RawSQL:
    return _listed(_packed(list(pks)), "bigint")


def among_blank(name: str) -> RawSQL:
    """The same in a query that is written once (models/prepared.py): a list of texts fills it."""
    return _listed(Blank(name), "text")


def among_blank_keys(name: str) -> RawSQL:
    return _listed(Blank(name), "bigint")


def _packed(values: list[str] | list[int]) -> object:
    return values if connection.vendor == "postgresql" else orjson.dumps(values).decode()


def _listed(packed: object, kind: str) -> RawSQL:
    if connection.vendor == "postgresql":
        return RawSQL(f"SELECT unnest(%s::{kind}[])", [packed])
    return RawSQL("SELECT value FROM json_each(%s)", [packed])
