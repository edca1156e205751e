"""One page's derived values as rows of every table, written by a fixed number of statements."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from interactions.ingest.derive import AGENT, VERSION, ConversationRow, Derived, who_wrote_most
from interactions.ingest.store.noted import carry_notes
from interactions.ingest.store.people import Keys, resolve
from interactions.ingest.store.sql import Insert, Moment, as_json, moments, new_keys, stored
from interactions.models import (
    Attribute,
    Conversation,
    ConversationDetail,
    Message,
    Participation,
    RawRecord,
    SurveyAnswer,
    TranscriptText,
    Transfer,
    message_range,
)
from interactions.models.text import text_pk
from interactions.models.together import as_text

POSITION_BITS = 16
SLOT_MS = 15 * 60 * 1000

# Columns that take the derived value as it is.
_ELSEWHERE = {"conversation_id", "status", "started_ms", "ended_ms", "group", "skill", "consumer"}
_SAME = [name for name in ConversationRow._fields if name not in _ELSEWHERE and not name.endswith("_agent")]
_PLACES = [ConversationRow._fields.index(name) for name in _SAME]
_CONVERSATIONS = Insert(
    Conversation,
    (
        "id",
        "conversation_id",
        "status",
        "started_at",
        "ended_at",
        "started_slot",
        "last_agent_id",
        "last_human_agent_id",
        "credited_agent_id",
        "most_agent_id",
        "group_id",
        "skill_id",
        "consumer_id",
        "took_part",
        *_SAME,
    ),
    update_by="id",
)
_DETAILS = Insert(
    ConversationDetail,
    ("conversation_id", "comment", "summary", "close_detail", "credit_rule", "problems"),
    update_by="conversation_id",
)
_RAW = Insert(
    RawRecord,
    ("conversation_id", "digest", "body", "read_at", "is_partial", "derived_by"),
    update_by="conversation_id",
    types=("int8", "bytea", "bytea", "timestamptz", "bool", "int4"),
)
_MESSAGES = Insert(
    Message,
    (
        "id",
        "conversation_id",
        "message_id",
        "dialog",
        "seq",
        "sent_at",
        "speaker",
        "agent_id",
        "rule",
        "type",
        "text",
        "payload",
        "raw_score",
        "mcs",
    ),
)
_PARTICIPATIONS = Insert(
    Participation, ("conversation_id", "position", "agent_id", "group_id", "part", "joined_at", "is_counted")
)
_TRANSFERS = Insert(
    Transfer,
    (
        "conversation_id",
        "position",
        "at",
        "reason",
        "by_id",
        "source_agent_id",
        "target_agent_id",
        "source_skill_id",
        "target_skill_id",
        "explanation",
        "dialog",
    ),
)
_ANSWERS = Insert(
    SurveyAnswer,
    ("conversation_id", "position", "question_id", "question", "kind", "format", "answer", "is_valid"),
)
_ATTRIBUTES = Insert(Attribute, ("conversation_id", "position", "kind", "name", "value", "is_authenticated"))
_TEXTS = Insert(
    TranscriptText,
    ("id", "conversation_id", "part", "consumer", "agent", "bot", "note", "comment"),
    is_indexed=True,
)
_CHILDREN = (Participation, Transfer, SurveyAnswer, Attribute, TranscriptText)


class Raw(NamedTuple):
    """Columns of `RawRecord`; `body` is compressed."""

    digest: bytes
    body: bytes
    read_at: datetime
    is_partial: bool


def write_rows(items: Sequence[tuple[int | None, Derived, Raw]]) -> None:
    """Write conversations with all that belongs to them; a key of None means a new conversation."""
    keys = resolve([derived for _, derived, _ in items])
    fresh = iter(new_keys(Conversation, sum(pk is None for pk, _, _ in items)))
    new = [(next(fresh), derived, raw) for pk, derived, raw in items if pk is None]
    changed = [(pk, derived, raw) for pk, derived, raw in items if pk is not None]
    if changed:
        carry_notes([(pk, derived) for pk, derived, _ in changed])
        clear_children([pk for pk, _, _ in changed])
    moment = moments()
    for found, are_new in ((new, True), (changed, False)):
        rows = [_conversation(pk, derived, keys, moment) for pk, derived, _ in found]
        _CONVERSATIONS.run(rows, are_new=are_new)
        details = [(pk, *derived.detail[:4], as_json(derived.detail.problems)) for pk, derived, _ in found]
        _DETAILS.run(details, are_new=are_new)
        write_raw([(pk, raw) for pk, _, raw in found], are_new=are_new)
    _children([(pk, derived) for pk, derived, _ in (*new, *changed)], keys, moment)


def write_raw(items: Sequence[tuple[int, Raw]], *, are_new: bool = False) -> None:
    """Write the raw records of conversations that are derived by today's rules."""
    read_at = {moment: stored(moment) for moment in {raw.read_at for _, raw in items}}  # a page's is one
    rows = [(pk, raw.digest, raw.body, read_at[raw.read_at], raw.is_partial, VERSION) for pk, raw in items]
    _RAW.run(rows, are_new=are_new)


