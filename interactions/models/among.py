"""What `__in` takes for hundreds of values: one parameter, as Django would look at each of them several times."""

from collections.abc import Iterable

import orjson
from django.db import connection
from django.db.models.expressions import RawSQL


def among(texts: Iterable[str]) -> RawSQL:
    return _listed(list(texts), "text")


def among_keys(pks: Iterable[int]) -> RawSQL:
    return _listed(list(pks), "bigint")


def _listed(values: list[str] | list[int], kind: str) -> RawSQL:
    if connection.vendor == "postgresql":
        return RawSQL(f"SELECT unnest(%s::{kind}[])", [values])
    return RawSQL("SELECT value FROM json_each(%s)", [orjson.dumps(values).decode()])
