"""The whole product as people start it: `manage.py run` in a folder of its own, on free ports."""

import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import requests

from tests import servers
from tests.environment import clean

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 180.0
LAST_WORDS = "Ctrl-C stops it."


def wait_for(what: Callable[[], Any]) -> Any:
    """The first true answer; the patience is for a busy machine and is never reached otherwise."""
    until = time.monotonic() + PATIENCE
    while not (answer := what()):
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.2)
    return answer


class Product:
    def __init__(self, folder: Path, *, conversations: int = 200, **settings: str) -> None:
        self.folder = folder
        self.port = servers.free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._log = folder.with_name(f"{folder.name}.log")
        own = {"DATA_DIR": str(folder), "PORT": str(self.port), "POLL_SECONDS": "5", **settings}
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "run", "--conversations", str(conversations)],
                cwd=ROOT,
                env=clean(**own),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    @property
    def said(self) -> str:
        return self._log.read_text()

    def until_ready(self) -> "Product":
        wait_for(lambda: LAST_WORDS in self.said or self.process.poll() is not None)
        assert self.process.poll() is None, self.said
        return self

    def until_ended(self) -> int:
        return self.process.wait(PATIENCE)

    def password(self, username: str) -> str:
        found = re.search(rf"{username} +/ (\S+)", self.said)
        assert found, self.said
        return found[1]

    def processes(self) -> list[psutil.Process]:
        """Whatever still lives of it, also what lost its parent: known by its data folder."""
        return [process for process in psutil.process_iter() if self._is_mine(process)]

    def _is_mine(self, process: psutil.Process) -> bool:
        try:
            is_alive = process.status() != psutil.STATUS_ZOMBIE
            return is_alive and process.environ().get("DATA_DIR") == str(self.folder)
        except psutil.Error:
            return False

    def find(self, word: str) -> psutil.Process | None:
        """The oldest process whose command holds `word`."""
        found = [process for process in self.processes() if word in _command(process)]
        return min(found, key=lambda process: process.pid, default=None)

    def end(self, number: int = signal.SIGTERM) -> None:
        if self.process.poll() is None:
            self.process.send_signal(number)
            try:
                self.until_ended()
            finally:
                self.process.kill()

    def sign_in(self, username: str) -> requests.Session:
        session = requests.Session()
        session.get(f"{self.url}/login/").raise_for_status()
        answer = session.post(
            f"{self.url}/login/",
            data={
                "username": username,
                "password": self.password(username),
                "csrfmiddlewaretoken": session.cookies["csrftoken"],
            },
            headers={"Origin": self.url},
            allow_redirects=False,
        )
        assert answer.status_code == 302, answer.status_code
        return session

    def conversation_count(self, session: requests.Session) -> int:
        answer = session.get(f"{self.url}/conversations.csv")
        answer.raise_for_status()
        return answer.text.count("\r\n") - 1


def _command(process: psutil.Process) -> list[str]:
    """What it was started as; nothing when it has ended meanwhile."""
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def refusal(folder: Path, **settings: str) -> tuple[int, str]:
    """Exit code and words of a start that should be refused."""
    done = subprocess.run(
        [sys.executable, "manage.py", "run"],
        cwd=ROOT,
        env=clean(**{"DATA_DIR": str(folder), "PORT": str(servers.free_port()), **settings}),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    return done.returncode, (done.stdout + done.stderr).strip()
