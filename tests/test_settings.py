"""Settings: safe by default, one sentence for what is wrong, limits for each kind of database."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from dashboard import checks, database, datadir, environment
from tests.environment import clean

KEY = dict.fromkeys(checks.KEY, "x")
LOGIN = dict.fromkeys(checks.LOGIN, "x")


@pytest.mark.parametrize(
    ("values", "trouble"),
    [
        ({}, None),
        ({checks.ACCOUNT: "1", **KEY}, None),
        ({checks.ACCOUNT: "1", **LOGIN}, None),
        ({checks.ACCOUNT: "1", **KEY, **LOGIN}, None),
        ({checks.ACCOUNT: "1", **KEY, "LIVEPERSON_USERNAME": "x"}, None),
        ({checks.ACCOUNT: "1", **KEY, "LIVEPERSON_PASSWORD": "x"}, "LIVEPERSON_USERNAME is missing"),
        ({checks.ACCOUNT: "1"}, "set without credentials"),
        ({checks.ACCOUNT: "1", "LIVEPERSON_APP_KEY": "x"}, "_APP_SECRET, LIVEPERSON_ACCESS_TOKEN and "),
        ({checks.ACCOUNT: "1", **LOGIN, "LIVEPERSON_APP_KEY": "x"}, "half a set of credentials"),
        (LOGIN, "There is no LIVEPERSON_ACCOUNT_ID to go with LIVEPERSON_PASSWORD and LIVEPERSON_USERNAME"),
    ],
)
def test_names_what_is_missing_of_the_credentials(values: dict[str, str], trouble: str | None) -> None:
    said = checks.credential_trouble(values)
    assert (said is None) if trouble is None else trouble in str(said)


@pytest.mark.parametrize(
    ("read", "raw"),
    [
        (lambda: environment.number("READ", 1), "one"),
        (lambda: environment.number("READ", 1, least=5), "4"),
        (lambda: environment.number("READ", 1, most=65535), "65536"),
        (lambda: environment.switch("READ", False), "perhaps"),
        (lambda: environment.zone("READ", "UTC"), "Mars/Olympus"),
        (lambda: environment.zone("READ", "UTC"), "../etc"),
        (lambda: environment.level("READ", "INFO"), "loud"),
        (lambda: environment.site("READ", ""), "readback.example"),
        (lambda: environment.site("READ", ""), "https://readback.example/below"),
        (lambda: environment.site("READ", ""), "https://[half"),
    ],
)
def test_names_the_variable_that_is_wrong(monkeypatch: pytest.MonkeyPatch, read: Any, raw: str) -> None:
    monkeypatch.setenv("READ", raw)
    with pytest.raises(ImproperlyConfigured, match="^READ must be "):
        read()


@pytest.mark.parametrize(
    "url", ["nonsense", "mysql://a:secret@h/x", "postgresql://", "postgresql://a:secret@h:port/x", "sqlite://"]
)
def test_refuses_an_address_that_is_no_database_without_repeating_it(tmp_path: Path, url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="^DATABASE_URL is not the address of") as refusal:
        database.describe(url, tmp_path)
    assert "secret" not in str(refusal.value)


def test_gives_pages_less_time_than_commands(tmp_path: Path) -> None:
    url = "postgresql://a@h/x?options=-c%20search_path%3Dours"
    databases = {"default": database.describe(url, tmp_path)}
    database.limit_pages(databases)
    given = databases["default"]["OPTIONS"]["options"]
    assert f"statement_timeout={database.PAGE_LIMIT}" in given and "search_path=ours" in given


def test_gives_each_thread_of_a_web_process_less_memory_than_a_command(tmp_path: Path) -> None:
    databases = {"default": database.describe("", tmp_path / "own.sqlite3")}
    database.limit_pages(databases)
    given = databases["default"]["OPTIONS"]["init_command"]
    assert f"cache_size=-{database.PAGE_CACHE};" in given and f"cache_size=-{database.CACHE};" not in given
    assert f"cache_size=-{database.CACHE};" in database.SQLITE["init_command"]


def _log_left_by(init_command: str, path: Path) -> int:
    """Bytes of the log after six megabytes were written by small commits."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript(init_command)
        connection.execute("CREATE TABLE words (word BLOB)")
        for _ in range(60):
            connection.execute("INSERT INTO words VALUES (zeroblob(100000))")
        return path.with_name(f"{path.name}-wal").stat().st_size


def test_a_page_does_not_bring_to_its_end_what_an_importer_wrote(tmp_path: Path) -> None:
    databases = {"default": database.describe("", tmp_path / "own.sqlite3")}
    commands = databases["default"]["OPTIONS"]["init_command"]
    database.limit_pages(databases)
    pages = databases["default"]["OPTIONS"]["init_command"]
    assert _log_left_by(commands, tmp_path / "command.sqlite3") < 5_000_000
    assert _log_left_by(pages, tmp_path / "page.sqlite3") > 6_000_000


@pytest.mark.parametrize(
    ("given", "keys"),
    [
        ("", []),
        ("one, two three", ["one", "two", "three"]),
        ('["a,b c", "two"]', ["a,b c", "two"]),
        # What was a key before lists could be written stays one.
        ('["one', ['["one']),
        ("[1]", ["[1]"]),
        ('[""]', ['[""]']),
        ("4711", ["4711"]),
    ],
)
def test_reads_keys_that_hold_commas_and_blanks(monkeypatch: pytest.MonkeyPatch, given: str, keys: list[str]) -> None:
    monkeypatch.setenv("READ", given)
    assert environment.keys("READ") == keys


@pytest.mark.django_db
def test_connects_with_its_limits() -> None:
    asked = {"sqlite": ("PRAGMA journal_mode", "wal"), "postgresql": ("SHOW statement_timeout", "10min")}
    question, answer = asked[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(question)
        assert cursor.fetchone() == (answer,)


def test_keeps_one_secret_however_often_it_is_asked(tmp_path: Path) -> None:
    first = datadir.secret(tmp_path, "key")
    assert datadir.secret(tmp_path, "key") == first and len(first) > 50
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600


def test_reads_an_env_file_that_never_overrides(tmp_path: Path) -> None:
    (tmp_path / "env").write_text("PORT=8123\nHOST=127.0.0.2\n")
    told = clean(DATA_DIR=str(tmp_path), PORT="8001") | {"READBACK_ENV_FILE": str(tmp_path / "env")}
    code = "from dashboard import settings; print(settings.HOST, settings.PORT)"
    said = subprocess.run([sys.executable, "-c", code], env=told, capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["127.0.0.2", "8001"]


def test_makes_a_data_folder_private_that_was_there_before(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    (folder / "queue").mkdir(parents=True)
    folder.chmod(0o755)
    datadir.broker_folders(datadir.locate(str(folder)))
    inside = [folder, folder / "queue", *(folder / "queue").iterdir()]
    assert {path.stat().st_mode & 0o777 for path in inside} == {0o700}
