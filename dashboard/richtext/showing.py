"""Formatted text as harmless HTML, written anew: no tag or attribute of the message itself reaches the page."""

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape

from django.utils.safestring import SafeString, mark_safe

from interactions.search import Piece, Term, marked_each

from .lines import plain
from .links import Link, contact, link
from .parsing import BLOCKS, HEADINGS, KEPT, is_beyond, tokens

REL = "noopener noreferrer nofollow"
_TAG = re.compile(r"<[^<>]*>")
_SHOWN = {
    **{name: (f"<{name}>", f"</{name}>") for name in KEPT},
    **dict.fromkeys(BLOCKS, ("<div>", "</div>")),
    # A heading inside a message would be one of the page.
    **dict.fromkeys(HEADINGS, ("<div><strong>", "</strong></div>")),
    "br": ("<br>", ""),
    "hr": ("<hr>", ""),
}


def clean(html: str, wanted: Sequence[Term] = ()) -> SafeString:
    """TEXT_HTML as harmless HTML: formatting stays, everything that loads, runs or asks goes; `wanted` is marked."""
    shown = list(_lines(html) if is_beyond(html) else _formatted(html))
    # What is a SafeString is ours; the others are words that somebody wrote.
    said = [each for each in shown if not isinstance(each, SafeString)]
    written = iter(map(highlighted, marked_each(said, wanted)) if wanted else map(_escaped, said))
    return mark_safe("".join([each if isinstance(each, SafeString) else next(written) for each in shown]))  # noqa: S308


def highlighted(pieces: Iterable[Piece]) -> SafeString:
    """Text with the words marked that were searched for."""
    words = [f"<mark>{_escaped(each.text)}</mark>" if each.is_match else _escaped(each.text) for each in pieces]
    return mark_safe("".join(words))  # noqa: S308


def has_words(html: SafeString) -> bool:
    """Whether anything can be read in what `clean` made."""
    return bool(_TAG.sub("", html).strip())


def _escaped(text: str) -> str:
    return escape(text, quote=False)


def _lines(html: str) -> Iterator[str]:
    for line in plain(html).splitlines():
        yield line
        yield SafeString("<br>")


def _formatted(html: str) -> Iterator[str]:
    opened: list[Link | str] = []
    for token in tokens(html):
        if isinstance(token, str):
            yield token
        elif token.name == "img":
            yield SafeString(_escaped(token.image))
        elif token.name != "a":
            yield SafeString(_SHOWN.get(token.name, ("", ""))[token.is_end])
        elif not token.is_end:
            opened.append(link(token.value) or contact(token.value))
            yield SafeString(_anchor(opened[-1]))
        elif opened:
            yield SafeString(_anchor_end(opened.pop()))


def _anchor(target: Link | str) -> str:
    if isinstance(target, str):
        return ""
    return f'<a href="{escape(target.address)}" target="_blank" rel="{REL}">'


def _anchor_end(target: Link | str) -> str:
    if isinstance(target, str):
        return f" <span>({escape(target)})</span>" if target else ""
    return f" <span>({escape(target.host)} ↗)</span></a>"
