"""Call slots: leased rows that bound how many calls are in flight at once, over all processes and hosts.

Every time here is the database's own: the clocks of two hosts can differ by an hour, and a lease that one wrote would
mean something else to the other.
"""

import logging
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import DatabaseError, connection
from django.db.models.functions import Now

from interactions.jobs import holders
from interactions.models import CallSlot

logger = logging.getLogger(__name__)
# Longer than the client's limit for a whole exchange (120 s), so that a holder who lives never loses its slot.
LEASE = timedelta(seconds=150)
# What all marks of one place begin with.
_PLACE = 8
FIRST_PAUSE, LONGEST_PAUSE = 0.02, 0.5
# As plain SQL, because this stands around every call: composed by the ORM it took 2.2 ms of CPU.
# So it takes 0.3 ms on SQLite and 0.5 ms on PostgreSQL.
_NOW = {"sqlite": "strftime('%%Y-%%m-%%d %%H:%%M:%%f', 'now')", "postgresql": "statement_timestamp()"}
_LATER = {
    "sqlite": "strftime('%%Y-%%m-%%d %%H:%%M:%%f', 'now', '+' || %s || ' seconds')",
    "postgresql": "statement_timestamp() + make_interval(secs => %s)",
}
_TABLE = CallSlot._meta.db_table
_LOOK = f"SELECT number, holder, lease_until < {{now}} FROM {_TABLE} ORDER BY number"
_SWAP = f"UPDATE {_TABLE} SET holder = %s, lease_until = {{later}} WHERE number = %s AND holder = %s"
_FREE = f"UPDATE {_TABLE} SET holder = '', lease_until = NULL WHERE number = %s AND holder = %s"


def _run(sql: str, *given: str | float) -> tuple[int, list[tuple[int, str, bool | None]]]:
    """(how many rows it changed, what it read)."""
    vendor = connection.vendor
    with connection.cursor() as cursor:
        cursor.execute(sql.format(now=_NOW[vendor], later=_LATER[vendor]), given)
        return cursor.rowcount, cursor.fetchall() if cursor.description else []


@dataclass(frozen=True, slots=True)
class Slot:
    """The right to have one call in flight, as long as the row carries our mark."""

    number: int
    holder: str

    def release(self) -> None:
        """Let go. A holder whose lease ran out has been replaced: then nothing changes."""
        try:
            _run(_FREE, self.number, self.holder)
        except DatabaseError as error:
            # The call is done and its answer is good; should this process end, the slot comes back by its lease.
            logger.warning("slot not let go yet", extra={"slot": self.number, "error": type(error).__name__})
            _owed.append(self)


# What this process could not let go because the database was away.
_owed: list[Slot] = []


@dataclass(slots=True)
class Waiting:
    """What one who waits has seen of the holders, by a clock that nobody can set."""

    lease: timedelta = LEASE
    clock: Callable[[], float] = time.monotonic
    _since: dict[str, float] = field(default_factory=dict)

    def has_lost(self, holder: str) -> bool:
        """Whether a holder is dead: its process has ended here, or it held on for longer than a lease may last.

        The latter is for a database whose clock was set back: its leases would end an hour late.
        """
        seen_for = self.clock() - self._since.setdefault(holder, self.clock())
        return seen_for > self.lease.total_seconds() or holders.is_gone(holder)


def take(limit: int, waiting: Waiting | None = None) -> Slot | None:
    """Take a free slot of the first `limit`; None while as many calls as that are in flight.

    While a limit that has become smaller still finds calls of the larger one, those count too.
    """
    waiting = waiting or Waiting()
    owed = _owed[:]
    _owed.clear()
    for each in owed:
        each.release()
    seen = _run(_LOOK)[1]
    if len(seen) < limit:
        rows = [CallSlot(number=number) for number in range(1, limit + 1)]
        CallSlot.objects.bulk_create(rows, ignore_conflicts=True)
        seen += [(row.number, "", False) for row in rows[len(seen) :]]
    free = [(number, holder) for number, holder, expired in seen if _is_free(holder, expired, waiting)]
    if len(seen) - len(free) >= limit:
        return None
    for number, held_by in free:
        if number <= limit and (slot := _swap(number, held_by, waiting.lease)):
            return slot
    return None


def _is_free(holder: str, has_expired: bool | None, waiting: Waiting) -> bool:
    if not holder or waiting.has_lost(holder):
        return True
    # A database whose clock was set forward ends every lease: of a holder that lives here we know better.
    return bool(has_expired) and not _is_of_here(holder)


def _is_of_here(holder: str) -> bool:
    """Whether the mark was made on this machine; where the system tells no place, every mark begins by chance."""
    return holder[:_PLACE] == holders.mark()[:_PLACE]


def _swap(number: int, held_by: str, lease: timedelta) -> Slot | None:
    # Only if it is still as read: of two who try, one changes the row and the other none.
    slot = Slot(number, holders.mark())
    taken, _ = _run(_SWAP, slot.holder, lease.total_seconds(), number, held_by)
    return slot if taken else None


@contextmanager
def hold(
    limit: Callable[[], int],
    *,
    sleep: Callable[[float], None] = time.sleep,
    lease: timedelta = LEASE,
    chance: Callable[[], float] = random.random,
) -> Iterator[Slot]:
    """Hold one of `limit()` slots; waits for it with `sleep`, which may raise to give up."""
    waiting, pause = Waiting(lease), FIRST_PAUSE
    while (slot := take(limit(), waiting)) is None:
        sleep(pause * (0.5 + chance()))  # lest all who wait come back at once
        pause = min(2 * pause, LONGEST_PAUSE)
    try:
        yield slot
    finally:
        slot.release()


def in_use() -> int:
    """How many slots are held now. One query."""
    return CallSlot.objects.exclude(holder="").filter(lease_until__gte=Now()).count()
