"""Claiming leased work: one holder at a time, and a number that a late holder no longer has.

Any table whose rows are `Claimable` can be worked this way. All times are given by the caller.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from django.db.models import F, Q, QuerySet

from interactions.models import Claimable, WorkState

LEASE = timedelta(seconds=120)
# How far the clocks of hosts that work as they should are apart at most.
CLOCKS_DIFFER = timedelta(minutes=5)
# How many rows are tried when others claim at the same moment.
_TRIES = 5
_M = TypeVar("_M", bound=Claimable)


class LostClaim(Exception):
    """Somebody else holds the row by now: whatever this holder has in hand must not be written."""


class StopRequested(Exception):
    """Somebody asked for the work to stop."""


@dataclass(frozen=True, slots=True)
class Claim(Generic[_M]):
    """A row held by us as long as nobody has raised its fencing number."""

    row: _M
    fence: int

    def _mine(self) -> QuerySet[_M]:
        return type(self.row)._default_manager.filter(pk=self.row.pk, fence=self.fence, state=WorkState.RUNNING)

    def renew(self, now: datetime, **columns: Any) -> None:
        """Hold on for another lease, and write `columns`; raises LostClaim or StopRequested.

        Called first in the transaction that writes the work's rows: on both databases the row then stays
        locked until the commit, so that nobody can take the claim over in between.
        """
        held = self._mine().filter(stop_requested=False)
        # Also after its lease, as long as nobody else has claimed the row: an answer may come late.
        if not held.update(lease_until=now + LEASE, **columns):
            if self._mine().filter(stop_requested=True).exists():
                raise StopRequested
            raise LostClaim

    def finish(self, state: WorkState, **columns: Any) -> None:
        """Let go of the row in its new state; raises LostClaim."""
        if not self._mine().update(state=state, lease_until=None, **columns):
            raise LostClaim

    def put_back(self, not_before: datetime | None, **columns: Any) -> None:
        """Let go without having done it; it may be claimed again from `not_before` on."""
        self.finish(WorkState.WAITING, not_before=not_before, **columns)


def due(rows: QuerySet[_M], now: datetime) -> QuerySet[_M]:
    """The rows that may be claimed: waiting or incomplete and due, or left behind by a holder that died.

    A lease that ends later than any lease given now could was written by a clock that was ahead, and counts as ended:
    should its holder be alive, the fencing number keeps it from writing.
    """
    waits = Q(state__in=(WorkState.WAITING, WorkState.INCOMPLETE)) & (Q(not_before=None) | Q(not_before__lte=now))
    ended = Q(lease_until__lt=now) | Q(lease_until__gt=now + LEASE + CLOCKS_DIFFER)
    return rows.filter(waits | (Q(state=WorkState.RUNNING) & ended), stop_requested=False)


def claim(rows: QuerySet[_M], now: datetime) -> Claim[_M] | None:
    """Take the first due row of `rows` in their order; None when nothing is due."""
    for row in due(rows, now)[:_TRIES]:
        # Only if it is still as read: of two who try, one changes a row and the other none.
        taken = rows.model._default_manager.filter(pk=row.pk, fence=row.fence).update(
            state=WorkState.RUNNING,
            fence=F("fence") + 1,
            lease_until=now + LEASE,
            attempt_count=F("attempt_count") + 1,
        )
        if taken:
            row.refresh_from_db()
            return Claim(row, row.fence)
    return None


def take_over(rows: QuerySet[_M], now: datetime) -> int:
    """Make running rows claimable at once: for a start where no other holder can be alive.

    Should one be alive after all, its claim is lost with the next one's fencing number and it writes nothing.
    """
    return rows.filter(state=WorkState.RUNNING).update(lease_until=now - timedelta(seconds=1))


def request_stop(rows: QuerySet[_M]) -> int:
    """Ask the holders to stop at their next page; what waits stops at once."""
    rows.filter(state__in=(WorkState.WAITING, WorkState.INCOMPLETE)).update(state=WorkState.STOPPED)
    return rows.filter(state=WorkState.RUNNING).update(stop_requested=True)
