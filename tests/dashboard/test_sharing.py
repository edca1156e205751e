"""A connection goes to the process that has no page in hand, on gunicorn itself."""

import http.client
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.environment import clean
from tests.product import ROOT
from tests.servers import free_port

# A page and a file that take two seconds, and a page that takes no time; all say which process answers.
_PAGES = """
import os, time
from dashboard.courtesy import counted_pages, sending

@counted_pages
def answered(path):
    time.sleep(2 if path == "/slow" else 0)
    return str(os.getpid()).encode()

def lines(said):
    with sending():
        time.sleep(2)
        yield said

def application(environ, start_response):
    said = answered(environ["PATH_INFO"])
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(said)))])
    return lines(said) if environ["PATH_INFO"] == "/file" else [said]
"""


def _asked(port: int, path: str) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers={"Connection": "close"})
    try:
        return connection.getresponse().read().decode()
    finally:
        connection.close()


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    (tmp_path / "pages.py").write_text(_PAGES)
    port = free_port()
    options = ["--worker-class", "dashboard.sharing.Worker", "--workers", "2", "--threads", "4", "--no-control-socket"]
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "pages", *options, "--bind", f"127.0.0.1:{port}", "--log-level", "warning"],
        cwd=ROOT,
        env=clean(PYTHONPATH=f"{tmp_path}:{ROOT}", DJANGO_SETTINGS_MODULE="tests.settings"),
    )
    try:
        until = time.monotonic() + 60
        found = set[str]()
        while len(found) < 2 and time.monotonic() < until:
            try:
                found.add(_asked(port, "/"))
            except OSError:
                time.sleep(0.1)
        assert len(found) == 2
        yield port
    finally:
        server.terminate()
        server.wait(30)


@pytest.mark.parametrize("path", ["/slow", "/file"])
def test_leaves_connections_to_a_process_that_has_nothing_in_hand(port: int, path: str) -> None:
    busy: list[str] = []
    slow = threading.Thread(target=lambda: busy.append(_asked(port, path)))
    slow.start()
    time.sleep(0.3)
    answered = [_asked(port, "/") for _ in range(40)]
    assert slow.is_alive()
    slow.join()
    # On a machine that is short of time the other may come too late.
    assert answered.count(busy[0]) < 8


def test_a_busy_process_takes_what_nobody_else_takes(port: int) -> None:
    slow = [threading.Thread(target=_asked, args=(port, "/slow")) for _ in range(2)]
    for one in slow:
        one.start()
        time.sleep(0.2)
    answered = [_asked(port, "/") for _ in range(10)]
    assert all(one.is_alive() for one in slow) and len(answered) == 10
    for one in slow:
        one.join()
