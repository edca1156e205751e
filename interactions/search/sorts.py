"""The orders a list can have: an allow-list, each made unique by the id and walked in at most two segments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from django.db import models

from .alphabet import SHOWN_NAME

ValueKind = Literal["number", "time", "text"]


@dataclass(frozen=True)
class Sort:
    """One order. `key` is the row's attribute; `computed` its expression where no column holds it.

    `up` and `down` say the order in words; `first` is what pressing the header asks for first ("" or "-").
    """

    name: str
    key: str
    label: str
    up: str
    down: str
    value: ValueKind = "number"
    is_nullable: bool = True
    first: str = ""
    computed: Any = None

    @property
    def field(self) -> models.Field[Any, Any]:
        """What a value of the key is to the database."""
        return _FIELDS[self.value]


_FIELDS: dict[ValueKind, models.Field[Any, Any]] = {
    "number": models.BigIntegerField(),
    "time": models.DateTimeField(),
    "text": models.TextField(),
}

SORTS: dict[str, Sort] = {
    sort.name: sort
    for sort in (
        Sort("started_at", "started_at", "Started", "oldest first", "newest first", "time", False, "-"),
        Sort("ended_at", "ended_at", "Ended", "earliest end first", "latest end first", "time", True, "-"),
        Sort("csat", "csat", "CSAT", "lowest CSAT first", "highest CSAT first"),
        Sort("mcs", "mcs", "MCS", "lowest MCS first", "highest MCS first"),
        Sort("mcs_fall", "mcs_fall", "MCS path", "smallest MCS fall first", "largest MCS fall first", first="-"),
        Sort("duration", "duration_seconds", "Duration", "shortest first", "longest first", first="-"),
        Sort("messages", "message_count", "Msgs", "fewest messages first", "most messages first", "number", False, "-"),
        Sort(
            "first_response",
            "first_response_seconds",
            "First reply",
            "quickest first response first",
            "slowest first response first",
            first="-",
        ),
        Sort(
            "agent",
            "agent_order",
            "Agent",
            "by agent, A to Z",
            "by agent, Z to A",
            "text",
            computed=SHOWN_NAME,
        ),
        Sort("shuffle", "shuffled", "Shuffled", "shuffled", "shuffled, backwards", "number", False),
    )
}
DEFAULT_SORT = "-started_at"
LARGEST_SEED = 2**31 - 1
