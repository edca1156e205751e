"""What a bot, or LivePerson's own model, took a message to be about."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any


def intents_by_message(raw: Mapping[str, Any]) -> Mapping[str, tuple[str, ...]]:
    """ "where is my order (91%, high)" and the like, by the id of the message that carries it, each once."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for message_id, words in (*_of_bots(raw), *_of_model(raw)):
        if words:
            found[message_id][words] = None
    return {message_id: tuple(words) for message_id, words in found.items()}


def _of_bots(raw: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """`contextData.structuredMetadata[].botResponse.intents[]` of the bot's own message."""
    for message in _objects(raw.get("messageRecords")):
        message_id, context = message.get("messageId"), message.get("contextData")
        if not isinstance(message_id, str) or not isinstance(context, dict):
            continue
        for item in _objects(context.get("structuredMetadata")):
            response = item.get("botResponse")
            if isinstance(response, dict):
                for intent in _objects(response.get("intents")):
                    yield message_id, _worded(intent.get("name") or intent.get("id"), intent)


def _of_model(raw: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """`intents[].selectedClassification` of the message that it names."""
    for item in _objects(raw.get("intents")):
        message_id, chosen = item.get("messageId"), item.get("selectedClassification")
        if isinstance(message_id, str) and isinstance(chosen, dict):
            yield message_id, _worded(chosen.get("intentLabel") or chosen.get("intentName"), chosen)


def _worded(name: Any, intent: Mapping[str, Any]) -> str:
    if not isinstance(name, str) or not name.strip():
        return ""
    score, level = intent.get("confidenceScore"), intent.get("confidence")
    sure = []
    if isinstance(score, int | float) and not isinstance(score, bool) and 0 <= score <= 1:
        sure.append(f"{score:.0%}")
    if isinstance(level, str) and level.strip():
        sure.append(level.strip().lower())
    plain = name.strip().replace("_", " ")
    return f"{plain} ({', '.join(sure)})" if sure else plain


def _objects(listed: Any) -> Iterator[Mapping[str, Any]]:
    return (item for item in listed if isinstance(item, dict)) if isinstance(listed, list) else iter(())
