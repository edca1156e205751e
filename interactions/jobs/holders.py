"""Who holds a leased right: a mark from which another process on the same machine sees that its holder is dead."""

import functools
import hashlib
import os
import secrets
from pathlib import Path

_PROC = Path("/proc")
# Hexadecimal digits: place, process, when it began (clock ticks since the machine's start), and chance.
_PLACE, _PID, _START, _CHANCE = 8, 6, 9, 8


def mark() -> str:
    """A mark of this process, another one at every call; at most 32 characters.

    Where the system does not tell enough about processes the mark is chance alone, and only a lease ends the right.
    """
    place, began = _place(), _began(os.getpid())
    if not place or began is None:
        return secrets.token_hex(16)
    return f"{place}{os.getpid():0{_PID}x}{began:0{_START}x}{secrets.token_hex(_CHANCE // 2)}"


def is_gone(holder: str) -> bool:
    """Whether the mark is one of a process that ran here and has ended; False when in doubt."""
    place = _place()
    if len(holder) != _PLACE + _PID + _START + _CHANCE or not place or not holder.startswith(place):
        return False
    pid = int(holder[_PLACE : _PLACE + _PID], 16)
    began = int(holder[_PLACE + _PID : -_CHANCE], 16)
    now = _began(pid)
    if now is None:
        return not _may_live(pid)
    return now != began  # the number was given again to another process


@functools.cache
def _place() -> str:
    """This boot of this machine and this container: within it a process number means one process."""
    try:
        names = (_PROC / "sys/kernel/random/boot_id").read_bytes() + str((_PROC / "self/ns/pid").readlink()).encode()
    except OSError:
        return ""
    return hashlib.blake2b(names, digest_size=_PLACE // 2).hexdigest()


def _began(pid: int) -> int | None:
    """When a process began; None for one that has ended, is only waiting to be buried, or is hidden from us."""
    try:
        # The name, in brackets, may hold blanks and brackets itself.
        fields = (_PROC / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] in ("Z", "X") else int(fields[19])


def _may_live(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        state = (_PROC / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()[0]
    except (ProcessLookupError, FileNotFoundError):
        return False
    except OSError:  # another user's, and hidden
        return True
    return state not in ("Z", "X")
