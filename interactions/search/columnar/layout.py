"""Which columns the copy holds, as what numbers, and how SQLite tells them."""

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

_COMMENT = f"""EXISTS (SELECT 1 FROM {ConversationDetail._meta.db_table} d
WHERE d.conversation_id = c.id AND d.comment > '')"""


def _microseconds(column: str) -> str:
    """Since the epoch; the fraction apart, of which SQLite rounds a second up. For statements with parameters (%%)."""
    whole = f"CAST(strftime('%%s', substr({column}, 1, 19)) AS INTEGER) * 1000000"
    return f"{whole} + CAST(substr(substr({column}, 21) || '000000', 1, 6) AS INTEGER)"


# Columns of numbers by name: how wide, and the expression.
NUMBERS: dict[str, tuple[np.dtype[Any], str]] = {
    "id": (INT64, "c.id"),
    "started_at": (INT64, _microseconds("c.started_at")),
    "ended_at": (INT64, _microseconds("c.ended_at")),
    "duration_seconds": (INT64, "c.duration_seconds"),
    "first_response_seconds": (INT64, "c.first_response_seconds"),
    "started_slot": (INT32, "c.started_slot"),
    "message_count": (INT32, "c.message_count"),
    "transfer_count": (INT32, "c.transfer_count"),
    "shuffle_key": (INT32, "c.shuffle_key"),
    "last_agent": (INT32, "c.last_agent_id"),
    "last_human_agent": (INT32, "c.last_human_agent_id"),
    "credited_agent": (INT32, "c.credited_agent_id"),
    "most_agent": (INT32, "c.most_agent_id"),
    "group": (INT32, "c.group_id"),
    "skill": (INT32, "c.skill_id"),
    "consumer": (INT32, "c.consumer_id"),
    "csat": (INT8, "c.csat"),
    "mcs": (INT8, "c.mcs"),
    "mcs_band": (INT8, "c.mcs_band"),
    "mcs_fall": (INT8, "c.mcs_fall"),
    "nps": (INT8, "c.nps"),
    "fcr": (INT8, "c.fcr"),
    "first_contact": (INT8, "c.first_contact"),
    "has_human": (INT8, "c.has_human"),
    "has_bot": (INT8, "c.bot_message_count > 0"),
    "has_comment": (INT8, _COMMENT),
}
# Columns of words, held as places in a list of all of them.
WORDS = ("status", "survey", "channel", "device", "language", "close_reason", "queue")
# Parts of agents: the place of the conversation's row in the same segment, one behind the other by place and agent.
PARTS: dict[str, np.dtype[Any]] = {"part_row": INT32, "part_agent": INT32, "part_group": INT32, "part_counts": INT8}
TYPES: dict[str, np.dtype[Any]] = (
    {name: kind for name, (kind, _) in NUMBERS.items()} | dict.fromkeys(WORDS, INT32) | PARTS
)


def null_of(column: Column) -> int:
    return NULLS[column.dtype]
