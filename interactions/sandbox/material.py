"""Reads the hand-written dialogue in `texts/`: languages, their subjects, and beats of lines."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

_TEXTS = Path(__file__).parent / "texts"
_LINE = re.compile(r"([A-Z])(?:!([A-Z]+)|([+-]))? ?(.*)")


@dataclass(frozen=True)
class Line:
    """One line of a beat: who speaks (C, A, B, M, F, N), a kind such as IMG or PRE, and how it feels."""

    speaker: str
    text: str
    kind: str = ""
    feeling: str = ""


Beat = tuple[Line, ...]


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
    chapters: list[Chapter] = []
    beat: list[Line] = []
    for line in text.splitlines():
        if line.startswith("## "):
            chapters.append(Chapter(line[3:]))
            section: list[Beat] | None = None
        elif line.startswith("=== "):
            section = chapters[-1].beats.setdefault(line[4:], [])
        elif section is None:
            key, _, value = line.partition(" ")
            chapters[-1].settings[key] = value
        if line.startswith(("## ", "=== ", "--")):
            beat = []
        elif section is not None and line:
            beat.append(_line(line, plain=section is chapters[-1].beats.get("comment")))
            _keep(section, beat)
    return chapters


def _line(line: str, plain: bool) -> Line:
    found = None if plain else _LINE.fullmatch(line)
    if found is None or (len(line) > 1 and line[1] not in " !+-"):
        return Line("", line)
    speaker, kind, feeling, text = found.groups()
    return Line(speaker, text, kind or "", feeling or "")


def _keep(section: list[Beat], beat: list[Line]) -> None:
    if len(beat) == 1:
        section.append(tuple(beat))
    else:
        section[-1] = tuple(beat)
