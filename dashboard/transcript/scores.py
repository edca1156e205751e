"""The running MCS of a transcript: changes in words, the table, and the sentence that sums it up."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dashboard import formats
from dashboard.formats import minute

from .lines import Turn

NOTABLE = 10


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One scored message; `change` is against the scored message before it, None for the first."""

    turn: Turn
    speaker: str
    change: int | None

    @property
    def change_text(self) -> str:
        return formats.signed(self.change)


def score(turns: Iterable[tuple[Turn, str]]) -> list[ScoreRow]:
    """The scored ones of (turn, full name), in order; notable changes are written into the turns."""
    rows: list[ScoreRow] = []
    before: int | None = None
    for turn, speaker in turns:
        if turn.mcs is None and turn.raw_score is None:
            continue
        change = turn.mcs - before if turn.mcs is not None and before is not None else None
        if change is not None and abs(change) >= NOTABLE:
            turn.change = f"{'down' if change < 0 else 'up'} {abs(change)}"
            turn.is_fall = change < 0
        rows.append(ScoreRow(turn, speaker, change))
        before = turn.mcs if turn.mcs is not None else before
    return rows


def largest_fall(rows: Sequence[ScoreRow]) -> Turn | None:
    """The message at which the running MCS fell most; None where it never fell."""
    falls = [row for row in rows if row.change is not None and row.change < 0]
    return min(falls, key=lambda row: row.change or 0).turn if falls else None


def summary(rows: Sequence[ScoreRow]) -> str:
    """ "MCS from 62 to 38, lowest 18 at 13:47, largest fall 44."; "" where nothing was scored."""
    running = [row for row in rows if row.turn.mcs is not None]
    if not running:
        return "LivePerson scored single messages and gave no running MCS." if rows else ""
    values = [row.turn.mcs or 0 for row in running]
    lowest = running[values.index(min(values))].turn
    at = f" at {minute(lowest.at)}" if lowest.at else ""
    falls = [-row.change for row in running if row.change is not None and row.change < 0]
    fall = f"largest fall {max(falls)}" if falls else "no fall"
    return f"MCS from {values[0]} to {values[-1]}, lowest {lowest.mcs}{at}, {fall}."
