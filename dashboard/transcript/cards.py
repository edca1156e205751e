"""Files, links, rich content, quick replies and forms as inert cards, made from what was stored; nothing is fetched."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from dashboard.richtext import Link, link
from interactions.search import isolated

READABLE = frozenset({"TEXT", "TEXT_PLAIN", "TEXT_HTML"})
# Kinds that Readback draws: one of them without content was redacted or has expired.
KNOWN = READABLE | {"RICH_CONTENT", "HOSTED_FILE", "IMG", "LINK", "SECURE_FORM_INVITATION", "SECURE_FORM_SUBMIT"}
MOST_PARTS = 200
MOST_RAW = 20_000


@dataclass(frozen=True, slots=True)
class Part:
    """One element of a card; `kind` is text, image, button or place."""

    kind: str
    text: str
    link: Link | None = None
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """`kind` is file, link, rich, replies, form, unknown or empty; `raw` only where there is nothing better."""

    kind: str
    text: str
    link: Link | None = None
    parts: tuple[Part, ...] = ()
    raw: str = ""


EMPTY = Card("empty", "No text was delivered for this message.")


@dataclass(frozen=True, slots=True)
class Around:
    """What a message's neighbours tell about it: `answer` is what the consumer said next, which ticks a button,
    `raw` the content as LivePerson gave it, `forms` names of secure forms by their invitation's id."""

    answer: str = ""
    raw: Any = None
    forms: Mapping[str, str] = field(default_factory=dict)


def form_names(payloads: Iterable[Any]) -> dict[str, str]:
    """Names of secure forms by invitation: what comes back when one was filled in names only that."""
    forms = (form for payload in payloads if isinstance(payload, dict) and (form := _object(payload, "form")))
    found = ((_words(form, "invitation_id"), _words(form, "name")) for form in forms)
    return {invitation: name for invitation, name in found if invitation and name}


def cards(type: str, text: str, payload: Any, around: Around | None = None) -> tuple[Card, ...]:
    """What a message holds beside its words: `payload` is the stored one (rich_content, quick_replies, file, ...)."""
    around = around or Around()
    answer, raw = around.answer, around.raw
    body = payload if isinstance(payload, dict) else {}
    made = [
        _file(_object(body, "file")),
        _link(_object(body, "link")),
        _form(_object(body, "form"), type, around.forms),
        _rich(body.get("rich_content"), answer),
        _replies(body.get("quick_replies"), answer),
    ]
    found = tuple(card for card in made if card is not None)
    if found:
        return found
    kind = type.upper()
    if type and kind not in READABLE and (kind not in KNOWN or raw or body):
        return (_unknown(type, raw if raw is not None else payload),)
    return () if text.strip() else (EMPTY,)


def repeats_words(found: tuple[Card, ...]) -> bool:
    """Whether the cards already say what was stored as the message's text."""
    return any(card.kind in ("file", "link", "form", "rich") for card in found)


def _object(body: Mapping[str, Any], key: str) -> Mapping[str, Any] | None:
    value = body.get(key)
    return value if isinstance(value, dict) else None


def _unknown(type: str, raw: Any) -> Card:
    shown = json.dumps(raw, ensure_ascii=False, indent=2)[:MOST_RAW] if raw else ""
    return Card("unknown", f"Content of a kind Readback does not know ({type}).", raw=shown)


def _file(file: Mapping[str, Any] | None) -> Card | None:
    if file is None:
        return None
    caption = _words(file, "caption")
    called = f", '{isolated(caption)}'" if caption else ""
    return Card("file", f"{_words(file, 'kind').upper() or 'File'}{called}. The file stays at LivePerson.")


def _link(found: Mapping[str, Any] | None) -> Card | None:
    if found is None:
        return None
    address, kind = _words(found, "address"), _words(found, "kind").upper()
    caption = isolated(_words(found, "caption") or "Link")
    target = link(address)
    return Card("link", f"{caption} ({kind})" if kind else caption, target, raw="" if target else address)


def _form(form: Mapping[str, Any] | None, type: str, forms: Mapping[str, str]) -> Card | None:
    if form is None:
        return None
    name = _words(form, "name") or forms.get(_words(form, "invitation_id"), "")
    called = f"Secure form '{isolated(name)}'" if name else "Secure form"
    if _words(form, "submission_id") or type == "SECURE_FORM_SUBMIT":
        return Card("form", f"{called} answered; what was entered never reaches Readback.")
    return Card("form", f"{called} sent.")


def _rich(content: Any, answer: str) -> Card | None:
    parts = tuple(_elements(content, answer))
    if not parts:
        return None
    # "Card: Oak bookcase": the first words name it.
    named = parts[0].kind == "text"
    return Card("rich", f"Card: {parts[0].text}" if named else "Card", parts=parts[1:] if named else parts)


def _replies(content: Any, answer: str) -> Card | None:
    parts = tuple(part for part in _elements(content, answer) if part.kind == "button")
    return Card("replies", "Answers to choose from", parts=parts) if parts else None


def _elements(tree: Any, answer: str) -> Iterator[Part]:
    """The leaves of a tree of elements in reading order, at most MOST_PARTS; a walk by hand, so depth cannot hurt."""
    waiting, given = [tree], 0
    while waiting and given < MOST_PARTS:
        element = waiting.pop()
        if isinstance(element, list):
            waiting.extend(reversed(element))
        elif isinstance(element, dict):
            part = _part(element, answer)
            if part is not None:
                given += 1
                yield part
            waiting.extend(element[key] for key in ("replies", "elements") if key in element)


def _part(element: Mapping[str, Any], answer: str) -> Part | None:
    kind = element.get("type")
    if kind == "text":
        words = _words(element, "text")
        return Part("text", words) if words else None
    if kind == "image":
        return Part("image", _words(element, "tooltip", "caption") or "no description")
    if kind == "button":
        return _button(element, answer)
    if kind == "map":
        return Part("place", _words(element, "tooltip") or "a place on a map")
    return None


def _button(element: Mapping[str, Any], answer: str) -> Part | None:
    title = _words(element, "title", "tooltip")
    if not title:
        return None
    actions = list(_actions(element))
    said = {title, *(_words(action, "text") for action in actions)} - {""}
    target = next((found for action in actions if (found := link(action.get("uri")))), None)
    return Part("button", title, target, bool(answer) and _same(answer) in {_same(word) for word in said})


def _actions(element: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    click = element.get("click")
    actions = click.get("actions") if isinstance(click, dict) else None
    return (action for action in actions if isinstance(action, dict)) if isinstance(actions, list) else iter(())


def _same(words: str) -> str:
    return " ".join(words.casefold().split())


def _words(holder: Mapping[str, Any], *keys: str) -> str:
    return next((value.strip() for key in keys if isinstance(value := holder.get(key), str) and value.strip()), "")
