"""`make test`: linters, types, Django's own checks, then the whole suite on SQLite and on a private PostgreSQL."""

import importlib.util
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from types import FrameType
from typing import NoReturn

from tests import servers
from tests.environment import clean, is_ci

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable


def main() -> int:
    signal.signal(signal.SIGTERM, _interrupt)
    missing = _missing()
    with tempfile.TemporaryDirectory(prefix="readback-checks-") as folder:
        failed = [name for name, command in _checks() if not _passes(name, command, folder)]
    outcomes = _suites("PostgreSQL" not in missing)
    failed += [name for name, (code, _) in outcomes.items() if code]
    print()
    for name, (_, closing) in outcomes.items():
        print(f"{name}: {closing}")
    closings = [closing for _, closing in outcomes.values()]
    print(f"Together: {_sum('passed', closings)} passed, {_sum('failed', closings) + _sum('error', closings)} failed")
    if missing:
        print(f"Not tested here, because it is missing: {', '.join(missing)}.")
    if not is_ci():
        print("Not tested here, only in .ci/run: the types of the JavaScript files.")
    if failed:
        print(f"Failed: {', '.join(failed)}.")
    return 1 if failed or (missing and is_ci()) else 0


def _sum(word: str, closings: Sequence[str]) -> int:
    """How many tests ended so, over all suites, read from pytest's own closing lines."""
    return sum(int(number) for closing in closings for number in re.findall(rf"(\d+) {word}", closing))


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _missing() -> list[str]:
    found = []
    for name, look in (("PostgreSQL", servers.postgresql_home), ("Redis", servers.redis_program)):
        try:
            look()
        except servers.Missing:
            found.append(name)
    if servers.chromium() is None or importlib.util.find_spec("playwright") is None:
        found.append("Chromium (the pages in a browser)")
    return found


def _checks() -> list[tuple[str, Sequence[str]]]:
    manage = [PYTHON, "manage.py"]
    return [
        ("ruff check", [PYTHON, "-m", "ruff", "check", "."]),
        ("ruff format", [PYTHON, "-m", "ruff", "format", "--check", "."]),
        ("mypy", [PYTHON, "-m", "mypy", "dashboard", "interactions", "manage.py"]),
        ("makemigrations", [*manage, "makemigrations", "--check", "--dry-run"]),
        ("check --deploy", [*manage, "check", "--deploy", "--fail-level", "WARNING"]),
    ]


def _passes(name: str, command: Sequence[str], folder: str) -> bool:
    began = time.monotonic()
    environment = clean(DATA_DIR=folder, SITE_URL="https://readback.example")
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    print(f"{name}: {'ok' if done.returncode == 0 else 'FAILED'} ({time.monotonic() - began:.1f} s)", flush=True)
    if done.returncode:
        print(done.stdout + done.stderr, flush=True)
    return done.returncode == 0


class Suite:
    """One run of pytest; its lines appear as they come, behind the name of its database."""

    def __init__(self, name: str, database_url: str) -> None:
        self.name, self.closing = name, "did not finish"
        self._process = subprocess.Popen(
            [PYTHON, "-m", "pytest", "--color=no", "-p", "no:cacheprovider", *sys.argv[1:]],
            cwd=ROOT,
            env={**os.environ, "READBACK_TEST_DATABASE_URL": database_url, "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._show)
        self._reader.start()

    def _show(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            print(f"[{self.name}] {line}", end="", flush=True)
            if line.strip():
                self.closing = line.strip().strip("= ")

    def outcome(self) -> tuple[int, str]:
        code = self._process.wait()
        self._reader.join()
        return code, self.closing

    def stop(self) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)  # lets its fixtures stop what they started
            self._process.wait()


def _suites(with_postgresql: bool) -> dict[str, tuple[int, str]]:
    """Both suites at once, as two processes: exit code and closing line of each."""
    with ExitStack() as stack:
        suites = [Suite("SQLite", "")]
        stack.callback(suites[0].stop)
        if with_postgresql:
            suites.append(Suite("PostgreSQL", stack.enter_context(servers.postgresql())))
            stack.callback(suites[1].stop)
        return {suite.name: suite.outcome() for suite in suites}


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
