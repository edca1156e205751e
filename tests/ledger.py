"""The database held against what LivePerson showed: lost, doubled, regressed, and every value field by field."""

import itertools
import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import Any

import orjson
from django.db.models import F

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
_CHUNK = 200


def compare(ledger: Versions, database: str = "default", *, unreadable: Collection[str] = ()) -> list[str]:
    """What is wrong, one sentence each (at most 50); nothing when the database shows all that was shown, once.

    Each begins with LOST (shown, not stored), DOUBLED (two rows for one), REGRESSED (an older version is stored),
    UNKNOWN (stored, never shown so), UNREADABLE (kept raw only, and not in `unreadable`), or WRONG (a value that
    the record does not say).
    """
    return [sentence for sentence, _ in zip(_all(ledger, database, unreadable), range(MOST_SAID), strict=False)]


def stored(database: str = "default") -> dict[str, bytes]:
    """The digest of what is stored, by conversation id; for `went_back` later."""
    return {ident: digest(_decoded(body)) for ident, body in _bodies(database)}


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
    rows = Conversation.objects.using(database).select_related("raw", "detail", "skill", "last_agent").order_by("pk")
    for chunk in _chunks(rows.iterator(_CHUNK)):
        below = Below(chunk, database)
        for row in chunk:
            seen.add(row.conversation_id)
            yield from _conversation(ledger, row, automatic, below)
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


def _chunks(rows: Iterable[Conversation]) -> Iterator[list[Conversation]]:
    rows = iter(rows)
    while chunk := list(itertools.islice(rows, _CHUNK)):
        yield chunk


Rows = dict[int, list[Any]]


class Below:
    """What lies below a few conversations, by their key: four queries, whatever their number."""

    def __init__(self, chunk: list[Conversation], database: str) -> None:
        first, last = message_range(chunk[0].pk)[0], message_range(chunk[-1].pk)[1]
        said = Message.objects.using(database).filter(pk__range=(first, last)).order_by("pk")
        columns = ("message_id", "sent_at", "speaker", "rule", "type", "text", "raw_score", "mcs")
        self.messages: Rows = defaultdict(list)
        for each in said.values("pk", *columns, writer=F("agent__liveperson_id")):
            each["agent"] = each.pop("writer")
            self.messages[each.pop("pk") >> 16].append(each)
        people = [f"{name}__liveperson_id" for name in ("by", "source_agent", "target_agent")]
        skills = [f"{name}__liveperson_id" for name in ("source_skill", "target_skill")]
        self.transfers = self._rows(Transfer, chunk, database, "at", "reason", *people, *skills)
        self.answers = self._rows(SurveyAnswer, chunk, database, "question", "answer", "is_valid")
        joined = ("agent__liveperson_id", "part", "group__liveperson_id", "joined_at")
        self.participants = self._rows(Participation, chunk, database, *joined)

    @staticmethod
    def _rows(model: Any, chunk: list[Conversation], database: str, *columns: str) -> Rows:
        found: Rows = defaultdict(list)
        rows = model.objects.using(database).filter(conversation__in=[row.pk for row in chunk]).order_by("position")
        for key, *values in rows.values_list("conversation_id", *columns):
            found[key].append(tuple(values))
        return found


def _conversation(ledger: Versions, row: Conversation, automatic: Automatic, below: Below) -> Iterator[str]:
    ident = row.conversation_id
    if not ledger.shown(ident):
        yield f"UNKNOWN {ident}: stored, never shown."
        return
    if not hasattr(row, "raw"):
        yield f"LOST {ident}: its raw record."
        return
    record = _decoded(row.raw.json_bytes)
    found, expected = digest(record), ledger.expected(ident)
    if not _is_strict(ledger.body(ident)):
        pass  # decoding it is no exact inverse: nothing but the values can be compared
    elif found != expected.digest:
        older = any(each.digest == found for each in ledger.shown(ident))
        yield f"REGRESSED {ident}: an older version is stored." if older else f"UNKNOWN {ident}: never shown so."
    elif row.raw.is_partial is expected.is_whole:
        yield f"WRONG {ident}.is_partial: {row.raw.is_partial}."
    yield from (f"WRONG {ident}.{what}" for what in _values(row, Recomputed(record, automatic), below))


def _decoded(body: bytes) -> Any:
    return orjson.loads(body) if _is_strict(body) else json.loads(body)


def _is_strict(body: bytes) -> bool:
    try:
        orjson.loads(body)
    except orjson.JSONDecodeError:
        return False
    return True


def _values(row: Conversation, known: Recomputed, below: Below) -> Iterator[str]:
    yield from _differ("", _columns(row), known.row())
    yield from _listed("messages", below.messages[row.pk], [_said(each) for each in known.messages()])
    yield from _listed("transfers", below.transfers[row.pk], known.transfers())
    yield from _listed("answers", below.answers[row.pk], known.answers())
    there = Counter(below.participants[row.pk])
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
