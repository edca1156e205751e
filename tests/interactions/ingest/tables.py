"""Whole tables as values, to compare one state of the database with another."""

from typing import Any

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
)

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
}


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all derived tables without keys of ours, in an order of their own."""
    return {model.__name__: _rows(model) for model in TABLES}


def _rows(model: Any) -> list[tuple[Any, ...]]:
    # The key of a message is its conversation and position; all others say nothing.
    columns = [field.attname for field in model._meta.concrete_fields if field.name != "id"]
    owner = {"conversation_id": "conversation__conversation_id"} if model is not Conversation else {}
    names = [(owner | _NAMED).get(name, name) for name in columns]
    if model is Message:
        rows = [(pk & 0xFFFF, *rest) for pk, *rest in Message.objects.values_list("pk", *names)]
    else:
        rows = list(model.objects.values_list(*names))
    return sorted(rows, key=repr)


def digests() -> dict[str, bytes]:
    rows = RawRecord.objects.values_list("conversation__conversation_id", "digest")
    return {ident: bytes(digest) for ident, digest in rows}
