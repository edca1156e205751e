"""Pages come first: somebody waits for them, and for what is read, rebuilt or copied meanwhile nobody does."""

import contextlib
import os

# Linux's scale ends at 19. At 10 a process gets a tenth of a core that a page wants too, and all of one that none does.
_NICENESS = 10


def step_back() -> None:
    """This process, and what it starts, leaves the cores to others; a second call changes nothing.

    A system that knows no such thing, or does not allow it, goes on as it was.
    """
    with contextlib.suppress(AttributeError, OSError):
        os.nice(max(_NICENESS - os.nice(0), 0))
