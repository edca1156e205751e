"""How many calls may be in flight now: a little more while answers are quick, half as many on 429 and 503.

The pace is one row for all processes. Each of them reads it at most once a second and writes what it has counted every
ten seconds, so that it costs next to nothing per call; only a slowdown is written at once.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import DateTimeField, ExpressionWrapper, F, FloatField, Q, Value
from django.db.models.functions import Greatest, Least, Now

from interactions.models import CallPace

# Seconds for a page of 100 conversations on a service that is not busy, with room.
QUICK = 5.0
# Of a slot, per quick answer to a call on the last slot that was allowed: twenty of those earn the next one.
GAIN = 0.05
MOST_GAIN = 1.0
READ_EVERY, WRITE_EVERY = 1.0, 10.0
_ROW = 1


@dataclass(slots=True)
class _Counted:
    """What is not written yet."""

    calls: int = 0
    failed: int = 0
    gain: float = 0.0
    waited: float = 0.0


class Pace:
    """One process's part in the shared pace. `most` is LIVEPERSON_MAX_CALLS, `clock` counts seconds."""

    def __init__(self, most: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._allowed = 1.0
        self._read_at: float | None = None
        self._written_at = clock()
        self._counted = _Counted()

    def allowed(self) -> int:
        """How many calls may be in flight, from 1 to `most`."""
        if self._read_at is None or self._clock() - self._read_at >= READ_EVERY:
            self._read()
        return max(1, min(self._most, int(self._allowed)))

    def waited(self, seconds: float) -> None:
        """A call waited so long for its slot."""
        self._counted.waited += seconds

    def answered(self, seconds: float, slot: int) -> None:
        """A call on slot number `slot` was answered. Only a pace that is made use of grows."""
        self._counted.calls += 1
        if seconds <= QUICK and slot >= self.allowed():
            self._counted.gain = min(self._counted.gain + GAIN, MOST_GAIN)
        self._write_sometimes()

    def failed(self) -> None:
        """A call had no good answer, for a reason that more or fewer calls do not change."""
        self._counted.calls += 1
        self._counted.failed += 1
        self._write_sometimes()

    def cut_off(self) -> None:
        """A call was given up by us; counted, but nothing is written while the process is on its way out."""
        self._counted.calls += 1
        self._counted.failed += 1

    def slowed(self, seconds: float) -> None:
        """LivePerson answered a call that took so long with 429 or 503."""
        self._counted.calls += 1
        self._counted.failed += 1
        self._counted.gain = 0.0
        self._write(slowed_count=F("slowed_count") + 1)
        # Calls that were in flight together are refused together: that is one reason to slow down, not several.
        before = ExpressionWrapper(Now() - timedelta(seconds=seconds), output_field=DateTimeField())
        half = Greatest(_number(1.0), Least(F("allowed"), _number(float(self._most))) / 2.0)
        rows = CallPace.objects.filter(Q(slowed_at=None) | Q(slowed_at__lt=before), pk=_ROW)
        rows.update(allowed=half, slowed_at=Now())
        self._read_at = None

    def flush(self) -> None:
        """Write what was counted and is not written yet."""
        if self._counted.calls:
            self._write()

    def _write_sometimes(self) -> None:
        if self._clock() - self._written_at >= WRITE_EVERY:
            self._write()

    def _write(self, **columns: Any) -> None:
        counted, self._counted = self._counted, _Counted()
        self._written_at = self._clock()
        if counted.gain:
            grown = Least(F("allowed") + counted.gain, _number(float(self._most)))
            columns["allowed"] = Greatest(_number(1.0), grown)
        added = {
            "call_count": F("call_count") + counted.calls,
            "failed_count": F("failed_count") + counted.failed,
            "waited_seconds": F("waited_seconds") + counted.waited,
        }
        if not CallPace.objects.filter(pk=_ROW).update(**added, **columns):
            self._read()
            CallPace.objects.filter(pk=_ROW).update(**added, **columns)

    def _read(self) -> None:
        allowed = CallPace.objects.filter(pk=_ROW).values_list("allowed", flat=True).first()
        if allowed is None:
            CallPace.objects.bulk_create([CallPace(pk=_ROW)], ignore_conflicts=True)
        self._allowed = 1.0 if allowed is None else allowed
        self._read_at = self._clock()


def _number(value: float) -> Value:
    return Value(value, output_field=FloatField())
