"""What a message says in words, and the JSON kept beside them."""

from collections.abc import Iterator
from typing import Any

from interactions.liveperson.records import File, Message

# A thumbnail is worth keeping beside the row; a picture is not (the raw record has it).
LARGEST_PREVIEW = 16 * 1024
_WORDS = ("text", "title", "caption")


def payload_of(message: Message) -> dict[str, Any] | None:
    """What else came with the words; None for plain text."""
    found: dict[str, Any] = {}
    if message.rich_content is not None:
        found["rich_content"] = message.rich_content
    if message.quick_replies is not None:
        found["quick_replies"] = message.quick_replies
    if message.unread:
        found["unread"] = list(message.unread)
    if message.file is not None:
        found["file"] = _file(message.file)
    if message.link is not None:
        link = message.link
        found["link"] = {"address": link.address, "kind": link.kind, "caption": link.caption}
    if message.form is not None:
        form = message.form
        found["form"] = {
            "form_id": form.form_id,
            "name": form.name,
            "invitation_id": form.invitation_id,
            "submission_id": form.submission_id,
        }
    if message.predefined is not None:
        found["predefined"] = {"id": message.predefined.id, "is_edited": message.predefined.is_edited}
    return found or None


def _file(file: File) -> dict[str, Any]:
    kept: dict[str, Any] = {"path": file.path, "kind": file.kind, "caption": file.caption}
    if file.preview is not None and len(file.preview) <= LARGEST_PREVIEW:
        kept["preview"] = file.preview
    return kept


def text_of(message: Message) -> str:
    """The readable words: the text itself, else those of the cards, replies, file, link or form."""
    if message.text is not None:
        return message.text
    for tree in (message.rich_content, message.quick_replies):
        said = "\n".join(_said(tree))
        if said:
            return said
    if message.file is not None and message.file.caption:
        return message.file.caption
    if message.link is not None:
        return message.link.caption or message.link.address or ""
    if message.form is not None:
        return message.form.name or ""
    return ""


def _said(tree: Any) -> Iterator[str]:
    if isinstance(tree, dict):
        for word in _WORDS:
            if isinstance(tree.get(word), str) and tree[word]:
                yield tree[word]
        for key in ("elements", "replies"):
            yield from _said(tree.get(key))
    elif isinstance(tree, list):
        for item in tree:
            yield from _said(item)
