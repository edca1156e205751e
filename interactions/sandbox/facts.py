"""What the search can filter by, read from a record: one row of the table of columns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Json = dict[str, Any]
CONTENT_TYPES = (
    "TEXT_PLAIN", "TEXT_HTML", "LINK", "HOSTED_FILE", "IMG", "SECURE_FORM_INVITATION", "SECURE_FORM_SUBMIT",
    "RICH_CONTENT",
)  # fmt: skip
PERMISSIONS = {"ASSIGNED_AGENT": "assigned", "AGENT": "agents", "MANAGER": "managers", "READER": "readers"}
QUESTIONS = [(kind, form) for kind in ("custom", "csat", "nps", "fcr") for form in ("single", "open")]
WIDTH = 6  # how many ids a column of ids holds
NONE = -9  # "no such id"; -1 is an id ("unassigned")
SCALARS = (
    "start", "end", "full_end", "updated", "open", "mcs", "band", "csat", "nps", "fcr", "duration", "source", "device",
    "agent", "group", "skill", "types", "queued", "survey_bot", "due", "unclear", "questions", "consumer",
    "step_up",
)  # fmt: skip
LISTS = ("skills", *PERMISSIONS.values())
Code = Callable[[str], int]
Row = dict[str, Any]
YES = {"yes", "1", "oui", "نعم", "ja", "true"}


def facts(record: Json, code: Code, updated: int | None = None) -> Row:
    """The row of one record; ids and words become numbers by `code`. Missing parts are NONE (or 0 for flags).

    `updated` is the newest instant in the record when the caller knows it.
    """
    info = record.get("info") or {}
    start, ended = _int(info.get("startTimeL")), _int(info.get("conversationEndTimeL"), -1)
    if ended < 0:
        ended = _int(info.get("endTimeL"), -1)
    updated = latest_change(record) if updated is None else updated
    rows: Row = {
        "start": start,
        "end": _int(info.get("endTimeL"), -1),
        "full_end": _int(info.get("fullDialogEndTimeL"), -1),
        "updated": updated,
        "open": int(info.get("status") == "OPEN"),
        "mcs": _int(info.get("mcs")),
        "band": _int(info.get("alertedMCS")),
        "csat": _int(info.get("csatRate", info.get("csat"))),
        "duration": ((ended if ended > 0 else updated) - start) // 1000,
        "source": code(str(info.get("source"))),
        "device": code(str(info.get("device"))),
        "agent": code(str(info.get("latestAgentId"))),
        "group": _int(info.get("latestAgentGroupId")),
        "skill": _int(info.get("latestSkillId")),
        "queued": int(info.get("latestQueueState") == "IN_QUEUE"),
        "due": _int((record.get("responseTime") or {}).get("latestEffectiveResponseDueTime")),
        "step_up": int(bool(info.get("wasStepUp"))),
        "types": _types(record),
        "consumer": code(_consumer(record)),
        "survey_bot": int(any(d.get("dialogType") == "POST_SURVEY" for d in record.get("dialogs") or [])),
    }
    return rows | _survey(record) | _people(record, code)


def _int(value: Any, default: int = NONE) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        return default


def latest_change(value: Any) -> int:
    """The newest instant anywhere in a record: every number whose key ends in `timeL`."""
    newest = -1
    stack = [value]
    while stack:
        top = stack.pop()
        if isinstance(top, list):
            stack.extend(top)
        elif isinstance(top, dict):
            for key, each in top.items():
                if isinstance(each, (dict, list)):
                    stack.append(each)
                elif key.endswith(("TimeL", "timeL")) and isinstance(each, int) and each > newest:
                    newest = each
    return newest


def _types(record: Json) -> int:
    bits = 0
    for message in record.get("messageRecords") or []:
        if message.get("type") in CONTENT_TYPES:
            bits |= 1 << CONTENT_TYPES.index(message["type"])
    return bits


def _consumer(record: Json) -> str:
    people = record.get("consumerParticipants") or record.get("consumerParticipant") or [{}]
    return str(people[0].get("participantId"))


def _survey(record: Json) -> Row:
    row = {"nps": NONE, "fcr": NONE, "unclear": 0, "questions": 0}
    for survey in record.get("conversationSurveys") or []:
        for datum in survey.get("surveyData") or []:
            kind, form = datum.get("questionType"), datum.get("questionFormat")
            if (kind, form) in QUESTIONS:
                row["questions"] |= 1 << QUESTIONS.index((kind, form))
            if datum.get("isValidAnswer") is False:
                row["unclear"] = 1
            elif kind == "nps":
                row["nps"] = _int(datum.get("answer"))
            elif kind == "fcr":
                row["fcr"] = int(str(datum.get("answer")).lower() in YES)
    return row


def _people(record: Json, code: Code) -> Row:
    row: Row = {name: set() for name in PERMISSIONS.values()}
    for person in record.get("agentParticipants") or []:
        column = PERMISSIONS.get(str(person.get("permission")))
        if column:
            row[column].add(code(str(person.get("agentId"))))
    info = record.get("info") or {}
    skills = {_int(info.get("latestSkillId"))}
    for transfer in record.get("transfers") or []:
        skills |= {_int(transfer.get("targetSkillId")), _int(transfer.get("sourceSkillId"))}
    row["skills"] = skills - {NONE}
    return {name: sorted(value)[:WIDTH] for name, value in row.items()}
