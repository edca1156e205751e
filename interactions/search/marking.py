"""Where in a text somebody wrote the words stand that were searched for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from .text import MARKS, normalise
from .words import Term

Span = tuple[int, int]
# A character with the signs that belong to it; the last two voice half-width kana.
_CLUSTER = re.compile(rf"(?s:.)[\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f{MARKS}\uff9e\uff9f]*")


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    start: int
    end: int


def contains(text: str, term: Term) -> bool:
    """Whether the term stands in a normalised text."""
    return f" {' '.join(term.tokens)}{'' if term.is_prefix else ' '}" in f" {text} "


def spans(text: str, terms: Sequence[Term]) -> list[Span]:
    """Places of the terms in a text as it was written, in order, none overlapping another."""
    if text.isascii():  # as most are, and a transcript can hold the word 1,500 times
        return list(_merged(sorted(match.span(1) for term in terms for match in _pattern(term).finditer(text))))
    normal = normalise(text)
    held = [term for term in terms if contains(normal, term)]
    tokens = list(_tokens(text)) if held else []
    if [token.text for token in tokens] != normal.split():
        return []  # characters that only together become others: better no mark than one in the wrong place
    found = sorted(place for term in held for place in _places(tokens, term))
    return list(_merged(found))


@lru_cache(maxsize=200)
def _pattern(term: Term) -> re.Pattern[str]:
    """The term in a text of ASCII letters; looked for from every word on, as a phrase can overlap itself."""
    words = "[^0-9A-Za-z]+".join(map(re.escape, term.tokens))
    end = "[0-9A-Za-z]*" if term.is_prefix else "(?![0-9A-Za-z])"
    return re.compile(f"(?<![0-9A-Za-z])(?=({words}{end}))", re.ASCII | re.IGNORECASE)


def _places(tokens: Sequence[_Token], term: Term) -> Iterator[Span]:
    size = len(term.tokens)
    *before, last = term.tokens
    for at in range(len(tokens) - size + 1):
        run = tokens[at : at + size]
        is_last = run[-1].text.startswith(last) if term.is_prefix else run[-1].text == last
        if is_last and [token.text for token in run[:-1]] == before:
            yield run[0].start, run[-1].end


def _merged(found: Sequence[Span]) -> Iterator[Span]:
    start = end = -1
    for place in found:
        if place[0] < end:
            end = max(end, place[1])
            continue
        if end > start:
            yield start, end
        start, end = place
    if end > start:
        yield start, end


@lru_cache(maxsize=20_000)
def _folded(cluster: str) -> str:
    """What the normaliser makes of a character in the middle of a word: "" where it is left out, " " where it parts."""
    return normalise(f"a{cluster}a")[1:-1]


def _tokens(text: str) -> Iterator[_Token]:
    """The tokens of `normalise` with their places."""
    word, start, end = "", 0, 0
    for match in _CLUSTER.finditer(text):
        first, *others = _folded(match[0]).split(" ")
        if first:
            word, start, end = word + first, start if word else match.start(), match.end()
        elif not others and word:
            end = match.end()
        for other in others:
            if word:
                yield _Token(word, start, end)
            word, start, end = other, match.start(), match.end()
    if word:
        yield _Token(word, start, end)
