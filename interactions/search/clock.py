"""Local hours and weekdays: the stored quarter hour plus what the clocks of a zone then differed from UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np
from django.db.models import Case, F, IntegerField, Q, Value, When
from django.db.models.lookups import In

if TYPE_CHECKING:
    import numpy.typing as npt

    Numbers = npt.NDArray[np.signedinteger[Any]]

SLOT = timedelta(minutes=15)
SLOTS_OF_HOUR = 4
SLOTS_OF_DAY = 24 * SLOTS_OF_HOUR
SLOTS_OF_WEEK = 7 * SLOTS_OF_DAY
# Messaging is younger. Since then clocks have changed by whole quarters, and on one (a minute later at a station in
# the ice).
FIRST_YEAR = 2012
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# The week that the epoch lay in had its Monday three days before it: 1 January 1970 was a Thursday.
MONDAY = 3 * SLOTS_OF_DAY


@dataclass(frozen=True)
class LocalTimes:
    """Some hours (0-23) or weekdays (1-7, Monday is 1) on the clocks of `zone`; changes are known up to `year`."""

    values: tuple[int, ...]
    zone: str
    year: int


def in_hours(column: str, times: LocalTimes) -> Q:
    slot = _local_slot(column, times) % SLOTS_OF_DAY
    return Q(In(slot / SLOTS_OF_HOUR, times.values))


def on_weekdays(column: str, times: LocalTimes) -> Q:
    slot = (_local_slot(column, times) + MONDAY) % SLOTS_OF_WEEK
    return Q(In(slot / SLOTS_OF_DAY, tuple([value - 1 for value in times.values])))


def _local_slot(column: str, times: LocalTimes) -> Any:
    """Quarter hours of local time since the epoch, and a week more, so that none is negative west of UTC."""
    *later, (_, first) = changes(times.zone, times.year)
    branches = [When(**{f"{column}__gte": start}, then=Value(offset + SLOTS_OF_WEEK)) for start, offset in later]
    offset = Case(*branches, default=Value(first + SLOTS_OF_WEEK), output_field=IntegerField())
    return F(column) + offset


def hours(slots: Numbers, zone: str, year: int) -> Numbers:
    """The hours that clocks of `zone` showed in quarter hours; as `in_hours` asks for them."""
    return local_slots(slots, zone, year) % SLOTS_OF_DAY // SLOTS_OF_HOUR


def weekdays(slots: Numbers, zone: str, year: int) -> Numbers:
    """1 for Monday to 7; as `on_weekdays` asks for them."""
    return (local_slots(slots, zone, year) + MONDAY) % SLOTS_OF_WEEK // SLOTS_OF_DAY + 1


def local_slots(slots: Numbers, zone: str, year: int) -> Numbers:
    """Quarter hours since the epoch on the clocks of `zone`."""
    ahead = changes(zone, year)[::-1]
    starts, offsets = np.array(ahead, dtype=slots.dtype).T
    # What is older than the first that is known has its offset.
    at = np.maximum(np.searchsorted(starts, slots, side="right") - 1, 0)
    found: Numbers = slots + offsets[at]
    return found


@cache
def changes(zone: str, year: int) -> tuple[tuple[int, int], ...]:
    """(slot from which it holds, slots ahead of UTC) for each setting of the clocks up to `year`, newest first.

    Newest first, because most conversations are young and the first branch that fits ends the looking.
    """
    clock = ZoneInfo(zone)
    found = [(0, _offset(clock, _slot(FIRST_YEAR)))]
    # No zone turns its clocks forth and back within a day.
    for slot in range(_slot(FIRST_YEAR), _slot(year + 1), SLOTS_OF_DAY):
        low, high = slot, slot + SLOTS_OF_DAY
        if (offset := _offset(clock, high)) == found[-1][1]:
            continue
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if _offset(clock, middle) == found[-1][1] else (low, middle)
        found.append((high, offset))
    return tuple(reversed(found))


def _slot(year: int) -> int:
    return (datetime(year, 1, 1, tzinfo=UTC) - _EPOCH) // SLOT


def _offset(clock: ZoneInfo, slot: int) -> int:
    return int(((_EPOCH + slot * SLOT).astimezone(clock).utcoffset() or timedelta()) / SLOT)
