"""Set up and start everything: what `make run` calls."""

import fcntl
import os
import signal
import socket
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connections

from dashboard import checks, datadir, firststart, processes

SANDBOX_ACCOUNT = "sandbox-1"
PATIENCE = 120.0


class Refused(Exception):
    """One sentence that says why there is no start and what to do."""


class Command(BaseCommand):
    help = (
        "Sets up the database, static files and first users, then starts web server, worker, beat and, without an "
        "account, the sandbox."
    )
    requires_system_checks: list[str] = []  # asked below, so that each answer is one sentence

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--conversations", type=int, default=20_000, help="size of the sandbox account")

    def handle(self, *args: Any, **options: Any) -> None:
        os.umask(0o077)  # what is written holds transcripts and secrets, also in a folder that others may enter
        # Set, not left to Python: a script's background job starts with SIGINT ignored.
        signal.signal(signal.SIGINT, _interrupt)
        signal.signal(signal.SIGTERM, _interrupt)
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup
            signal.signal(signal.SIGHUP, _interrupt)
        try:
            with _alone(settings.DATA_DIR / "run.lock"):
                self._run(options["conversations"])
        except Refused as refusal:
            self.stderr.write(str(refusal))
            raise SystemExit(1) from None
        except KeyboardInterrupt:
            self.stdout.write("Readback has stopped.")

    def _run(self, conversations: int) -> None:
        _refuse_if_wrong()
        is_sandbox = not settings.LIVEPERSON_ACCOUNT_ID
        tables_made, sandbox_lines = settings.DATA_DIR / "tables-made", settings.DATA_DIR / "sandbox.env"
        source = sandbox_lines if is_sandbox else None
        programs = [_sandbox(sandbox_lines, conversations)] if is_sandbox else []
        programs += [processes.web(tables_made), processes.worker(tables_made, source), processes.beat(tables_made)]
        with _started(programs, passing=[tables_made, sandbox_lines]) as running:
            sign_ins = _prepare(is_sandbox)  # while the sandbox invents its conversations
            tables_made.touch()
            _wait(running, processes.web_answers, "The web server")
            self._say_where(sign_ins)
            _stay(running, is_sandbox)

    def _say_where(self, sign_ins: list[firststart.SignIn]) -> None:
        for line in (*_notes(), f"Readback is at {settings.SITE_URL}"):
            self.stdout.write(line)
        width = max((len(each.username) for each in sign_ins), default=0)
        for lead, each in zip(["Sign in as", *["or as     "] * len(sign_ins)], sign_ins, strict=False):
            self.stdout.write(f"{lead} {each.username:<{width}} / {each.password}")
        self.stdout.write("Ctrl-C stops it.")
        self.stdout.flush()


class _Interrupt:
    """The wish to stop: raised at once, and remembered, as Python drops what is raised while an object is cleared."""

    def __init__(self) -> None:
        self.is_asked = False
        self._is_held = False

    def __call__(self, *_: object) -> None:
        self.is_asked = True
        if not self._is_held:
            raise KeyboardInterrupt

    @contextmanager
    def held(self) -> Iterator[None]:
        """Only remember it: raised in the middle of starting a process, it would leave one that nobody knows."""
        self._is_held = True
        try:
            yield
        finally:
            self._is_held = False

    def look(self) -> None:
        """Raise it again, should it have been dropped."""
        if self.is_asked:
            raise KeyboardInterrupt


_interrupt = _Interrupt()


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold the data folder: the kernel lets go of it however this process ends, so no lock is ever stale."""
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(
                f"Readback is running from this data folder already ({settings.DATA_DIR}): stop that one first."
            ) from None
        yield


def _refuse_if_wrong() -> None:
    _stop_if(checks.credential_trouble(checks.liveperson_settings()))
    _stop_if(checks.missing_account())
    _stop_if(checks.port_trouble(settings.HOST, settings.PORT))
    _stop_if(checks.database_trouble())


def _stop_if(trouble: str | None) -> None:
    if trouble:
        raise Refused(trouble)


def _prepare(is_sandbox: bool) -> list[firststart.SignIn]:
    firststart.make_tables()
    _stop_if(checks.other_account(settings.LIVEPERSON_ACCOUNT_ID or SANDBOX_ACCOUNT))
    firststart.create_people(with_samples=is_sandbox)
    firststart.collect_static()
    _interrupt.look()
    sign_ins = firststart.sign_ins()
    connections.close_all()
    return sign_ins


def _sandbox(output: Path, conversations: int) -> processes.Program:
    """The account of the first start: same anchor, so the same conversations plus the time since."""
    anchor = datadir.keep(settings.DATA_DIR / "sandbox-anchor", _ten_minutes_ago)
    port = _kept_port(settings.DATA_DIR / "sandbox-port")
    return processes.sandbox(output, port=port, anchor=anchor, conversations=conversations)


def _ten_minutes_ago() -> str:
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    return now.replace(minute=now.minute // 10 * 10).isoformat()


def _kept_port(path: Path) -> int:
    """The port of last time while it is free, so that a client pointed at the sandbox finds it again."""
    port = int(path.read_text()) if path.exists() else 0
    if port == 0 or checks.port_trouble("127.0.0.1", port):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        path.write_text(str(port))
    return port


@contextmanager
def _started(programs: list[processes.Program], passing: list[Path]) -> Iterator[processes.Processes]:
    """Run `programs` and stop them in any case; files that only hold while they run are removed on both ends."""
    _remove(passing)
    running: processes.Processes | None = None
    try:
        with _interrupt.held():
            running = processes.Processes(programs)
        _interrupt.look()
        yield running
    finally:
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(name, signal.SIG_IGN)  # asked once is enough
        if running is not None:
            running.stop()
        _remove(passing)


def _remove(paths: list[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


def _wait(running: processes.Processes, is_up: Callable[[], bool], what: str) -> None:
    patience = time.monotonic() + PATIENCE
    while not is_up():
        _interrupt.look()
        if not running.run_for(0.1) or time.monotonic() > patience:
            raise Refused(f"{what} did not start; the lines above say why.")


def _stay(running: processes.Processes, is_sandbox: bool) -> None:
    """Until Ctrl-C; on the way, the sample supervisor gets a group as soon as the first read brings groups."""
    waits = is_sandbox and firststart.sample_supervisor_waits()
    while running.run_for(0.5):
        _interrupt.look()
        if waits:
            waits = not firststart.give_group()
            connections.close_all()
    raise Refused("Readback's processes have ended; the lines above say why.")


def _notes() -> list[str]:
    """What an operator should hear once per data folder."""
    warning = checks.sqlite_warning()
    heard = settings.DATA_DIR / "sqlite-warning"
    if warning is None or heard.exists():
        return []
    heard.touch()
    return [warning]
