"""Which conversations have any mark of a kind. A process remembers them, and reads what has come since.

On SQLite one transaction writes at a time and a key is never given twice, so that marks that come have higher keys than
all before them: where there are as many as were remembered and came since, none has gone, and what is remembered holds.
On PostgreSQL a transaction may end after another whose keys are higher; all are read there each time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from django.db import connection, models
from django.db.models import F, Value
from django.db.models.functions import Coalesce
from django.utils.functional import cached_property

from . import marks
from .joined import BETWEEN_NUMBERS, Joined, distinct, numbers
from .limits import is_in_hand

if TYPE_CHECKING:
    from .joined import Numbers

# So few are read as quickly as looked for.
_FEW = 2_000


# What tells the values of a facet apart, by the kind of mark.
_VALUES = {"reviewed": "user", "tag": "tag"}
_NOBODY = 0


class Left(NamedTuple):
    """Marks of a kind: their conversations by key, and beside each who left it ("reviewed") or which it is ("tag")."""

    conversations: Numbers
    values: Numbers


@dataclass(frozen=True)
class _Known:
    """The marks of a table at an instant: how many, and the highest key."""

    count: int
    newest: int
    left: Left

    @cached_property
    def keys(self) -> Numbers:
        return distinct(self.left.conversations)


_known: dict[str, _Known] = {}


def conversations(name: str) -> Numbers:
    """Those with any mark of the kind that a condition calls `name`, by their keys in order, each once."""
    known = _now(name)
    return marks.keys_of(marks.every(name)) if known is None else known.keys


def left(name: str) -> Left:
    """All marks of a kind."""
    known = _now(name)
    return _read(name) if known is None else known.left


def forget() -> None:
    _known.clear()


def _now(name: str) -> _Known | None:
    """None where nothing is remembered."""
    model = marks.every(name).model
    has_growing_keys = connection.vendor == "sqlite" and isinstance(model._meta.pk, models.AutoField)
    if not has_growing_keys or is_in_hand():  # the key of a mark that is not left after all is given again
        return None
    before = _known.get(name)
    if before is not None:
        count, newest, came = _since(name, before.newest)
        if count == before.count + len(came.values):
            return _keep(name, _Known(count, newest, _both(before.left, came)) if len(came.values) else before)
    return _keep(name, _Known(*_since(name, 0)))


def _both(some: Left, others: Left) -> Left:
    return Left(*[np.concatenate(each) for each in zip(some, others, strict=True)])


def _since(name: str, key: int) -> tuple[int, int, Left]:
    """Of one instant: how many marks, the highest key, and those with a higher one than `key`."""
    table = connection.ops.quote_name(marks.every(name).model._meta.db_table)
    value = f"COALESCE({_VALUES[name]}_id, {_NOBODY})" if name in _VALUES else "conversation_id"
    asked = (
        f"SELECT (SELECT COUNT(*) FROM {table}), (SELECT MAX(id) FROM {table}), "
        f"GROUP_CONCAT(conversation_id, '{BETWEEN_NUMBERS}'), GROUP_CONCAT({value}, '{BETWEEN_NUMBERS}') "
        f"FROM {table} WHERE id > %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(asked, [key])
        count, newest, *came = cursor.fetchone()
    return count, newest or 0, Left(*[numbers(each or "") for each in came])


def _keep(name: str, known: _Known) -> _Known:
    if known.count > _FEW:
        _known[name] = known
    else:
        _known.pop(name, None)
    return known


def _read(name: str) -> Left:
    value = F(_VALUES[name]) if name in _VALUES else F("conversation")
    answer = marks.every(name).aggregate(
        marked=Joined("conversation", BETWEEN_NUMBERS),
        values=Joined(Coalesce(value, Value(_NOBODY)), BETWEEN_NUMBERS),
    )
    return Left(numbers(answer["marked"] or ""), numbers(answer["values"] or ""))
