"""Files, links, rich content, quick replies and forms as inert cards, made from what was stored; nothing is fetched."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, NamedTuple

from django.utils.safestring import SafeString

from dashboard import formats
from dashboard.richtext import Link, has_words, link
from interactions.search import Piece, Term, isolated, marked_each

READABLE = frozenset({"TEXT", "TEXT_PLAIN", "TEXT_HTML"})
# Kinds that Readback draws: one of them without content was redacted or has expired.
KNOWN = READABLE | {"RICH_CONTENT", "HOSTED_FILE", "IMG", "LINK", "SECURE_FORM_INVITATION", "SECURE_FORM_SUBMIT"}
MOST_PARTS = 200
MOST_RAW, MOST_LEVELS = 20_000, 100
LONGEST_KIND = 40
_HOLDING = ("replies", "elements")
_BUTTONS = frozenset({"button", "submitButton"})
# Never fetched: kind of the part, what is said where there are no words, label.
_DRAWN = {"image": ("image", "no description", "Image"), "map": ("place", "a place on a map", "Place")}
# What came and could not be read, by its name in the stored payload.
_UNREAD = {
    "quick_replies": "Answers to choose from, in a form that cannot be read.",
    "rich_content": "A card, in a form that cannot be read.",
}
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Part:
    """One element of a card; `kind` is text, image, button, place, other or unknown, `label` what is said before it.

    `pieces` are its text where what was searched for is marked in it. Of buttons that answer alike nobody knows which
    one was pressed: each `is_one_of` those.
    """

    kind: str
    text: str
    label: str = ""
    link: Link | None = None
    is_chosen: bool = False
    is_one_of: bool = False
    pieces: tuple[Piece, ...] = ()

    @property
    def shown(self) -> tuple[Piece, ...]:
        return self.pieces or (Piece(self.text, False),)


@dataclass(frozen=True, slots=True)
class Card:
    """`kind` is file, link, rich, replies, form, unknown or empty; `raw` only where there is nothing better.

    `words` came with the message, `lead` and `tail` are put around them; `more` parts are left out.
    """

    kind: str
    lead: str
    words: str = ""
    tail: str = ""
    link: Link | None = None
    parts: tuple[Part, ...] = ()
    more: int = 0
    raw: str = ""
    pieces: tuple[Piece, ...] = ()

    @property
    def shown(self) -> tuple[Piece, ...]:
        words = self.pieces or (Piece(isolated(self.words), False),)
        return (Piece(self.lead, False), *words, Piece(self.tail, False))

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.shown)

    @property
    def more_words(self) -> str:
        return f"{formats.plural(self.more, 'more element')}, not shown" if self.more else ""


EMPTY = Card("empty", "No text was delivered for this message.")


class Around(NamedTuple):
    """What a message's neighbours tell about it: `answer` is what the consumer said next, which ticks a button,
    `raw` the content as LivePerson gave it, `forms` names of secure forms by their invitation's id."""

    answer: str = ""
    raw: Any = None
    forms: Mapping[str, str] = MappingProxyType({})


def form_names(payloads: Iterable[Any]) -> dict[str, str]:
    """Names of secure forms by invitation: what comes back when one was filled in names only that."""
    forms = (form for payload in payloads if isinstance(payload, dict) and (form := _object(payload, "form")))
    found = ((_words(form, "invitation_id"), _words(form, "name")) for form in forms)
    return {invitation: name for invitation, name in found if invitation and name}


def cards(type: str, text: str, payload: Any, around: Around | None = None) -> tuple[Card, ...]:
    """What a message holds beside its words: `payload` is the stored one (rich_content, quick_replies, file, ...)."""
    if payload is None and type in READABLE:  # most are words alone
        return () if text.strip() else (EMPTY,)
    around = around or Around()
    raw = around.raw
    body = payload if isinstance(payload, dict) else {}
    made = _made(body, type, around) if body else []
    found = tuple([card for card in made if card is not None])
    left_out = _names(body.get("unread"))
    unread = tuple([Card("unknown", said) for name, said in _UNREAD.items() if name in left_out])
    if found:
        return found + unread
    kind = type.upper()
    if type and kind not in READABLE and (kind not in KNOWN or raw or body):
        return (_unknown(type, raw if raw is not None else payload),)
    return unread or (() if text.strip() else (EMPTY,))


