"""Start a program that ends when its parent does: `python -m dashboard.tether [options] program arguments...`.

supervisor stops what it started, unless it is itself killed; then the kernel sends what is tethered a
SIGTERM (Linux; elsewhere nothing is tied). Imports nothing of Django, so that it costs no start-up time.
"""

import argparse
import ctypes
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

PR_SET_PDEATHSIG = 1
LAST_LINE = "LIVEPERSON_ACCESS_TOKEN_SECRET="


def end_with_parent(with_signal: int = signal.SIGTERM) -> None:
    """Ask the kernel to signal this process when the thread that started it is gone."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(with_signal), 0, 0, 0)


def sandbox_lines(path: Path) -> dict[str, str] | None:
    """The settings that a running sandbox printed into `path`; None while it has not (wholly) done so."""
    try:
        text = path.read_text()
    except FileNotFoundError:
        return None
    lines = dict(_pairs(text))
    return lines if LAST_LINE.rstrip("=") in lines else None


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines(keepends=True):
        name, equals, value = line.rstrip("\n").partition("=")
        if equals and line.endswith("\n") and not name.startswith("#"):
            yield name, value


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m dashboard.tether")
    parser.add_argument("--settings-from", type=Path, help="wait for the sandbox's settings in this file, hand them on")
    parser.add_argument("--after", type=Path, help="wait until this file exists")
    parser.add_argument("--output", type=Path, help="write standard output to this private file")
    parser.add_argument("program", nargs=argparse.REMAINDER)
    asked = parser.parse_args(arguments)
    parent = os.getppid()
    end_with_parent()
    if os.getppid() != parent:  # it went before the tie was made
        return
    while asked.after and not asked.after.exists():
        time.sleep(0.1)
    if asked.settings_from:
        while (lines := sandbox_lines(asked.settings_from)) is None:
            time.sleep(0.1)
        os.environ.update(lines)
    if asked.output:
        _write_to(asked.output)
    os.execvp(asked.program[0], asked.program)


def _write_to(path: Path) -> None:
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    os.dup2(handle, sys.stdout.fileno())
    os.close(handle)


if __name__ == "__main__":
    main(sys.argv[1:])
