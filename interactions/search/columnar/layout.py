"""Which columns the copy holds, and as what numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from interactions.models import ConversationDetail

if TYPE_CHECKING:
    import numpy.typing as npt

    Numbers = npt.NDArray[np.int64]
    Mask = npt.NDArray[np.bool_]
    Column = npt.NDArray[np.signedinteger[Any]]

INT8, INT32, INT64 = np.dtype(np.int8), np.dtype(np.int32), np.dtype(np.int64)
# What stands for "no value": beyond all that are stored, and small enough for their differences.
NULLS: dict[np.dtype[Any], int] = {INT8: -(2**7), INT32: -(2**31), INT64: -(2**62)}

# Columns that hold the key of another table.
KEYS = ("last_agent", "last_human_agent", "credited_agent", "most_agent", "group", "skill", "consumer")
_COMMENT = f"""EXISTS (SELECT 1 FROM {ConversationDetail._meta.db_table} d
WHERE d.conversation_id = c.id AND d.comment > '')"""

# Columns of numbers by name: how wide, and the expression.
TIMES = ("started_at", "ended_at")
ANSWERS = {
    "fcr": "c.fcr",
    "first_contact": "c.first_contact",
    "has_human": "c.has_human",
    "has_bot": "c.bot_message_count > 0",
    "has_comment": _COMMENT,
}
NUMBERS: dict[str, np.dtype[Any]] = {
    "id": INT64,
    **dict.fromkeys(TIMES, INT64),
    **dict.fromkeys(("duration_seconds", "first_response_seconds"), INT64),
    **dict.fromkeys(("started_slot", "message_count", "transfer_count", "shuffle_key"), INT32),
    **dict.fromkeys(KEYS, INT32),
    **dict.fromkeys(("csat", "mcs", "mcs_band", "mcs_fall", "nps"), INT8),
    **dict.fromkeys(ANSWERS, INT8),
}
# Columns of words, held as places in a list of all of them.
WORDS = ("status", "survey", "channel", "device", "language", "close_reason", "queue")
# Parts of agents: the place of the conversation's row in the same segment, one behind the other by place and agent.
PARTS: dict[str, np.dtype[Any]] = {"part_row": INT32, "part_agent": INT32, "part_group": INT32, "part_counts": INT8}
TYPES: dict[str, np.dtype[Any]] = NUMBERS | dict.fromkeys(WORDS, INT32) | PARTS


def null_of(column: Column) -> int:
    return NULLS[column.dtype]
