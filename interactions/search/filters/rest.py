"""Filters on everything else: status, the way in, spans, transfers, single conversations."""

from typing import Any

from interactions.models import Status
from interactions.search.codes import CHANNELS, DEVICES, QUEUES, language_word
from interactions.search.conditions import Condition

from . import reading
from .table import Filter, Names, Parameter, choices, codes, joined, numbers

FAMILY = "Conversation"
# No span of the database's is longer; it also keeps every number within what both databases hold.
LONGEST_SPAN = 999_999_999
_SPAN = ("or longer", "or shorter")
_YES_NO = {"1": "yes", "0": "no"}


def _conversation() -> Filter:
    parameter = Parameter("conversation", "Conversation id", "id", reading.pasted_id, is_many=True)

    def conditions(query: Any) -> tuple[Condition, ...]:
        return (Condition("conversation_id", "in", query.conversation),)

    def words(query: Any, names: Names) -> str:
        return f"id {joined(list(query.conversation))}"

    return Filter("conversation", FAMILY, "Conversation id", (parameter,), conditions, words)


FILTERS = (
    choices("status", FAMILY, "Status", dict(Status.choices), prefix="status"),
    codes("channel", FAMILY, "Channel", known=CHANNELS),
    codes("device", FAMILY, "Device", known=DEVICES),
    codes("language", FAMILY, "Language", word=language_word),
    codes("close_reason", FAMILY, "Close reason"),
    codes("queue", FAMILY, "Queue", known=QUEUES, prefix="queue:"),
    choices("first_contact", FAMILY, "First contact", _YES_NO, prefix="first contact:", stored=lambda v: v == "1"),
    numbers(
        "first_response",
        FAMILY,
        "First response",
        0,
        LONGEST_SPAN,
        column="first_response_seconds",
        unit="seconds",
        prefix="first response",
        ends=_SPAN,
    ),
    numbers(
        "duration",
        FAMILY,
        "Duration",
        0,
        LONGEST_SPAN,
        column="duration_seconds",
        unit="seconds",
        prefix="duration",
        ends=_SPAN,
    ),
    numbers(
        "transfers",
        FAMILY,
        "Transfers",
        0,
        LONGEST_SPAN,
        column="transfer_count",
        prefix="transfers:",
        ends=("or more", "or fewer"),
    ),
    _conversation(),
)
