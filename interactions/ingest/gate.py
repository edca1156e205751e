"""The gate before LivePerson: every call of every worker holds a shared slot, and its answer sets the pace."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta

import requests
from django.conf import settings

from interactions.jobs import slots
from interactions.jobs.pace import Pace
from interactions.liveperson import Answer, HttpTransport, LivePersonError, Timeout, Transport

SLOWDOWNS = (429, 503)
# Beyond the limit of the exchange itself: to connect, and for a machine that is short of breath.
SPARE = 30.0
_counted = threading.local()


class Gate:
    """A transport that asks another one, with a slot held around every call.

    Raises what that one raises, and what `sleep` raises while it waits for a slot.
    """

    def __init__(
        self,
        transport: Transport,
        pace: Pace,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        lease: timedelta = slots.LEASE,
    ) -> None:
        self._transport, self._pace = transport, pace
        self._sleep, self._clock, self._lease = sleep, clock, lease

    def __call__(self, request: requests.PreparedRequest) -> Answer:
        """Send a prepared request as soon as there is a free slot."""
        asked = self._clock()
        with slots.hold(self._pace.allowed, sleep=self._sleep, lease=self._lease) as slot:
            began = self._clock()
            self._pace.waited(began - asked)
            answer = self._sent(request)
            took = self._clock() - began
        self._note(answer.status, took, slot.number)
        return answer

    def _sent(self, request: requests.PreparedRequest) -> Answer:
        try:
            return self._transport(request)
        except LivePersonError:
            self._pace.failed()
            raise
        except BaseException:  # a person or the system ended us in the middle of it
            self._pace.cut_off()
            raise

    def _note(self, status: int, seconds: float, slot: int) -> None:
        if status in SLOWDOWNS:
            _counted.slowed = slowed() + 1
            self._pace.slowed(seconds)
        elif status >= 500:
            self._pace.failed()
        else:
            self._pace.answered(seconds, slot)

    def close(self) -> None:
        """Write what was counted, and close the connections that are kept open."""
        try:
            self._pace.flush()
        finally:
            if isinstance(self._transport, HttpTransport):
                self._transport.close()


def gated(
    transport: Transport | None = None, *, timeout: Timeout | None = None, sleep: Callable[[float], None] = time.sleep
) -> Gate:
    """The gate as the settings want it, before `transport` or before LivePerson itself."""
    limits = timeout or Timeout()
    lease = max(slots.LEASE, timedelta(seconds=limits.total + SPARE))
    return Gate(transport or HttpTransport(limits), Pace(settings.LIVEPERSON_MAX_CALLS), sleep=sleep, lease=lease)


def slowed() -> int:
    """How often LivePerson asked for fewer calls (429) or was too busy (503), so far in this thread."""
    return getattr(_counted, "slowed", 0)
