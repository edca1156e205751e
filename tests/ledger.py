"""The database held against what LivePerson showed: lost, doubled, regressed, and every value field by field."""

from collections import Counter
from collections.abc import Collection, Iterator
from typing import Any

import orjson

from interactions.models import (
    Conversation,
    Message,
    Participation,
    RawRecord,
    SurveyAnswer,
    Transfer,
    UnreadableRecord,
    message_range,
)
from interactions.sandbox.configuration import messages as automatic_messages
from interactions.sandbox.versions import Versions, digest
from tests.recompute import Automatic, Recomputed

MOST_SAID = 50


def compare(ledger: Versions, database: str = "default", *, unreadable: Collection[str] = ()) -> list[str]:
    """What is wrong, one sentence each (at most 50); nothing when the database shows all that was shown, once.

    Each begins with LOST (shown, not stored), DOUBLED (two rows for one), REGRESSED (an older version is stored),
    UNKNOWN (stored, never shown so), UNREADABLE (kept raw only, and not in `unreadable`), or WRONG (a value that
    the record does not say).
    """
    return [sentence for sentence, _ in zip(_all(ledger, database, unreadable), range(MOST_SAID), strict=False)]


def stored(database: str = "default") -> dict[str, bytes]:
    """The digest of what is stored, by conversation id; for `went_back` later."""
    return {ident: digest(orjson.loads(body)) for ident, body in _bodies(database)}


def went_back(ledger: Versions, before: dict[str, bytes], database: str = "default") -> list[str]:
    """REGRESSED and LOST since `before`: what is older now than it was, or gone."""
    now, found = stored(database), []
    for ident, old in before.items():
        if ident not in now:
            found.append(f"LOST {ident}: it was stored before.")
        elif _number(ledger, ident, now[ident]) < _number(ledger, ident, old):
            found.append(f"REGRESSED {ident}: a newer version was stored before.")
    return found


def _number(ledger: Versions, ident: str, known: bytes) -> int:
    return max((each.number for each in ledger.shown(ident) if each.digest == known), default=0)


def _bodies(database: str) -> Iterator[tuple[str, bytes]]:
    for raw in RawRecord.objects.using(database).select_related("conversation").iterator(200):
        yield raw.conversation.conversation_id, raw.json_bytes


def _all(ledger: Versions, database: str, unreadable: Collection[str]) -> Iterator[str]:
    yield from _doubled(database)
    automatic = Automatic(_automatic_texts())
    kept_raw = {row.key: row for row in UnreadableRecord.objects.using(database)}
    seen: set[str] = set()
    rows = Conversation.objects.using(database).select_related(
        "raw", "detail", "skill", "last_agent", "group", "consumer"
    )
    for row in rows.order_by("pk").iterator(200):
        seen.add(row.conversation_id)
        yield from _conversation(ledger, row, automatic, database)
    for ident in ledger.ids():
        if ident in kept_raw and ident not in unreadable:
            yield f"UNREADABLE {ident}: {kept_raw[ident].reason}"
        elif ident not in seen and ident not in kept_raw:
            yield f"LOST {ident}: shown, not stored."


def _automatic_texts() -> Iterator[str]:
    for old in (True, False):
        for each in automatic_messages(old, ""):
            yield from (data["msg"] for data in each["data"])


def _doubled(database: str) -> Iterator[str]:
    idents = Counter(Conversation.objects.using(database).values_list("conversation_id", flat=True))
    for ident, times in idents.items():
        if times > 1:
            yield f"DOUBLED {ident}: {times} rows."
    keys = set(Conversation.objects.using(database).values_list("pk", flat=True))
    owners = Counter(pk >> 16 for pk in Message.objects.using(database).values_list("pk", flat=True).iterator())
    for key in owners.keys() - keys:
        yield f"DOUBLED conversation {key}: {owners[key]} messages of a conversation that is not there."


