"""Which conversations have any mark of a kind. A process remembers them, and reads what has come since.

On SQLite one transaction writes at a time and a key is never given twice, so that marks that come have higher keys than
all before them: where there are as many as were remembered and came since, none has gone, and what is remembered holds.
On PostgreSQL a transaction may end after another whose keys are higher; all are read there each time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from django.db import connection, models

from . import marks
from .joined import BETWEEN_NUMBERS, distinct, numbers
from .limits import is_in_hand

if TYPE_CHECKING:
    from .joined import Numbers

# So few are read as quickly as looked for.
_FEW = 2_000


@dataclass(frozen=True, slots=True)
class _Known:
    """The marks of a table at an instant: how many, the highest key, and their conversations."""

    count: int
    newest: int
    keys: Numbers


_known: dict[str, _Known] = {}


def conversations(name: str) -> Numbers:
    """Those with any mark of the kind that a condition calls `name`, by their keys in order, each once."""
    rows = marks.every(name)
    has_growing_keys = connection.vendor == "sqlite" and isinstance(rows.model._meta.pk, models.AutoField)
    if not has_growing_keys or is_in_hand():  # the key of a mark that is not left after all is given again
        return marks.keys_of(rows)
    table = rows.model._meta.db_table
    before = _known.get(table)
    if before is not None:
        count, newest, came = _since(table, before.newest)
        if count == before.count + len(came):
            keys = distinct(np.concatenate([before.keys, came])) if len(came) else before.keys
            return _keep(table, _Known(count, newest, keys))
    count, newest, came = _since(table, 0)
    return _keep(table, _Known(count, newest, distinct(came)))


def forget() -> None:
    _known.clear()


def _since(table: str, key: int) -> tuple[int, int, Numbers]:
    """Of one instant: how many marks, the highest key, and the conversations of those with a higher one than `key`."""
    name = connection.ops.quote_name(table)
    asked = (
        f"SELECT (SELECT COUNT(*) FROM {name}), (SELECT MAX(id) FROM {name}), "
        f"(SELECT GROUP_CONCAT(conversation_id, '{BETWEEN_NUMBERS}') FROM {name} WHERE id > %s)"
    )
    with connection.cursor() as cursor:
        cursor.execute(asked, [key])
        count, newest, came = cursor.fetchone()
    return count, newest or 0, numbers(came or "")


def _keep(table: str, known: _Known) -> Numbers:
    if known.count > _FEW:
        _known[table] = known
    else:
        _known.pop(table, None)
    return known.keys