def clear_children(pks: Sequence[int]) -> None:
    """Delete everything below these conversations; messages by key range, as nothing else is indexed."""
    table = connection.ops.quote_name(Message._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(f"DELETE FROM {table} WHERE id BETWEEN %s AND %s", [message_range(pk) for pk in pks])
    for model in _CHILDREN:
        model._default_manager.filter(conversation_id__in=pks)._raw_delete(connection.alias)


def _conversation(pk: int, derived: Derived, keys: Keys, moment: Moment) -> tuple[Any, ...]:
    agents, row = keys.agents, derived.conversation
    return (
        pk,
        row.conversation_id,
        row.status,
        moment(row.started_ms),
        moment(row.ended_ms),
        row.started_ms // SLOT_MS,
        _key(agents, row.last_agent),
        _key(agents, row.last_human_agent),
        _key(agents, row.credited_agent),
        _wrote_most(agents, derived),
        _key(keys.groups, row.group),
        _key(keys.skills, row.skill),
        _key(keys.consumers, row.consumer),
        as_text([agents[part.agent] for part in derived.participations]),
        *[row[place] for place in _PLACES],
    )


def _wrote_most(agents: dict[str, int], derived: Derived) -> int | None:
    writers = [agents[said.agent] for said in derived.messages if said.speaker == AGENT and said.agent is not None]
    return who_wrote_most(writers, {agents[part.agent] for part in derived.participations})


def _key(keys: dict[str, int], ident: str | None) -> int | None:
    return None if ident is None else keys[ident]


def _children(found: list[tuple[int, Derived]], keys: Keys, moment: Moment) -> None:
    _MESSAGES.run(_messages(found, keys, moment))
    agents, groups, skills = keys.agents, keys.groups, keys.skills
    _PARTICIPATIONS.run(
        [
            (pk, place, agents[row.agent], _key(groups, row.group), row.part, moment(row.joined_ms), row.is_counted)
            for pk, derived in found
            for place, row in enumerate(derived.participations, 1)
        ]
    )
    _TRANSFERS.run(
        [
            (
                pk,
                place,
                moment(row.at_ms),
                row.reason,
                *[_key(agents, ident) for ident in (row.by, row.source_agent, row.target_agent)],
                *[_key(skills, ident) for ident in (row.source_skill, row.target_skill)],
                row.explanation,
                row.dialog,
            )
            for pk, derived in found
            for place, row in enumerate(derived.transfers, 1)
        ]
    )
    _ANSWERS.run([(pk, place, *row) for pk, derived in found for place, row in enumerate(derived.answers, 1)])
    _ATTRIBUTES.run([(pk, place, *row) for pk, derived in found for place, row in enumerate(derived.attributes, 1)])
    _TEXTS.run(
        [
            (text_pk(pk, place), pk, place, *[part.get(column, "") for column in _TEXTS.columns[3:]])
            for pk, derived in found
            for place, part in enumerate(derived.texts)
        ]
    )


def _messages(found: list[tuple[int, Derived]], keys: Keys, moment: Moment) -> list[tuple[Any, ...]]:
    agents = keys.agents
    rows = []
    for pk, derived in found:
        place = pk << POSITION_BITS
        for ident, dialog, seq, sent_ms, speaker, agent, rule, type_, text, payload, raw_score, mcs in derived.messages:
            place += 1
            sent_at, agent_pk = moment(sent_ms), None if agent is None else agents[agent]
            more = None if payload is None else as_json(payload)
            rows.append(
                (place, pk, ident, dialog, seq, sent_at, speaker, agent_pk, rule, type_, text, more, raw_score, mcs)
            )
    return rows