def _made(body: Mapping[str, Any], type: str, around: Around) -> list[Card | None]:
    return [
        _file(_object(body, "file")),
        _link(_object(body, "link")),
        _form(_object(body, "form"), type, around.forms),
        _rich(body.get("rich_content"), around.answer),
        _replies(body.get("quick_replies"), around.answer),
    ]


def wordless(html: SafeString | None, source: str) -> tuple[Card, ...]:
    """What is said of formatted text that has mark-up alone."""
    if html is None or has_words(html):
        return ()
    return (Card("unknown", "Formatted text without words.", raw=source[:MOST_RAW]),)


def repeats(found: tuple[Card, ...], text: str) -> bool:
    """Whether a card shows the very words that were stored as the message's text."""
    if not found:
        return False
    lines = _lines(text)
    return any(_holds(card, lines) for card in found)


def _holds(card: Card, lines: list[str]) -> bool:
    unopened = card.raw if card.kind == "link" else ""
    shown = [line for words in (card.words, unopened, *(part.text for part in card.parts)) for line in _lines(words)]
    # A question can read like one of the answers to choose from.
    return lines == shown if card.kind == "replies" else set(lines) <= set(shown)


def _lines(text: str) -> list[str]:
    return [words for line in text.splitlines() if (words := " ".join(line.split()))]


def marked_in(found: tuple[Card, ...], wanted: Sequence[Term]) -> tuple[Card, ...]:
    """The cards with the words marked that were searched for."""
    return tuple(_marked_in(card, wanted) for card in found)


def _marked_in(card: Card, wanted: Sequence[Term]) -> Card:
    first, *others = marked_each([isolated(card.words), *(part.text for part in card.parts)], wanted)
    parts = tuple(replace(part, pieces=pieces) for part, pieces in zip(card.parts, others, strict=True))
    return replace(card, pieces=first, parts=parts)


def _object(body: Mapping[str, Any], key: str) -> Mapping[str, Any] | None:
    value = body.get(key)
    return value if isinstance(value, dict) else None


def _unknown(type: str, raw: Any) -> Card:
    shown = json.dumps(_shallow(raw), ensure_ascii=False, indent=2)[:MOST_RAW] if raw else ""
    return Card("unknown", f"Content of a kind Readback does not know ({type}).", raw=shown)


def _shallow(value: Any, levels: int = MOST_LEVELS) -> Any:
    """What lies deeper is left out: Python's recursion ends before that of whoever nested it."""
    if not isinstance(value, dict | list):
        return value
    if not levels:
        return "…"
    if isinstance(value, list):
        return [_shallow(each, levels - 1) for each in value]
    return {name: _shallow(each, levels - 1) for name, each in value.items()}


