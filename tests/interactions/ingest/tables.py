"""Whole tables as values, to compare one state of the database with another."""

from collections import defaultdict
from typing import Any

from interactions.models import (
    Agent,
    Attribute,
    Conversation,
    ConversationDetail,
    Message,
    Participation,
    RawRecord,
    SurveyAnswer,
    TranscriptText,
    Transfer,
)
from interactions.models.ordering import ordered

TABLES = (
    Conversation,
    ConversationDetail,
    Message,
    Participation,
    Transfer,
    SurveyAnswer,
    Attribute,
    TranscriptText,
)
_NAMED = {
    "agent_id": "agent__liveperson_id",
    "group_id": "group__liveperson_id",
    "skill_id": "skill__liveperson_id",
    "consumer_id": "consumer__participant_id",
    "last_agent_id": "last_agent__liveperson_id",
    "last_human_agent_id": "last_human_agent__liveperson_id",
    "credited_agent_id": "credited_agent__liveperson_id",
    "most_agent_id": "most_agent__liveperson_id",
}


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all derived tables without keys of ours, in an order of their own."""
    return {model.__name__: _rows(model) for model in TABLES}


def _rows(model: Any) -> list[tuple[Any, ...]]:
    # The key of a message is its conversation and position; all others say nothing.
    # Who took part is written in keys of ours; `astray` compares it with the participations.
    columns = [field.attname for field in model._meta.concrete_fields if field.name not in ("id", "took_part")]
    owner = {"conversation_id": "conversation__conversation_id"} if model is not Conversation else {}
    names = [(owner | _NAMED).get(name, name) for name in columns]
    if model is Message:
        rows = [(pk & 0xFFFF, *rest) for pk, *rest in Message.objects.values_list("pk", *names)]
    else:
        rows = list(model.objects.values_list(*names))
    return sorted(rows, key=repr)


def astray() -> list[str]:
    """Conversations whose `took_part` is not what their participations say, and agents who stand elsewhere in order."""
    told: dict[int, set[int]] = defaultdict(set)
    for pk, agent in Participation.objects.values_list("conversation", "agent"):
        told[pk].add(agent)
    rows = Conversation.objects.values_list("pk", "conversation_id", "took_part")
    apart = [ident for pk, ident, took_part in rows if (took_part or "") != "".join(map(_sign, sorted(told[pk])))]
    return apart + [agent.liveperson_id for agent in Agent.objects.all() if agent.name_order != ordered(agent.name)]


def _sign(agent: int) -> str:
    return chr(agent + (32 if agent + 32 < 0xD800 else 32 + 0x800))


def digests() -> dict[str, bytes]:
    rows = RawRecord.objects.values_list("conversation__conversation_id", "digest")
    return {ident: bytes(digest) for ident, digest in rows}
