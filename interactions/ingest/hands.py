"""Calling for more hands: who reads wakes another worker as long as another period is due."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone

from interactions import jobs
from interactions.ingest import account, windows
from interactions.ingest.reading import Reading

# Seconds between two looks; the first comes with the first page.
EVERY = 5.0


@dataclass(slots=True)
class Calling:
    """Watches a reading (`Tools.watch`) and rings for others; who is woken calls for the next one himself."""

    ring: Callable[[], object]
    clock: Callable[[], float] = time.monotonic
    _next: float = float("-inf")

    def __call__(self, reading: Reading) -> None:
        if self.clock() < self._next:
            return
        self._next = self.clock() + EVERY
        if is_more_due():
            self.ring()


def is_more_due() -> bool:
    """Whether a period waits that nobody holds and that may be asked for now."""
    now = timezone.now()
    return account.may_call(now) and jobs.due(windows.next_windows(), now).exists()
