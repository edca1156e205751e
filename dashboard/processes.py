"""The processes that `manage.py run` keeps alive through supervisor: restarted when they fall, stopped together."""

import configparser
import http.client
import os
import shlex
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

PYTHON = sys.executable
TETHER = (PYTHON, "-m", "dashboard.tether")
STOP_SECONDS = 8


@dataclass(frozen=True, kw_only=True)
class Program:
    """One process, which waits for the file `after` and for what a sandbox writes to `settings_from`.

    `output` is the file that its own lines go to.
    """

    name: str
    arguments: Sequence[str]
    after: Path | None = None
    settings_from: Path | None = None
    output: Path | None = None

    def command(self) -> str:
        tied = [*TETHER]
        if self.after:
            tied += ["--after", str(self.after)]
        if self.settings_from:
            tied += ["--settings-from", str(self.settings_from)]
        if self.output:
            tied += ["--output", str(self.output)]
        return shlex.join([*tied, *self.arguments])


def web(after: Path) -> Program:
    host = f"[{settings.HOST}]" if ":" in settings.HOST else settings.HOST
    options = [
        *("--bind", f"{host}:{settings.PORT}", "--worker-class", "dashboard.sharing.Worker"),
        *("--workers", str(settings.WEB_PROCESSES), "--threads", str(settings.WEB_THREADS)),
        *("--timeout", "120", "--graceful-timeout", "5", "--keep-alive", "30"),
        # Many filters make a long address; a line of the access log would hold it.
        *("--limit-request-line", "8190", "--log-level", "warning", "--no-control-socket"),
    ]
    arguments = [PYTHON, "-m", "gunicorn", "dashboard.wsgi", *options]
    return Program(name="web", arguments=arguments, after=after)


def worker(after: Path, settings_from: Path | None) -> Program:
    options = ["--concurrency", str(settings.WORKERS), "--without-gossip", "--without-mingle", "--without-heartbeat"]
    return Program(name="worker", arguments=_celery("worker", *options), after=after, settings_from=settings_from)


def beat(after: Path) -> Program:
    options = ["--schedule", settings.CELERY_BEAT_SCHEDULE_FILENAME, "--pidfile", ""]
    return Program(name="beat", arguments=_celery("beat", *options), after=after)


def _celery(role: str, *options: str) -> list[str]:
    # As root, celery warns with eight lines at every start; whoever runs it as root, in a container, knows.
    quiet = "ignore:You're running the worker with superuser privileges"
    return [
        PYTHON,
        "-W",
        quiet,
        "-m",
        "celery",
        "--app",
        "dashboard",
        "--quiet",
        role,
        "--loglevel",
        "WARNING",
        *options,
    ]


def sandbox(output: Path, *, port: int, anchor: str, conversations: int) -> Program:
    options = ["--live", "--seed", "1", "--anchor", anchor, "--port", str(port), "--conversations", str(conversations)]
    return Program(
        name="sandbox", arguments=[PYTHON, str(settings.BASE_DIR / "manage.py"), "sandbox", *options], output=output
    )


def configuration(programs: Sequence[Program]) -> configparser.RawConfigParser:
    """What supervisor reads. Output passes through to the terminal: nothing on disk grows."""
    config = configparser.RawConfigParser()
    config["supervisord"] = {
        "nodaemon": "true",
        "logfile": "/dev/null",
        "logfile_maxbytes": "0",
        "loglevel": "warn",
        "pidfile": _escaped(str(settings.DATA_DIR / "supervisord.pid")),
        "directory": _escaped(str(settings.BASE_DIR)),
    }
    if os.geteuid() == 0:
        config["supervisord"]["user"] = "root"  # said explicitly, or supervisor warns at every start
    # One group, because groups are stopped one after another.
    config["group:readback"] = {"programs": ",".join(program.name for program in programs)}
    for program in programs:
        config[f"program:{program.name}"] = {
            "command": _escaped(program.command()),
            "autorestart": "true",
            "startretries": "1000000",
            "stopsignal": "TERM",
            "stopwaitsecs": str(STOP_SECONDS),
            "stopasgroup": "true",
            "killasgroup": "true",
            "redirect_stderr": "true",
            "stdout_logfile": "/dev/fd/1",
            "stdout_logfile_maxbytes": "0",
        }
    return config


def _escaped(text: str) -> str:
    return text.replace("%", "%%")


class Processes:
    """All programs under one supervisor; what they print is passed on to standard error."""

    def __init__(self, programs: Sequence[Program]) -> None:
        path = settings.DATA_DIR / "supervisord.conf"
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            configuration(programs).write(file)
        self._supervisor = subprocess.Popen(
            [*TETHER, PYTHON, "-m", "supervisor.supervisord", "-c", str(path)],
            cwd=settings.BASE_DIR,
            env={"LOG_LEVEL": "WARNING", **os.environ, "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C comes to us alone; we stop the others in order
        )
        self._stopping = False
        threading.Thread(target=self._pass_on, daemon=True).start()

    def _pass_on(self) -> None:
        assert self._supervisor.stdout is not None
        for line in self._supervisor.stdout:
            if not self._stopping:  # the farewells of four programs would bury the last line
                sys.stderr.write(line.decode(errors="replace"))
                sys.stderr.flush()

    def run_for(self, seconds: float) -> bool:
        """Wait; False as soon as the supervisor has ended."""
        try:
            self._supervisor.wait(seconds)
        except subprocess.TimeoutExpired:
            return True
        return False

    def stop(self) -> None:
        """Ask, wait, insist. Nothing is left afterwards: what a killed supervisor leaves is tethered to it."""
        self._stopping = True
        if self._supervisor.poll() is None:
            self._supervisor.send_signal(signal.SIGTERM)
        try:
            self._supervisor.wait(2 * STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._supervisor.kill()
            self._supervisor.wait()


def web_answers() -> bool:
    """Whether the web server answers at all, whatever it says."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.HOST, settings.HOST)
    connection = http.client.HTTPConnection(host, settings.PORT, timeout=5)
    try:
        connection.request("GET", "/healthz", headers={"Host": f"127.0.0.1:{settings.PORT}"})
        return connection.getresponse().status > 0
    except (OSError, http.client.HTTPException):
        time.sleep(0.1)
        return False
    finally:
        connection.close()
