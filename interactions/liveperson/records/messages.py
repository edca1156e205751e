"""One message of a conversation: who sent it as delivered, when, and what is inside it."""

import contextlib
from dataclasses import dataclass
from typing import Any

from interactions.liveperson.codec import decode, decode_strictly
from interactions.liveperson.records.coerce import DEEPEST, Node, has_long_number, storable
from interactions.liveperson.records.reader import NOTHING, Field, Json, Place, reader


@dataclass(frozen=True, slots=True)
class File:
    """A picture or file; `path` is no address that can be fetched, `preview` a base64 thumbnail."""

    path: str | None
    kind: str | None
    caption: str | None
    preview: str | None


@dataclass(frozen=True, slots=True)
class Link:
    """A link to a file elsewhere."""

    address: str | None
    kind: str | None
    caption: str | None


@dataclass(frozen=True, slots=True)
class SecureForm:
    """A secure form, invited or submitted; what was entered is never delivered."""

    form_id: str | None
    name: str | None
    invitation_id: str | None
    submission_id: str | None


@dataclass(frozen=True, slots=True)
class Predefined:
    """That the text came from the list of predefined content."""

    id: str | None
    category_id: str | None
    language: str | None
    is_edited: bool | None


@dataclass(frozen=True, slots=True)
class Context:
    """What a bot said about its answer, or an agent about a transfer, as JSON of open shape."""

    metadata: Any
    structured: Any

    @property
    def reason(self) -> str | None:
        """The reason given for an action."""
        for item in self.structured or ():
            given = item.get("actionReason") if isinstance(item, dict) else None
            if isinstance(given, dict) and isinstance(given.get("reason"), str):
                return str(given["reason"])
        return None


@dataclass(frozen=True, slots=True)
class Message:
    """One line of a conversation.

    `type`, `sent_by` and `audience` are as delivered, in any case; None when absent. `participant_id` is
    None also for "0" and "undefined". `text` is the message's own words, `quick_replies` and `rich_content`
    are decoded JSON; `unread` names those of them that came and are no JSON. `raw` is the message as it came.
    """

    message_id: str | None
    seq: int | None
    dialog_id: str | None
    participant_id: str | None
    sent_at_ms: int | None
    type: str | None
    sent_by: str | None
    audience: str | None
    text: str | None
    quick_replies: Any
    rich_content: Any
    unread: tuple[str, ...] | None
    file: File | None
    link: Link | None
    form: SecureForm | None
    predefined: Predefined | None
    raw: dict[str, Any]

    @property
    def context(self) -> Context | None:
        """Read when asked for, as the import has no use for it; what is odd in it is left out."""
        return parse_context(Node(self.raw, (), []))

    @property
    def device(self) -> str | None:
        """The kind of device, read when asked for."""
        return Node(self.raw, (), []).text("device")


@dataclass(frozen=True, slots=True)
class Score:
    """The mood of one message (`raw_score`) and of the conversation up to it (`mcs`, 0 to 100)."""

    message_id: str | None
    raw_score: int | None
    mcs: int | None
    at_ms: int | None


@dataclass(frozen=True, slots=True)
class Status:
    """That a message was accepted or read, and by whom."""

    message_id: str | None
    seq: int | None
    dialog_id: str | None
    participant_id: str | None
    participant_type: str | None
    delivery: str | None
    at_ms: int | None


_HEAD: dict[str, Field] = {
    "message_id": ("text", "messageId"),
    "seq": ("number", "seq"),
    "dialog_id": ("identity", "dialogId"),
    "participant_id": ("person", "participantId"),
    "sent_at_ms": ("instant", "time"),
    "type": ("text", "type"),
    "sent_by": ("text", "sentBy"),
    "audience": ("text", "audience"),
}
_CONTENT: dict[str, Field] = dict.fromkeys(
    ("text", "quick_replies", "rich_content", "unread", "file", "link", "form", "predefined"), NOTHING
)
# JSON inside a text: as LivePerson names it, and as a message here does.
_TREES = {"quickReplies": "quick_replies", "richContent": "rich_content"}
_EMPTY = ("", "[]", "null")
_WORDS: dict[str, Field] = {"text": ("inline", 'data["messageData"]["msg"]["text"] or None')}
_RAW: dict[str, Field] = {"raw": ("inline", "data")}
_read_words = reader(Message, **_HEAD, **(_CONTENT | _WORDS), **_RAW)
_read_head = reader(Message, **_HEAD, **_CONTENT, **_RAW)