def _names(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _file(file: Mapping[str, Any] | None) -> Card | None:
    if file is None:
        return None
    caption = _words(file, "caption")
    kind, stays = _words(file, "kind").upper() or "File", ". The file stays at LivePerson."
    return Card("file", f"{kind}, '", caption, f"'{stays}") if caption else Card("file", kind + stays)


def _link(found: Mapping[str, Any] | None) -> Card | None:
    if found is None:
        return None
    address, kind = _words(found, "address"), _words(found, "kind").upper()
    target = link(address)
    # An address that is not opened is shown behind it.
    caption = _words(found, "caption") or (target.address if target else "")
    tail = f" ({kind})" if kind else ""
    return Card("link", "" if caption else "Link", caption, tail, target, raw="" if target else address)


def _form(form: Mapping[str, Any] | None, type: str, forms: Mapping[str, str]) -> Card | None:
    if form is None:
        return None
    name = _words(form, "name") or forms.get(_words(form, "invitation_id"), "")
    is_answered = _words(form, "submission_id") or type == "SECURE_FORM_SUBMIT"
    tail = " answered; what was entered never reaches Readback." if is_answered else " sent."
    return Card("form", "Secure form '", name, f"'{tail}") if name else Card("form", f"Secure form{tail}")


def _rich(content: Any, answer: str) -> Card | None:
    parts, more = _elements(content, answer)
    if all(part.kind == "unknown" for part in parts):  # the raw content says more
        return None
    # "Card: Oak bookcase": the first words name it.
    if parts[0].kind == "text":
        return Card("rich", "Card: ", parts[0].text, parts=parts[1:], more=more)
    return Card("rich", "Card", parts=parts, more=more)


def _replies(content: Any, answer: str) -> Card | None:
    parts, more = _elements(content, answer)
    return Card("replies", "Answers to choose from", parts=parts, more=more) if parts else None


def _elements(tree: Any, answer: str) -> tuple[tuple[Part, ...], int]:
    """The first MOST_PARTS of a tree of elements in reading order, and how many more there are."""
    shown: list[Part] = []
    count = chosen = 0
    for part in _walked(tree, answer):  # what is beyond is counted and not kept
        count, chosen = count + 1, chosen + part.is_chosen
        if count <= MOST_PARTS:
            shown.append(part)
    if chosen > 1:
        shown = [replace(part, is_chosen=False, is_one_of=True) if part.is_chosen else part for part in shown]
    return tuple(shown), count - len(shown)


def _walked(tree: Any, answer: str) -> Iterator[Part]:
    waiting = [tree]  # a walk by hand, so depth cannot hurt
    while waiting:
        element = waiting.pop()
        if isinstance(element, list):
            waiting.extend(reversed(element))
        elif isinstance(element, dict):
            yield from _parts(element, answer)
            waiting.extend(element[key] for key in _HOLDING if key in element)


def _parts(element: Mapping[str, Any], answer: str) -> Iterator[Part]:
    """An element's words, those first that stand for it; one that has neither words nor elements is named."""
    kind = element.get("type")
    kind = kind if isinstance(kind, str) else ""
    is_holding = any(key in element for key in _HOLDING)
    said = _said(element, kind)
    if said:
        yield _main(element, kind, said[0], answer, is_holding)
        yield from (Part("text", words) for words in said[1:])
    elif element and not is_holding:
        called = f"kind {isolated(kind[:LONGEST_KIND])}" if kind else "no known kind"
        yield Part("unknown", f"an element of {called}, not shown")


def _said(element: Mapping[str, Any], kind: str) -> list[str]:
    keys = ("title", "text", "caption") if kind in _BUTTONS else ("text", "title", "caption")
    said = [words for key in keys if (words := _words(element, key))]
    tooltip = _words(element, "tooltip")
    if kind in _DRAWN:
        said = [tooltip, *said] if tooltip else said or [_DRAWN[kind][1]]
    return list(dict.fromkeys(said or ([tooltip] if tooltip else [])))


def _main(element: Mapping[str, Any], kind: str, words: str, answer: str, is_holding: bool) -> Part:
    if kind in _DRAWN:
        part, _, label = _DRAWN[kind]
        return Part(part, words, label)
    if kind in _BUTTONS:
        return _button(element, words, answer)
    if is_holding or kind in ("text", ""):
        return Part("text", words)
    # "submitButton" reads "Submit button".
    label = _HUMP.sub(" ", kind[:LONGEST_KIND]).capitalize()
    return Part("other", words, isolated(label))


def _button(element: Mapping[str, Any], title: str, answer: str) -> Part:
    actions = list(_actions(element))
    said = {title, *(_words(action, "text") for action in actions)} - {""}
    target = next((found for action in actions if (found := link(action.get("uri")))), None)
    is_chosen = bool(answer) and _same(answer) in {_same(word) for word in said}
    return Part("button", title, link=target, is_chosen=is_chosen)


def _actions(element: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    click = element.get("click")
    actions = click.get("actions") if isinstance(click, dict) else None
    return (action for action in actions if isinstance(action, dict)) if isinstance(actions, list) else iter(())


def _same(words: str) -> str:
    return " ".join(words.casefold().split())


def _words(holder: Mapping[str, Any], *keys: str) -> str:
    return next((value.strip() for key in keys if isinstance(value := holder.get(key), str) and value.strip()), "")
