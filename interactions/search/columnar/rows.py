"""Conversations read from SQLite as columns."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
from django.db import connection

from interactions.models import Conversation, Participation

from .layout import NULLS, NUMBERS, PARTS, TYPES, WORDS
from .segment import InMemory

if TYPE_CHECKING:
    from .layout import Column

# Keys that one statement looks at.
STEP = 10_000
_NAMES = (*NUMBERS, *WORDS)
_EXPRESSIONS = (
    *(f"COALESCE({sql}, {NULLS[kind]})" for kind, sql in NUMBERS.values()),
    *(f"c.{name}" for name in WORDS),
)
_ROWS = f"SELECT {', '.join(_EXPRESSIONS)} FROM {Conversation._meta.db_table} c WHERE c.id {{}} ORDER BY c.id"
_PARTS = f"""SELECT conversation_id, agent_id, COALESCE(group_id, {NULLS[TYPES["part_group"]]}), is_counted
FROM {Participation._meta.db_table} WHERE conversation_id {{}} ORDER BY conversation_id, agent_id"""


def between(first: int, last: int) -> InMemory:
    """The conversations with keys from `first` to `last`; OverflowError where a number is too large for its column."""
    return _read("BETWEEN %s AND %s", [first, last])


def of(keys: Iterable[int]) -> InMemory:
    """The conversations with these keys; those that are gone are missing."""
    return _read("IN (SELECT value FROM json_each(%s))", [orjson.dumps(list(keys)).decode()])


def _read(condition: str, params: list[Any]) -> InMemory:
    with connection.cursor() as cursor:
        cursor.execute(_ROWS.format(condition), params)
        rows = cursor.fetchall()
        # Of whom the row came in between, the line of the change tells again.
        cursor.execute(_PARTS.format(condition), params)
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
