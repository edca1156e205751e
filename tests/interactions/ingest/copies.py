"""Databases beside that of a test: backed up and restored as docs/operations.md says, and looked at."""

import os
import shlex
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.db import connection, connections
from django.db.utils import ConnectionDoesNotExist

from tests import operations, servers
from tests.database import database_url
from tests.interactions.ingest.worker import ROOT, environment

ALIAS = "restored"


class Copies:
    """Other databases beside the one of the test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made: list[str] = []

    def _path(self) -> str:
        home = servers.postgresql_home() / "bin" if connection.vendor == "postgresql" else None
        return f"{home}:{os.environ['PATH']}" if home else os.environ["PATH"]

    def take(self, importer: Any) -> Path:
        """`manage.py backup FILE` as an operator types it."""
        path = self.folder / f"readback-{len(list(self.folder.iterdir()))}.backup"
        command = [sys.executable, "manage.py", "backup", str(path)]
        done = subprocess.run(
            command, cwd=ROOT, env=environment(importer, PATH=self._path()), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return path

    def restore(self, path: Path) -> str:
        """The DATABASE_URL of a new database made of it, as the document says."""
        name = f"restored_{len(self.made)}"
        if connection.vendor == "sqlite":
            place = self.folder / name / "readback.sqlite3"
            place.parent.mkdir(mode=0o700)
            shutil.copy(path, place)
            self.made.append(name)
            return f"sqlite:///{place}"
        given = connection.settings_dict
        for line in operations.block("sh", "Restore on PostgreSQL").splitlines():
            if not line.startswith("sudo -u postgres "):
                continue
            words = shlex.split(line.removeprefix("sudo -u postgres "))
            words = [{"readback_new": name, "FILE": str(path), "readback": given["USER"]}.get(w, w) for w in words]
            server = {"PGHOST": str(given["HOST"]), "PGPORT": str(given["PORT"] or 5432), "PGUSER": given["USER"]}
            subprocess.run(words, env={**os.environ, **server, "PATH": self._path()}, check=True)
        self.made.append(name)
        return database_url().rpartition("/")[0] + f"/{name}"

    def empty(self, importer: Any) -> str:
        """The DATABASE_URL of a new one with empty tables; PostgreSQL only."""
        name = f"empty_{len(self.made)}"
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name}")
        self.made.append(name)
        url = database_url().rpartition("/")[0] + f"/{name}"
        command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(command, cwd=ROOT, env=environment(importer, DATABASE_URL=url), check=True)
        return url

    def drop(self) -> None:
        with suppress(ConnectionDoesNotExist):
            connections[ALIAS].close()
            del connections[ALIAS]
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                for name in self.made:
                    cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def look_into(url: str) -> str:
    """The alias by which this process sees another database of the same kind."""
    place = unquote(urlsplit(url).path.lstrip("/"))
    name = url.removeprefix("sqlite:///") if connection.vendor == "sqlite" else place
    # Beside the settings, as Django lets a test use only what these name or what is made by hand.
    connections[ALIAS] = type(connections["default"])({**connection.settings_dict, "NAME": name}, ALIAS)
    return ALIAS


def by_itself(importer: Any, url: str) -> subprocess.CompletedProcess[str]:
    """What is wrong with a database, in the words of restored.py."""
    command = [sys.executable, "-m", "tests.interactions.ingest.restored"]
    given = environment(importer, DATABASE_URL=url)
    return subprocess.run(command, cwd=ROOT, env=given, capture_output=True, text=True, check=False)
