"""The units of docs/systemd started and stopped as systemd does it, on paths and a port of the test's own."""

import configparser
import os
import shlex
import signal
import socket
import subprocess
import time
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "systemd"
# What systemd gives a service besides its own settings.
BARE = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"}


def options(name: str) -> dict[str, str]:
    """The lines of a unit; of a name that is given twice the last one."""
    reader = configparser.RawConfigParser(strict=False, comment_prefixes=("#",))
    reader.optionxform = str  # type: ignore[assignment,method-assign]
    reader.read(FOLDER / name)
    return {key: value for section in reader.sections() for key, value in reader.items(section)}


class Unit:
    """One service that runs; `replaced` are pieces of its command that differ on this machine."""

    def __init__(self, name: str, folder: Path, environment: dict[str, str], replaced: dict[str, str]) -> None:
        self.options = options(name)
        command = self.options["ExecStart"]
        for old, new in replaced.items():
            command = command.replace(old, new)
        self._said = folder / f"{name}.log"
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(folder / f"{name}.sock"))
        # Every test may run from here; systemd's own copy has no other variables.
        given = BARE | environment | {"NOTIFY_SOCKET": str(folder / f"{name}.sock")}
        with self._said.open("wb") as said:
            self.process = subprocess.Popen(
                shlex.split(command), cwd=ROOT, env=given, stdout=said, stderr=said, start_new_session=True
            )

    @property
    def said(self) -> str:
        return self._said.read_text()

    def until_started(self, patience: float = 60) -> "Unit":
        """As systemd counts it: a service of Type=notify has said so, any other runs."""
        if self.options["Type"] == "notify":
            self._socket.settimeout(patience)
            while "READY=1" not in self._socket.recv(4096).decode():
                pass
        assert self.process.poll() is None, self.said
        return self

    def members(self) -> list[psutil.Process]:
        """All that runs in its control group, which here is its session."""
        found = []
        for process in psutil.process_iter():
            try:
                if os.getsid(process.pid) == self.process.pid and process.status() != psutil.STATUS_ZOMBIE:
                    found.append(process)
            except (psutil.Error, OSError):
                continue
        return found

    def ask_to_stop(self) -> None:
        number = getattr(signal, self.options.get("KillSignal", "SIGTERM"))
        if self.options.get("KillMode") == "mixed":
            self.process.send_signal(number)
            return
        for process in self.members():
            process.send_signal(number)

    def until_stopped(self) -> float:
        """The seconds that it took; fails where systemd would have had to kill."""
        began = time.monotonic()
        self.process.wait(float(self.options["TimeoutStopSec"]))
        assert self.members() == [], self.said
        return time.monotonic() - began

    def end(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self._socket.close()
