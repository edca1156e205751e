"""Waking a worker from a page: the page does not wait for a broker that does not answer."""

import threading
from collections.abc import Callable

from interactions.tasks import ring

_ringing = threading.Lock()


def ring_soon(ring: Callable[[], object] = ring) -> None:
    """Ring beside the page; where a bell is still on its way it will do, and beat rings within a minute anyway."""
    if _ringing.acquire(blocking=False):
        threading.Thread(target=_ring, args=(ring,), name="bell", daemon=True).start()


def _ring(ring: Callable[[], object]) -> None:
    try:
        ring()
    finally:
        _ringing.release()
