"""Reads the hand-written dialogue in `texts/`: languages, their subjects, and beats of lines."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

_TEXTS = Path(__file__).parent / "texts"
_LINE = re.compile(r"([ABCFMN])(?:!([A-Z]+)|([+-]))?(?: (.*)|$)")


@dataclass(frozen=True)
class Line:
    """One line of a beat: who speaks (C, A, B, M, F, N), a kind such as IMG or PRE, and how it feels."""

    speaker: str
    text: str
    kind: str = ""
    feeling: str = ""


@dataclass(frozen=True)
class Beat:
    """Lines that belong together. `threads` are the matters it fits (none: all of them)."""

    lines: tuple[Line, ...]
    threads: frozenset[str] = frozenset()

    def fits(self, threads: frozenset[str]) -> bool:
        return not threads or not self.threads or bool(self.threads & threads)


@dataclass
class Chapter:
    """A subject (or the `common` part of a language): settings, and alternatives for each beat."""

    name: str
    settings: dict[str, str] = field(default_factory=dict)
    beats: dict[str, list[Beat]] = field(default_factory=dict)

    @property
    def products(self) -> list[str]:
        return [each.strip() for each in self.settings["product"].split("|")]


@dataclass(frozen=True)
class Language:
    code: str
    common: Chapter
    subjects: tuple[Chapter, ...]


@cache
def language(code: str) -> Language:
    """The material of one language: `en`, `fr`, `ar`, `de`."""
    common, *subjects = _chapters((_TEXTS / f"{code}.txt").read_text(encoding="utf-8"))
    return Language(code, common, tuple(subjects))


def _chapters(text: str) -> list[Chapter]:
    """`## subject`, then settings; `=== beat [thread ...]`, its lines, `-- [thread ...]` before each alternative."""
    chapters: list[Chapter] = []
    section: list[Beat] | None = None
    for line in text.splitlines():
        head, _, rest = line.partition(" ")
        if head == "##":
            chapters.append(Chapter(rest))
            section = None
        elif head == "===":
            name, *threads = rest.split()
            section = chapters[-1].beats.setdefault(name, [])
            section.append(Beat((), frozenset(threads)))
        elif section is None:
            chapters[-1].settings[head] = rest
        elif head == "--":
            section.append(Beat((), frozenset(rest.split())))
        else:
            section[-1] = Beat((*section[-1].lines, _line(line)), section[-1].threads)
    return chapters


def _line(line: str) -> Line:
    found = _LINE.fullmatch(line)
    if found is None:
        return Line("", line)
    speaker, kind, feeling, text = found.groups()
    return Line(speaker, text or "", kind or "", feeling or "")
