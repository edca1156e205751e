"""Formatted text as plain lines: blocks by themselves, entities decoded, addresses whole."""

from dataclasses import dataclass, field

from .links import contact, link
from .parsing import BLOCKS, HEADINGS, Tag, tokens

_OWN_LINE = (
    BLOCKS | HEADINGS | {"blockquote", "br", "caption", "div", "hr", "li", "ol", "p", "pre", "table", "tr", "ul"}
)


def plain(html: str) -> str:
    lines = _Lines()
    for token in tokens(html):
        lines.add(token)
    lines.end()
    return "\n".join(lines.done)


@dataclass(slots=True)
class _Lines:
    done: list[str] = field(default_factory=list)
    line: list[str] = field(default_factory=list)
    lead: str = ""
    is_pre: bool = False
    # Where the link that is open leads, and where in the line its label begins.
    address: str = ""
    label: int = 0

    def add(self, token: Tag | str) -> None:
        if isinstance(token, str):
            self._say(token)
            return
        if token.name in _OWN_LINE:
            self.end()
        if token.name == "li":
            self.lead = "" if token.is_end else "- "
        elif token.name == "pre":
            self.is_pre = not token.is_end
        elif token.name in ("td", "th") and not token.is_end and self.line:
            self.line.append(" | ")
        elif token.name == "img":
            self.line.append(token.image)
        elif token.name == "a":
            self._link(token)

    def end(self) -> None:
        words = " ".join("".join(self.line).split())
        if words:
            self.done.append(self.lead + words)
            self.lead = ""
        self.line = []

    def _say(self, words: str) -> None:
        first, *others = words.split("\n") if self.is_pre else [words]
        self._put(first)
        for other in others:
            self.end()
            self._put(other)

    def _put(self, words: str) -> None:
        if self.line or not words.isspace():
            self.line.append(words)

    def _link(self, token: Tag) -> None:
        if self.address and self.address not in "".join(self.line[self.label :]):
            # Bracketed: a full stop behind it is no part of it.
            self.line.append(f" <{self.address}>")
        target = None if token.is_end else link(token.value)
        self.address = target.address if target else contact(token.value)
        self.label = len(self.line)
