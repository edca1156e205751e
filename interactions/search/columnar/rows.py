"""Conversations read from the database as columns."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
from django.db import connection

from interactions.models import Conversation, Participation

from .layout import ANSWERS, KEYS, NULLS, NUMBERS, PARTS, TIMES, TYPES, WORDS
from .segment import InMemory

if TYPE_CHECKING:
    from .layout import Column

# Keys that one statement looks at.
STEP = 10_000
_NAMES = (*NUMBERS, *WORDS)
# Microseconds since the epoch. Of the fraction SQLite would round a second up. For statements with parameters (%%).
_TIMES = {
    "sqlite": "CAST(strftime('%%s', substr({0}, 1, 19)) AS INTEGER) * 1000000 "
    "+ CAST(substr(substr({0}, 21) || '000000', 1, 6) AS INTEGER)",
    "postgresql": "(EXTRACT(EPOCH FROM {0}) * 1000000)::bigint",
}
_ANSWERS = {"sqlite": "({0})", "postgresql": "({0})::int"}
_AMONG = {"sqlite": "IN (SELECT value FROM json_each(%s))", "postgresql": "= ANY(%s)"}


@cache
def _rows_of(vendor: str) -> str:
    """The statement that reads conversations, but for its condition."""
    found = []
    for name, kind in NUMBERS.items():
        sql = f"c.{name}_id" if name in KEYS else f"c.{name}"
        if name in TIMES:
            sql = _TIMES[vendor].format(sql)
        elif name in ANSWERS:
            sql = _ANSWERS[vendor].format(ANSWERS[name])
        found.append(f"COALESCE({sql}, {NULLS[kind]})")
    columns = [*found, *(f"c.{name}" for name in WORDS)]
    return f"SELECT {', '.join(columns)} FROM {Conversation._meta.db_table} c WHERE c.id {{}} ORDER BY c.id"


@cache
def _parts_of(vendor: str) -> str:
    group = f"COALESCE(group_id, {NULLS[TYPES['part_group']]})"
    counts = _ANSWERS[vendor].format("is_counted")
    return f"""SELECT conversation_id, agent_id, {group}, {counts} FROM {Participation._meta.db_table}
    WHERE conversation_id {{}} ORDER BY conversation_id, agent_id"""


def between(first: int, last: int) -> InMemory:
    """The conversations with keys from `first` to `last`; OverflowError where a number is too large for its column."""
    return _read("BETWEEN %s AND %s", [first, last])


def of(keys: Iterable[int]) -> InMemory:
    """The conversations with these keys; those that are gone are missing."""
    listed = list(keys)
    given = listed if connection.vendor == "postgresql" else orjson.dumps(listed).decode()
    return _read(_AMONG[connection.vendor], [given])


def _read(condition: str, params: list[Any]) -> InMemory:
    with connection.cursor() as cursor:
        cursor.execute(_rows_of(connection.vendor).format(condition), params)
        rows = cursor.fetchall()
        # Of whom the row came in between, the line of the change tells again.
        cursor.execute(_parts_of(connection.vendor).format(condition), params)
        parts = cursor.fetchall()
    columns: dict[str, Column] = {}
    words: dict[str, list[str]] = {}
    for name, values in zip(_NAMES, zip(*rows, strict=True) if rows else [()] * len(_NAMES), strict=True):
        if name in NUMBERS:
            columns[name] = np.array(values, dtype=TYPES[name])
        else:
            known = {word: place for place, word in enumerate(dict.fromkeys(values))}
            columns[name] = np.fromiter(map(known.__getitem__, values), TYPES[name], len(values))
            words[name] = list(known)
    return InMemory(columns | _parts(columns["id"], parts), words)


def _parts(ids: Column, parts: list[tuple[int, ...]]) -> dict[str, Column]:
    keys, *others = zip(*parts, strict=True) if parts else ((),) * len(PARTS)
    found = np.array(keys, dtype=np.int64)
    places = np.searchsorted(ids, found)
    # A conversation may have come or gone between the two questions.
    are_here = ids[np.minimum(places, len(ids) - 1)] == found if len(ids) else np.zeros(len(found), dtype=bool)
    columns = {"part_row": places[are_here].astype(TYPES["part_row"])}
    for name, values in zip(list(PARTS)[1:], others, strict=True):
        columns[name] = np.array(values, dtype=TYPES[name])[are_here]
    return columns


def first_and_last() -> tuple[int, int] | None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT MIN(id), MAX(id) FROM {Conversation._meta.db_table}")
        first, last = cursor.fetchone()
    return None if first is None else (first, last)


def stretches() -> Iterable[tuple[int, int]]:
    """Ranges of keys that hold all conversations there are now."""
    ends = first_and_last()
    if ends is not None:
        for begin, end in pairwise([*range(ends[0], ends[1] + 1, STEP), ends[1] + 1]):
            yield begin, end - 1