def _conversation(ledger: Versions, row: Conversation, automatic: Automatic, database: str) -> Iterator[str]:
    ident = row.conversation_id
    if not ledger.shown(ident):
        yield f"UNKNOWN {ident}: stored, never shown."
        return
    raw = RawRecord.objects.using(database).filter(pk=row.pk).first()
    if raw is None:
        yield f"LOST {ident}: its raw record."
        return
    record = orjson.loads(raw.json_bytes)
    found, expected = digest(record), ledger.expected(ident)
    if found != expected.digest:
        older = any(each.digest == found for each in ledger.shown(ident))
        yield f"REGRESSED {ident}: an older version is stored." if older else f"UNKNOWN {ident}: never shown so."
    elif record != orjson.loads(ledger.body(ident)):
        yield f"WRONG {ident}: the raw record differs from what was shown."
    if raw.is_partial is expected.is_whole and found == expected.digest:
        yield f"WRONG {ident}.is_partial: {raw.is_partial}."
    yield from (f"WRONG {ident}.{what}" for what in _values(row, Recomputed(record, automatic), database))


def _values(row: Conversation, known: Recomputed, database: str) -> Iterator[str]:
    yield from _differ("", _columns(row), known.row())
    yield from _listed("messages", _messages(row, database), [_said(each) for each in known.messages()])
    yield from _listed("transfers", _transfers(row, database), known.transfers())
    yield from _listed("answers", _answers(row, database), known.answers())
    there = Counter(_participants(row, database))
    for missing in (Counter(known.participants()) - there).elements():
        yield f"participants: {missing[:2]} is missing"
    for extra in there - Counter(known.participants()):
        if extra[:2] not in {(str(step["assignedAgentId"]), "assigned") for step in _assignments(known)}:
            yield f"participants: {extra[:2]} is too much"


def _assignments(known: Recomputed) -> list[dict[str, Any]]:
    return [step for step in known.record.get("interactions") or [] if "assignedAgentId" in step]


def _differ(place: str, found: dict[str, Any], expected: dict[str, Any]) -> Iterator[str]:
    for name, value in expected.items():
        if found[name] != value:
            # Never the words themselves: they would stand in the output of tests.
            shown = "the text" if name in ("text", "comment") else f"{found[name]!r} instead of {value!r}"
            yield f"{place}{name}: {shown}"


def _columns(row: Conversation) -> dict[str, Any]:
    found = {field.name: getattr(row, field.attname) for field in Conversation._meta.concrete_fields}
    found["skill"] = row.skill and row.skill.liveperson_id
    found["last_agent"] = row.last_agent and row.last_agent.liveperson_id
    found["comment"] = row.detail.comment
    return found


def _listed(name: str, found: list[Any], expected: list[Any]) -> Iterator[str]:
    if len(found) != len(expected):
        yield f"{name}: {len(found)} instead of {len(expected)}"
        return
    for place, (one, other) in enumerate(zip(found, expected, strict=True), 1):
        if isinstance(one, dict):
            yield from _differ(f"{name}[{place}].", one, other)
        elif one != other:
            yield f"{name}[{place}]"


def _said(message: dict[str, Any]) -> dict[str, Any]:
    """Without the text where the message has no words of its own: then which ones are shown is our choice."""
    return {name: value for name, value in message.items() if name != "text" or value is not None}


def _messages(row: Conversation, database: str) -> list[dict[str, Any]]:
    columns = ("message_id", "sent_at", "speaker", "rule", "type", "text", "raw_score", "mcs")
    rows = Message.objects.using(database).filter(pk__range=message_range(row.pk)).order_by("pk")
    named = rows.values(*columns, "agent__liveperson_id")
    return [{**each, "agent": each.pop("agent__liveperson_id")} for each in named]


def _transfers(row: Conversation, database: str) -> list[tuple[Any, ...]]:
    people = [f"{name}__liveperson_id" for name in ("by", "source_agent", "target_agent")]
    skills = [f"{name}__liveperson_id" for name in ("source_skill", "target_skill")]
    rows = Transfer.objects.using(database).filter(conversation=row).order_by("position")
    return list(rows.values_list("at", "reason", *people, *skills))


def _answers(row: Conversation, database: str) -> list[tuple[Any, ...]]:
    rows = SurveyAnswer.objects.using(database).filter(conversation=row).order_by("position")
    return list(rows.values_list("question", "answer", "is_valid"))


def _participants(row: Conversation, database: str) -> list[tuple[Any, ...]]:
    rows = Participation.objects.using(database).filter(conversation=row)
    return list(rows.values_list("agent__liveperson_id", "part", "group__liveperson_id", "joined_at"))
