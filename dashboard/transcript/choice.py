"""Which lines of a transcript are taken along on paper or as text."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from interactions.models import Speaker

from .lines import AutomaticRun, Line, Turn

CHOICES = ("notes", "automatic")


@dataclass(frozen=True, slots=True)
class Choice:
    """Nothing but the talk, unless more is asked for: paper goes to people who may not read notes."""

    notes: bool = False
    automatic: bool = False

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> "Choice":
        return cls(*(asked.get(name) == "1" for name in CHOICES))

    def lines(self, found: Iterable[Line]) -> list[Line]:
        """The chosen ones; names are printed once for each run that is left."""
        kept: list[Line] = []
        left_out = False
        for line in found:
            if not self._holds(line):
                left_out = True
                continue
            if left_out and isinstance(line, Turn):
                line.is_first = not _is_same(kept[-1] if kept else None, line)
            left_out = False
            kept.append(line)
        return kept

    def _holds(self, line: Line) -> bool:
        if isinstance(line, AutomaticRun):
            return self.automatic
        return self.notes or not (isinstance(line, Turn) and line.speaker == Speaker.NOTE)


def _is_same(before: Line | None, turn: Turn) -> bool:
    return isinstance(before, Turn) and (before.speaker, before.name) == (turn.speaker, turn.name)
