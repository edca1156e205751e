"""Which rows meet an address and in what order they stand, worked out one by one in plain Python.

A row is a dict by the names of `Conversation`, people and things by LivePerson's ids; `any_agent`, `all_agents`,
`most_agent`, `handled_by` and `agent_name` stand beside them, and `holds` says who said some words.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

Row = dict[str, Any]
SPEAKERS = ("consumer", "agent", "bot", "note", "comment")


IN: dict[str, tuple[str, Callable[[str], Any]]] = {
    "csat": ("csat", int),
    "mcs": ("mcs", int),
    "mcs_band": ("mcs_band", int),
    "fcr": ("fcr", lambda text: text == "1"),
    "first_contact": ("first_contact", lambda text: text == "1"),
    "survey": ("survey", str),
    "comment": ("comment", lambda text: text == "1"),
    "handled_by": ("handled_by", str),
    "last_agent": ("last_agent", str),
    "group": ("group", str),
    "skill": ("skill", str),
    "consumer": ("consumer", int),
    "conversation": ("conversation_id", str),
    **{name: (name, str) for name in ("status", "channel", "device", "language", "close_reason", "queue")},
}
RANGES = {
    **{name: name for name in ("csat", "mcs", "mcs_fall", "nps")},
    "first_response": "first_response_seconds",
    "duration": "duration_seconds",
    "transfers": "transfer_count",
}
SORT_KEYS = {
    "duration": "duration_seconds",
    "messages": "message_count",
    "first_response": "first_response_seconds",
    "agent": "agent_name",
}


def matching(rows: Sequence[Row], params: Mapping[str, Sequence[str]], zone: str) -> list[Row]:
    """The rows that meet every parameter."""
    return [row for row in rows if all(_meets(row, name, params, zone) for name in params)]


def _meets(row: Row, name: str, params: Mapping[str, Sequence[str]], zone: str) -> bool:
    values = params[name]
    if name in ("q", "said_by"):
        return "q" not in params or row["holds"](params["q"][0], params.get("said_by", SPEAKERS))
    if name == "agent":
        return bool(row["any_agent"] & set(values))
    if name == "credit":
        return True  # says how `credited` is meant
    if name == "credited":
        return bool(_credited(row, params.get("credit", ["last"])[0]) & set(values))
    if name in ("reviewed", "flag", "tag", "note"):
        return bool(row[name] & {value.casefold() for value in values})
    if name in ("weekday", "hour"):
        at = row["started_at"].astimezone(ZoneInfo(zone))
        return str(at.isoweekday() if name == "weekday" else at.hour) in values
    if name in IN:
        column, read = IN[name]
        return any(row[column] == (None if text == "none" else read(text)) for text in values)
    stem, _, end = name.rpartition("_")
    if end in ("from", "to"):
        return _within(_local_day(row[f"{stem}_at"], zone), date.fromisoformat(values[0]), end == "from")
    return _within(row[RANGES[stem]], int(values[0]), end == "min")


def _credited(row: Row, rule: str) -> set[str | None]:
    return row["all_agents"] if rule == "all" else {row[f"{'credited' if rule == 'last' else rule}_agent"]}


def _within(value: Any, bound: Any, is_low: bool) -> bool:
    return value is not None and (value >= bound if is_low else value <= bound)


def _local_day(at: datetime | None, zone: str) -> date | None:
    return at.astimezone(ZoneInfo(zone)).date() if at else None


def in_order(rows: Sequence[Row], sort: str) -> list[int]:
    """Primary keys in the order that `sort` names: rows without a value last, ties by key."""
    name = sort.removeprefix("-")
    key = SORT_KEYS.get(name, name)
    ordered = sorted(
        (row for row in rows if row[key] is not None), key=lambda row: (row[key], row["id"]), reverse=sort[0] == "-"
    )
    empty = sorted((row for row in rows if row[key] is None), key=lambda row: row["id"], reverse=sort[0] == "-")
    return [row["id"] for row in ordered + empty]
