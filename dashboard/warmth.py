"""What a web process does before its first reader comes, rather than while they wait."""

import ctypes
import gc
from importlib import import_module

from django.conf import settings

from interactions.metrics.intervals import mean_interval, wilson
from interactions.search import open_copy

# Objects made before Python's collector looks at the youngest, instead of 700, and how often before it looks at older
# ones: a transcript of 1,500 messages makes tens of thousands that all last until it is sent. With more of either what
# nobody uses stays too long: 18 MB with 50,000.
_YOUNG, _OLDER = 10_000, 5
# Options of glibc's mallopt (malloc.h).
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
# Of what is asked of the system anew each 4 KB costs a fault, three microseconds on a virtual machine: an overview of a
# million took 700 ms instead of 300 while all above 256 KB was. Pieces of columns (search/columnar) stay below this.
_LARGE, _FREE = 3 << 19, 1 << 22


def warm_up() -> None:
    """Loads every view and SciPy, and keeps what then lives, which is for good, out of the collector's rounds; then
    begins to read what lists are answered from.

    A round over all of Django and its libraries stopped a page for 80 ms, once in sixty pages.
    """
    _give_memory_back()
    import_module(settings.ROOT_URLCONF)
    wilson(1, 2)
    mean_interval(0.0, 1.0, 2)
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, _OLDER, _OLDER)
    open_copy()


def _give_memory_back() -> None:
    """What a question took, columns of a million numbers among it, goes back to the system with its end.

    Pieces of such columns are used again instead. Left to itself glibc keeps all once it has seen it, for each of the
    threads. Elsewhere there is no mallopt.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_MMAP_THRESHOLD, _LARGE)
        mallopt(_TRIM_THRESHOLD, _FREE)
        mallopt(_ARENA_MAX, 2)
