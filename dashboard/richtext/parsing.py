"""Formatted text read: what the sanitiser leaves of it, as tags and words, within bounds of size."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

import nh3

from .links import CONTACTS, SCHEMES

# The parser takes quadratic time for what is nested or has many attributes: at most some milliseconds within these.
MOST_ELEMENTS = 500
MOST_CHARACTERS = 20_000

# No `style`, `class`, `id`: the policy blocks or our own sheets would answer.
KEPT = {
    *{"b", "code", "del", "em", "i", "ins", "s", "strong", "sub", "sup", "u"},
    *{"blockquote", "br", "div", "hr", "li", "ol", "p", "pre", "ul"},
    *{"caption", "table", "tbody", "td", "tfoot", "th", "thead", "tr"},
}
# Shown as a plain block: what stands in two of them would else read as one word.
BLOCKS = {
    *{"address", "article", "aside", "center", "dd", "details", "dl", "dt", "fieldset", "figcaption", "figure"},
    *{"footer", "form", "header", "legend", "main", "nav", "option", "section", "summary"},
}
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
# Shown as their words alone; known to the sanitiser, so that it does not join what the index holds apart.
_SILENT = {"abbr", "big", "cite", "font", "kbd", "label", "mark", "q", "samp", "small", "span", "tt", "var"}
_LOSE_CONTENT = {"script", "style", "title", "template", "noscript"}
_CLEANER = nh3.Cleaner(
    tags=KEPT | BLOCKS | HEADINGS | _SILENT | {"a", "img"},
    clean_content_tags=_LOSE_CONTENT,
    # The words of a picture, never its address: a remote picture is a beacon.
    attributes={"a": {"href"}, "img": {"alt"}},
    url_schemes=set(SCHEMES | CONTACTS),
    url_relative="deny",
    link_rel=None,
)
_START = re.compile(r"<[a-zA-Z]")
_TOKEN = re.compile(r"<(/?)([a-zA-Z][\w-]*)((?:[\s/][^<>]*)?)>|<[!?/][^<>]*>|([^<]+|<)")
_VALUE = re.compile(r'\s(?:href|alt)="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Tag:
    """`value` is the address of a link or the words of a picture."""

    name: str
    is_end: bool = False
    value: str = ""

    @property
    def image(self) -> str:
        """What a picture is shown as; "" for one without words, which is decoration or counts who looks at it."""
        words = " ".join(self.value.split())
        return f"[Image: {words}]" if words else ""


def is_beyond(html: str) -> bool:
    """Whether there is too much formatting to show it: then the words are shown as plain lines."""
    return len(html) > MOST_CHARACTERS or len(_START.findall(html)) > MOST_ELEMENTS


def tokens(html: str) -> Iterator[Tag | str]:
    """Allowed tags and, decoded, the words between them. Only fit to be read where `is_beyond`: tags are not paired."""
    return _tokens(html if is_beyond(html) else _CLEANER.clean(html))


def _tokens(html: str) -> Iterator[Tag | str]:
    hidden = ""
    for end, name, attributes, words in _TOKEN.findall(html):
        name = name.lower()
        if hidden:
            hidden = "" if end and name == hidden else hidden
        elif name in _LOSE_CONTENT:
            hidden = "" if end else name
        elif name:
            found = _VALUE.search(attributes)
            yield Tag(name, bool(end), unescape(found[1]) if found else "")
        elif words:
            yield unescape(words)
