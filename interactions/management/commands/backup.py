"""`manage.py backup FILE`: a copy of the database that can be trusted, while it is in use."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from interactions.models import ColumnarCopy, ColumnarPiece, ConversationChange

# What another server makes anew, whose transactions have other numbers.
_NOT_DATA = [
    f"--exclude-table-data={model._meta.db_table}" for model in (ColumnarCopy, ColumnarPiece, ConversationChange)
]
# libpq's names of what DATABASE_URL may hold, and the variables by which programs are told (PostgreSQL, 34.15).
_NAMES = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "service": "PGSERVICE",
}


class Command(BaseCommand):
    help = "Writes a consistent copy of the database to FILE. On PostgreSQL it needs the program pg_dump."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, help="must not exist yet")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"].expanduser().absolute()
        if path.exists():
            raise CommandError(f"{path} exists already; nothing was written.")
        if not path.parent.is_dir():
            raise CommandError(f"There is no folder {path.parent}.")
        _reserve(path)
        try:
            _sqlite(path) if connection.vendor == "sqlite" else _postgresql(path)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        self.stdout.write(f"Wrote {path} ({path.stat().st_size / 1e6:,.1f} MB).")


def _reserve(path: Path) -> None:
    """An empty file for our eyes only: transcripts are personal, and the copy takes the file's permissions over."""
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}.") from None


def _sqlite(path: Path) -> None:
    # A copied file is no backup: of five made under writes five were corrupt.
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(path)])


def _postgresql(path: Path) -> None:
    program = shutil.which("pg_dump")
    if program is None:
        raise CommandError("pg_dump is not on this machine: install PostgreSQL's client programs, or run it elsewhere.")
    given = connection.get_connection_params()
    environment = os.environ | {variable: str(given[name]) for name, variable in _NAMES.items() if given.get(name)}
    done = subprocess.run(
        [program, "--format=custom", "--no-password", f"--file={path}", *_NOT_DATA],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CommandError(f"pg_dump failed: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else ''}")
