"""Transfers and engagement attributes as rows."""

from typing import Any

from interactions.ingest.derive.dialogs import Dialogs
from interactions.ingest.derive.limits import SMALL, Notes
from interactions.ingest.derive.people import ID_LENGTH, People
from interactions.ingest.derive.rows import AttributeRow, TransferRow
from interactions.liveperson.records import Sde

MOST_ATTRIBUTES = 2000
_new = tuple.__new__


def transfer_rows(people: People, dialogs: Dialogs) -> list[TransferRow]:
    """Every transfer record, in order of time."""
    notes = people.notes
    moves = sorted(people.record.transfers, key=lambda move: move.at_ms or 0)
    return [
        TransferRow(
            move.at_ms,
            notes.fit(move.reason, 60, "transfers.reason"),
            people.agent(move.by),
            people.agent(move.source_agent_id),
            people.agent(move.assigned_agent_id),
            notes.key(move.source_skill_id, ID_LENGTH, "transfers.sourceSkillId"),
            notes.key(move.target_skill_id, ID_LENGTH, "transfers.targetSkillId"),
            (None if move.context is None else move.context.reason) or "",
            min(dialogs.number(move.dialog_id), SMALL),
        )
        for move in moves
    ]


def attribute_rows(sdes: tuple[Sde, ...], notes: Notes) -> list[AttributeRow]:
    """One row per value, named by its path in the event: `contacts.0.personalContact.email`."""
    rows: list[AttributeRow] = []
    for sde in sdes:
        kind = notes.fit(sde.type or sde.name, 60, "sdes.sdeType")
        for name, value in _leaves(sde.body, "", []):
            if len(rows) == MOST_ATTRIBUTES:
                notes.add("sdes", f"more than {MOST_ATTRIBUTES} values")
                return rows
            fitted = name if len(name) <= 200 else notes.fit(name, 200, "sdes")
            rows.append(_new(AttributeRow, (kind, fitted, value, sde.is_authenticated)))
    return rows


def _leaves(value: Any, name: str, found: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """`found` with (path, value) of everything in a tree."""
    if isinstance(value, str):
        if value:
            found.append((name, value))
    elif isinstance(value, dict):
        for key, item in value.items():
            _leaves(item, f"{name}.{key}" if name else str(key), found)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            _leaves(item, f"{name}.{index}" if name else str(index), found)
    elif value is not None:
        found.append((name, ("true" if value else "false") if isinstance(value, bool) else str(value)))
    return found
