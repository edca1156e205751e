"""Celery's real worker groups and beats on one broker, for the database of the test that is running."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import redis
from celery import Celery

from dashboard.datadir import broker_folders
from tests.interactions.ingest.worker import ROOT, environment


class Groups:
    """Worker groups and beats, each with what it prints in a file of its own; without `broker` the embedded one.

    `app` is Celery's, `settings` are those of all of them.
    """

    def __init__(
        self, importer: Any, folder: Path, broker: str, *, app: str = "dashboard", processes: int = 2, **settings: str
    ) -> None:
        folder.mkdir()
        if broker.startswith("redis"):  # the product that other tests share listens on the first of its databases
            broker = f"{broker.rpartition('/')[0]}/1"
        self.url = broker
        self.folder, self.app, self.processes = folder, app, processes
        self.started: list[subprocess.Popen[bytes]] = []
        told = {"DATA_DIR": str(folder), "LOG_LEVEL": "WARNING"} | ({"CELERY_BROKER_URL": broker} if broker else {})
        self.environment = environment(importer, **told | settings)
        self.broker = Celery(broker=broker or "filesystem://localhost//", set_as_current=False)
        if not broker:
            self.broker.conf.broker_transport_options = broker_folders(folder)

    def worker(self, **settings: str) -> subprocess.Popen[bytes]:
        quiet = ("--without-gossip", "--without-mingle", "--without-heartbeat")
        return self._start(settings, "worker", "--concurrency", str(self.processes), *quiet)

    def beat(self) -> subprocess.Popen[bytes]:
        name = str(self.folder / f"beat-{len(self.started)}")
        return self._start({}, "beat", "--schedule", name, "--pidfile", "")

    def _start(self, settings: dict[str, str], *arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "celery", "--app", self.app, "--quiet", *arguments]
        with (self.folder / f"said-{len(self.started)}").open("wb") as said:
            process = subprocess.Popen(
                [*command, "--loglevel", "WARNING"],
                cwd=ROOT,
                env=self.environment | settings,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )
        self.started.append(process)
        return process

    def ring(self) -> None:
        self.broker.send_task("interactions.tasks.wake")

    def empty(self) -> int:
        """Throw away every bell that hangs unheard, and whatever else Redis remembers; how many bells there were."""
        count = self.broker.control.purge() or 0
        if self.url.startswith("redis"):
            redis.Redis.from_url(self.url).flushdb()
        return count

    @property
    def said(self) -> str:
        return "".join(path.read_text() for path in self.folder.glob("said-*"))

    def end(self) -> None:
        for process in self.started:
            kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """End a whole group at once, as a machine would that runs out of memory."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
