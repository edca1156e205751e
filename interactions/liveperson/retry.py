"""When a failed call is tried again, and after how long: LivePerson's own advice as a value."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from interactions.liveperson.errors import LivePersonError, RateLimited, Unavailable

logger = logging.getLogger(__name__)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Retry:
    """How many more tries there are.

    `pauses` are the seconds before each further try after a 5xx or a dropped connection. A 429 waits what the
    server says, up to `rate_limits` times, each time with up to `jitter` seconds more, so that several workers
    do not come back at once; a wait above `longest_wait` is handed to the caller instead of slept through.
    """

    pauses: tuple[float, ...] = (5.0, 10.0, 15.0)
    rate_limits: int = 3
    jitter: float = 1.0
    longest_wait: float = 60.0

    def after(self, error: LivePersonError, random: Callable[[], float]) -> "tuple[float, Retry] | None":
        """The pause in seconds and what is left of the policy, or None to give up."""
        if isinstance(error, RateLimited):
            if not self.rate_limits or error.wait > self.longest_wait:
                return None
            return error.wait + random() * self.jitter, replace(self, rate_limits=self.rate_limits - 1)
        if isinstance(error, Unavailable) and error.is_passing and self.pauses:
            return self.pauses[0], replace(self, pauses=self.pauses[1:])
        return None


NO_RETRY = Retry(pauses=(), rate_limits=0)


def repeat(call: Callable[[], T], policy: Retry, *, sleep: Callable[[float], None], random: Callable[[], float]) -> T:
    """Call until it succeeds or the policy gives up, then raise the last error."""
    while True:
        try:
            return call()
        except LivePersonError as error:
            step = policy.after(error, random)
            if step is None:
                raise
            pause, policy = step
            logger.warning("call failed, tried again", extra={"reason": str(error), "seconds": round(pause, 1)})
        sleep(pause)