def read_message(data: Json, parent: Node, place: Place) -> Message:
    """One item of `messageRecords`; nearly all hold words and nothing else."""
    body = data.get("messageData")
    said = body.get("msg") if body.__class__ is dict and len(body) == 1 and parent.is_clean else None
    found: dict[str, object] = {}
    if said.__class__ is dict and said.get("text").__class__ is str:
        message = _read_words(data, parent, place)
    else:
        message = _read_head(data, parent, place)
        found = _content_of(parent.inner(data, *place))
    if "predefinedContentId" in data or "predefinedContent" in data:
        found["predefined"] = _predefined(parent.inner(data, *place))
    for name, value in found.items():
        object.__setattr__(message, name, value)  # it is not out of our hands yet
    return message


def _content_of(node: Node) -> dict[str, object]:
    body = node.child("messageData")
    if body is None:
        return {}
    found: dict[str, object] = {"text": _text(body)}
    if len(body.data) > 1 or "msg" not in body.data:
        unread = []
        for key, name in _TREES.items():
            if key in body.data:
                found[name] = _content(body, key)
                if found[name] is None and _has_content(body.data[key]):
                    unread.append(name)
        if unread:
            found["unread"] = tuple(unread)
        found["file"] = _file(body)
        found["link"], found["form"] = _by_their_fields(body)
    return found


def _text(body: Node) -> str | None:
    message = body.data.get("msg")
    if isinstance(message, dict):
        text = message.get("text")
        if body.is_clean and type(text) is str:
            return text or None
        return body.inner(message, "msg").verbatim("text")
    return body.verbatim("msg")


def _content(body: Node, key: str) -> Any:
    holder = body.child(key)
    return None if holder is None else json_inside(holder, "content")


def _has_content(holder: Any) -> bool:
    content = holder.get("content") if isinstance(holder, dict) else holder
    return bool(content) and content not in _EMPTY


def json_inside(node: Node, key: str) -> Any:
    """JSON that came as a text, or as what it is; broken JSON is noted and gives None."""
    value = node.data.get(key)
    if not isinstance(value, str):
        return node.tree(key)
    if value in _EMPTY:
        return None
    # Without escapes and depth there is nothing to clean, which saves walking through most trees.
    if node.is_clean and _is_plain(value):
        with contextlib.suppress(ValueError):
            return decode_strictly(value)
    try:
        return storable(decode(value), lambda what: node.note(key, what))
    except (ValueError, RecursionError):
        node.note(key, "broken JSON inside a text")
        return None


def _is_plain(text: str) -> bool:
    depth = text.count("{") + text.count("[")
    return depth <= DEEPEST and "\\u" not in text and not has_long_number(text.encode())


def _file(body: Node) -> File | None:
    file = body.child("file")
    if file is None:
        return None
    return File(
        path=file.text("relativePath"),
        kind=file.text("fileType"),
        caption=file.verbatim("caption"),
        preview=file.text("preview"),
    )


def _by_their_fields(body: Node) -> tuple[Link | None, SecureForm | None]:
    # No source shows the key under which links and forms come, so their fields give them away.
    link = form = None
    for key, value in body.data.items():
        if not isinstance(value, dict):
            continue
        if "externalFileLink" in value:
            link = _link(body.inner(value, key))
        elif "formId" in value or "invitationId" in value or "submissionId" in value:
            form = _form(body.inner(value, key))
    return link, form


def _link(node: Node) -> Link:
    return Link(address=node.text("externalFileLink"), kind=node.text("fileType"), caption=node.verbatim("caption"))


def _form(node: Node) -> SecureForm:
    return SecureForm(
        form_id=node.identity("formId"),
        name=node.text("formName"),
        invitation_id=node.identity("invitationId"),
        submission_id=node.identity("submissionId"),
    )


def parse_context(node: Node) -> Context | None:
    """The `contextData` of a message or transfer; None when it says nothing."""
    context = node.child("contextData")
    if context is None:
        return None
    metadata = json_inside(context, "rawMetadata")
    structured = context.tree("structuredMetadata") if context.data.get("structuredMetadata") else None
    if not metadata and not structured:
        return None
    return Context(metadata=metadata, structured=structured)


def _predefined(node: Node) -> Predefined | None:
    is_so = node.flag("predefinedContent")
    if is_so is False or (is_so is None and "predefinedContentId" not in node.data):
        return None
    return Predefined(
        id=node.identity("predefinedContentId"),
        category_id=node.identity("predefinedContentCategoryId"),
        language=node.text("predefinedContentLanguage"),
        is_edited=node.flag("predefinedContentEdited"),
    )


# One item of `messageScores`.
read_score = reader(
    Score,
    message_id=("text", "messageId"),
    raw_score=("number", "messageRawScore"),
    mcs=("within", "mcs", 0, 100),
    at_ms=("instant", "time"),
)
# One item of `messageStatuses`.
read_status = reader(
    Status,
    message_id=("text", "messageId"),
    seq=("number", "seq"),
    dialog_id=("identity", "dialogId"),
    participant_id=("person", "participantId"),
    participant_type=("text", "participantType"),
    delivery=("text", "messageDeliveryStatus"),
    at_ms=("instant", "time"),
)
