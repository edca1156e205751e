"""Automatic messages in the shapes of both APIs."""

from dataclasses import dataclass
from typing import Any

from interactions.liveperson.records.coerce import Node, Problem, replace_unstorable
from interactions.liveperson.records.configuration import object_node


@dataclass(frozen=True, slots=True)
class Wording:
    """The text in one language; the language tag varies in case and length."""

    text: str | None
    language: str | None
    is_default: bool | None


@dataclass(frozen=True, slots=True)
class AutomaticMessage:
    """A configured automatic message.

    `event_id` says when it is sent; `message_id` exists in the old API alone. `attributes` are (name, value).
    `contexts` are (kind, id) of the account and skills for which the unified API lists it.
    """

    message_id: str | None
    event_id: str | None
    template_id: str | None
    is_deleted: bool | None
    is_enabled: bool | None
    wordings: tuple[Wording, ...]
    attributes: tuple[tuple[str, str], ...]
    contexts: tuple[tuple[str, str], ...]
    skill_id: str | None
    raw: Any
    problems: tuple[Problem, ...]


def parse_automatic_messages(value: object) -> tuple[AutomaticMessage, ...]:
    """Read a list of either API, one message alone, or the answer by context; never raises."""
    if isinstance(value, list):
        return tuple(parse_automatic_message(item) for item in value)
    if not isinstance(value, dict) or "messageEventId" in value or "data" in value:
        return (parse_automatic_message(value),)
    return tuple(
        parse_automatic_message(item, (replace_unstorable(str(kind)), replace_unstorable(str(ident))))
        for kind, by_id in value.items()
        if isinstance(by_id, dict)
        for ident, item in by_id.items()
    )


def parse_automatic_message(value: object, context: tuple[str, str] | None = None) -> AutomaticMessage:
    """Read one automatic message; never raises."""
    node = object_node(value)
    return AutomaticMessage(
        message_id=node.identity("id"),
        event_id=node.text("messageEventId"),
        template_id=node.text("templateId"),
        is_deleted=node.flag("deleted"),
        is_enabled=node.flag("enabled"),
        wordings=tuple(_wording(row) for row in node.rows("data")),
        attributes=tuple(pair for row in node.rows("attributes") for pair in _attribute(row)),
        contexts=_contexts(node) if context is None else (context,),
        skill_id=node.identity("skillId"),
        raw=value,
        problems=tuple(node.problems),
    )


def _wording(node: Node) -> Wording:
    return Wording(text=node.verbatim("msg"), language=node.text("lang"), is_default=node.flag("isDefault"))


def _attribute(node: Node) -> list[tuple[str, str]]:
    # {"name": "timer", "value": "60"} in the old API, {"timer": "60"} in the unified one.
    if "name" in node.data:
        pairs = [(node.text("name"), node.text("value"))]
    else:
        pairs = [(replace_unstorable(key), node.text(key)) for key in node.data]
    return [(name, value) for name, value in pairs if name is not None and value is not None]


def _contexts(node: Node) -> tuple[tuple[str, str], ...]:
    contexts = node.child("contexts")
    if contexts is None:
        return ()
    return tuple((replace_unstorable(kind), ident) for kind in contexts.data for ident in contexts.words(kind))
