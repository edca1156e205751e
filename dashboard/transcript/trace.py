"""The whole course of the MCS at a glance: geometry only, in percent of the width and pixels of height."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from interactions.search import isolated

from .holders import Stretch
from .lines import Turn
from .scores import ScoreRow

# Pixels: air above and below, so that a dot at 0 or 100 is whole.
HEIGHT, AIR = 40, 4
# A raw score of 100, as LivePerson's largest, is a tick of so many pixels; more is no longer.
TICK = 10
RAW_FULL = 100


@dataclass(frozen=True, slots=True)
class Dot:
    """One scored message; `tick` is (from, to) of its raw score's tick, None without one."""

    x: str
    y: float
    anchor: str
    label: str
    is_fall: bool
    tick: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Join:
    """The dotted line between two neighbouring dots: nothing is known between."""

    x1: str
    y1: float
    x2: str
    y2: float


@dataclass(frozen=True, slots=True)
class Band:
    """The messages during which one person, bot or nobody held the conversation."""

    x: str
    width: str
    name: str
    is_hatched: bool


@dataclass(frozen=True, slots=True)
class Trace:
    """`first`, `lowest`, `last` are scores; `lowest_x` the place of the lowest."""

    dots: list[Dot]
    joins: list[Join]
    bands: list[Band]
    transfers: list[str]
    first: int
    lowest: int
    last: int
    lowest_x: str
    lowest_is_right: bool


def trace(
    turns: Sequence[Turn], rows: Iterable[ScoreRow], held: Sequence[Stretch], moved: Iterable[datetime]
) -> Trace | None:
    """`turns` are all messages in order, `moved` the instants of transfers; None where nothing was scored."""
    scored = [row for row in rows if row.turn.mcs is not None]
    if not scored:
        return None
    width = len(turns)
    place = {id(turn): (number + 0.5) / width for number, turn in enumerate(turns)}
    dots = [_dot(row, place[id(row.turn)]) for row in scored]
    lowest = min(scored, key=lambda row: row.turn.mcs or 0).turn
    starts = [turn.at for turn in turns]
    return Trace(
        dots=dots,
        joins=[Join(a.x, a.y, b.x, b.y) for a, b in zip(dots, dots[1:], strict=False)],
        bands=list(_bands(held, starts)),
        transfers=[_percent(_share_before(starts, at)) for at in moved],
        first=scored[0].turn.mcs or 0,
        lowest=lowest.mcs or 0,
        last=scored[-1].turn.mcs or 0,
        lowest_x=_percent(place[id(lowest)]),
        lowest_is_right=place[id(lowest)] > 0.9,
    )


def _dot(row: ScoreRow, share: float) -> Dot:
    turn = row.turn
    change = f", {turn.change}" if turn.change else ""
    raw = turn.raw_score
    zero = height_of(50)
    reach = 0.0 if raw is None else max(-TICK, min(TICK, raw / RAW_FULL * TICK))
    return Dot(
        x=_percent(share),
        y=height_of(turn.mcs or 0),
        anchor=turn.anchor,
        label=f"{turn.clock} {isolated(row.speaker)}: MCS {turn.mcs}{change}",
        is_fall=turn.is_fall,
        tick=None if raw is None or not reach else (zero, round(zero - reach, 1)),
    )


def height_of(score: float) -> float:
    """Pixels from the top: 100 at the top, 0 at the bottom."""
    return round(AIR + (100 - score) / 100 * (HEIGHT - 2 * AIR), 1)


def _bands(held: Sequence[Stretch], starts: Sequence[datetime | None]) -> Iterator[Band]:
    """Alternately plain and hatched; a stretch in which nothing was said has no width and no band.

    What was said before the first stretch has none either: nobody is known to have held it.
    """
    number = 0
    for each in held:
        begin = _share_before(starts, each.start)
        end = _share_before(starts, each.end) if each.end else 1.0
        if end > begin:
            yield Band(_percent(begin), _percent(end - begin), each.name, number % 2 == 1)
            number += 1


def _share_before(starts: Sequence[datetime | None], at: datetime) -> float:
    """Which part of the messages was sent before `at`; one without a time belongs to the one before it."""
    count = 0
    for number, start in enumerate(starts, start=1):
        if start is not None and start < at:
            count = number
    return count / len(starts)


def _percent(share: float) -> str:
    return f"{share * 100:.2f}%"


def course(found: Trace | None) -> str:
    """ "62 → 18 → 38": start, lowest, end."""
    return f"{found.first} → {found.lowest} → {found.last}" if found else ""
