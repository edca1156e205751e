"""docs/operations.md says what is so, and what it tells an operator to start starts and ends in good order."""

import json
import re
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis
import requests
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from dashboard.exposition import exposition
from interactions.models import SyncWindow
from interactions.sandbox import Account, RunningSandbox, serve
from interactions.sandbox.faults import Fault
from interactions.sandbox.routes import Sandbox
from tests import operations, servers, units
from tests.operations import ROOT
from tests.product import wait_for
from tests.test_docs import _in_table

CONVERSATIONS = 2500
NAMES = ("web", "worker", "beat")
KEY = ("app_key", "app_secret", "access_token", "access_token_secret")
TOKEN, PASSWORD = "of-the-shop", "of-the-cache"


@pytest.fixture
def samples(db: None) -> list[Any]:
    """All that /metrics can tell."""
    at = timezone.now()
    SyncWindow.objects.create(
        kind="refresh", state="complete", start_from=at - timedelta(days=1), start_to=at, planned_at=at
    )
    told = exposition(at).decode()
    return [sample for family in text_string_to_metric_families(told) for sample in family.samples]


def test_names_only_metrics_that_there_are(samples: list[Any]) -> None:
    known = {sample.name for sample in samples}
    assert operations.metrics(operations.ALARMS.read_text()) <= known
    assert operations.metrics(operations.page()) - {"readback_new"} <= known


def test_describes_every_metric(samples: list[Any]) -> None:
    assert {row[0].strip("`") for row in operations.rows("Metrics")} == {sample.name for sample in samples}


def test_alarms_ask_for_labels_that_there_are(samples: list[Any]) -> None:
    asked = 0
    for expression in operations.alarms().values():
        for name, chosen in re.findall(r"(readback_[a-z_]+)\{([^}]*)\}", expression):
            wanted = dict(re.findall(r'(\w+)="([^"]*)"', chosen))
            assert wanted.pop("job") == "readback"
            assert any(sample.name == name and wanted.items() <= sample.labels.items() for sample in samples), chosen
            asked += 1
    assert asked >= len(operations.alarms()) - 1


def test_describes_every_alarm_and_no_other() -> None:
    described = [row[0].strip("`") for row in operations.rows("Alarms")]
    assert len(described) > 10
    assert sorted(described) == sorted(operations.alarms())


def test_describes_every_log_event_with_its_level_and_fields_and_no_other() -> None:
    described = {
        (row[0].strip("`"), row[1], frozenset(re.findall(r"`(\w+)`", row[2]))) for row in operations.rows("Log events")
    }
    assert len(described) > 15
    assert described == operations.events()


def test_sets_only_settings_that_there_are() -> None:
    given = set(re.findall(r"^([A-Z][A-Z0-9_]+)=", operations.block("ini", "Settings"), flags=re.MULTILINE))
    assert len(given) > 8
    assert given <= _in_table()


@pytest.mark.parametrize("name", NAMES)
def test_units_belong_to_the_target(name: str) -> None:
    options = units.options(f"readback-{name}.service")
    assert options["PartOf"] == options["WantedBy"] == "readback.target"
    assert (options["User"], options["Restart"]) == ("readback", "always")


def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    for path in units.FOLDER.iterdir():
        # The programs of the fresh machine are not on this one; systemd wants to see them.
        text = path.read_text().replace("/opt/readback/.venv/bin/gunicorn", "/bin/true")
        (tmp_path / path.name).write_text(text.replace("/opt/readback/.venv/bin/celery", "/bin/true"))
    assert sorted(path.name for path in tmp_path.iterdir())[-1] == "readback.target"
    if program is None:  # it comes with systemd; a container has neither
        return
    command = [program, "verify", "--man=no", *map(str, sorted(tmp_path.iterdir()))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert [line for line in done.stderr.splitlines() if "readback" in line] == []


class Held(Fault):
    """Lists wait until the test lets go of them, each for less than a caller's patience."""

    def __init__(self, first: int) -> None:
        super().__init__(first=first)
        self.goes_on = threading.Event()

    def before(self, sandbox: Sandbox) -> None:
        self.goes_on.wait(5)


class Site:
    """A machine set up by the document: servers, .env, tables, and the units that run."""

    def __init__(self, folder: Path, parts: dict[str, str], account: RunningSandbox) -> None:
        self.folder, self.parts, self.port = folder, parts, servers.free_port()
        self.data = folder / "data"
        key = account.credentials
        given = {
            "DATA_DIR": str(self.data),
            "SITE_URL": "https://readback.example",
            "LIVEPERSON_API_URL": account.url,
            "LIVEPERSON_ACCOUNT_ID": account.account.id,
            "READBACK_SANDBOX": "0",
            "METRICS_TOKEN": TOKEN,
            "POLL_SECONDS": "5",
            "BACKFILL_DAYS": "21",
            "WORKERS": "2",
            "LOG_FORMAT": "json",
            **{f"LIVEPERSON_{part.upper()}": getattr(key, part) for part in KEY},
            **parts,
        }
        (folder / ".env").write_text("".join(f"{name}={value}\n" for name, value in given.items()))
        (folder / ".env").chmod(0o600)
        self.environment = {"READBACK_ENV_FILE": str(folder / ".env"), "HOME": str(folder)}
        self.started: list[units.Unit] = []

    def manage(self, *arguments: str, **variables: str) -> None:
        environment = units.BARE | self.environment | variables
        subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment, check=True, timeout=60)

    def start(self, name: str) -> units.Unit:
        programs = str(Path(sys.executable).parent)
        replaced = {"/opt/readback/.venv/bin": programs, "127.0.0.1:8000": f"127.0.0.1:{self.port}"}
        self.started.append(units.Unit(f"readback-{name}.service", self.folder, self.environment, replaced))
        return self.started[-1]

    def get(self, path: str, **headers: str) -> requests.Response:
        return requests.get(f"http://127.0.0.1:{self.port}{path}", headers=headers, timeout=30, allow_redirects=False)

    def told(self) -> dict[tuple[str, ...], float]:
        text = self.get("/metrics", Authorization=f"Bearer {TOKEN}").text
        families = text_string_to_metric_families(text)
        return {(s.name.removeprefix("readback_"), *s.labels.values()): s.value for f in families for s in f.samples}

    def count(self, table: str, condition: str) -> int:
        """Of rows in the database, asked for by hand."""
        url, sql = self.parts.get("DATABASE_URL"), f"SELECT count(*) FROM {table} WHERE {condition}"
        if url:
            with psycopg.connect(url) as connection:
                return int(connection.execute(sql).fetchone()[0])  # type: ignore[index]
        connection = sqlite3.connect(self.data / "readback.sqlite3")
        try:
            return int(connection.execute(sql).fetchone()[0])
        finally:
            connection.close()


@pytest.fixture
def account() -> Iterator[RunningSandbox]:
    anchor = datetime.now(UTC).replace(second=0, microsecond=0)
    with serve(Account(seed=1, conversations=CONVERSATIONS, days=20, anchor=anchor)) as served:
        yield served


@pytest.fixture
def parts(server_parts: dict[str, str]) -> Iterator[dict[str, str]]:
    """On PostgreSQL a role and a database made by the document's own lines, and a Redis with its settings."""
    if not server_parts:
        yield {}
        return
    mine = operations.block("sql", "PostgreSQL").replace("readback", "rb_operator")
    url = server_parts["DATABASE_URL"]
    with psycopg.connect(url, autocommit=True) as connection, servers.redis_server() as cache:
        for statement in mine.split(";"):
            if statement.strip():
                connection.execute(statement.encode())
        with redis.Redis.from_url(cache) as client:
            for name, value in _redis_lines():
                client.config_set(name, value)
        yield {
            "DATABASE_URL": url.replace("//readback@", "//rb_operator@").replace("/readback", "/rb_operator"),
            "CELERY_BROKER_URL": cache.replace("redis://", f"redis://:{PASSWORD}@"),
        }
        connection.execute("DROP DATABASE rb_operator WITH (FORCE)")
        connection.execute("DROP ROLE rb_operator")


def _redis_lines() -> list[tuple[str, str]]:
    """The document's lines for redis.conf; the password last, which shuts the door."""
    lines = [line.split(maxsplit=1) for line in operations.block("conf", "Redis").splitlines() if line[:1].isalpha()]
    given = {name: value.strip('"') for name, value in lines} | {"requirepass": PASSWORD}
    assert given["maxmemory-policy"] == "noeviction"
    return sorted(given.items(), key=lambda item: item[0] == "requirepass")


@pytest.fixture
def site(tmp_path: Path, parts: dict[str, str], account: RunningSandbox) -> Iterator[Site]:
    made = Site(tmp_path, parts, account)
    made.manage("migrate", "--verbosity", "0")
    made.manage("collectstatic", "--no-input", "--verbosity", "0")
    person = {"USERNAME": "admin", "EMAIL": "admin@readback.example", "PASSWORD": "not-for-long-7"}
    variables = {f"DJANGO_SUPERUSER_{name}": value for name, value in person.items()}
    made.manage("createsuperuser", "--no-input", **variables)
    yield made
    for unit in made.started:
        unit.end()


@pytest.mark.slow
def test_the_units_read_an_account_and_end_in_good_order(site: Site, account: RunningSandbox) -> None:
    held = Held(first=8)  # history would be over before a busy machine has looked at the pages
    account.faults.script(held)
    started = [site.start(name).until_started() for name in NAMES]
    wait_for(lambda: ("data_age_seconds",) in site.told())
    assert site.get("/healthz").status_code == 200
    assert wait_for(lambda: site.count("interactions_conversation", "true") > 200)
    behind_proxy = {"Host": "readback.example", "X-Forwarded-Proto": "https"}
    assert site.get("/", **behind_proxy).headers["Location"].startswith("/login/")
    assert site.get("/", Host="readback.example").headers["Location"] == "https://readback.example/"
    sheet = re.search(r'href="(/static/[^"]+\.css)"', site.get("/login/", **behind_proxy).text)
    assert sheet and site.get(sheet[1], **behind_proxy).status_code == 200
    # In the middle of history: what is in hand is finished, and nothing is left for a lease to end.
    wait_for(lambda: site.count("interactions_syncwindow", "state = 'running' AND kind = 'backfill'"))
    for unit in started:
        unit.ask_to_stop()
    held.goes_on.set()
    seconds = [unit.until_stopped() for unit in started]
    assert sum(seconds) < 15, seconds
    assert [unit.process.returncode for unit in started] == [0, 0, 0], [unit.said for unit in started]
    assert site.count("interactions_conversation", "true") < CONVERSATIONS
    assert site.count("interactions_syncwindow", "state = 'running'") == 0
    assert site.count("interactions_callslot", "holder <> ''") == 0
    # Besides, Celery says good-bye, and to root that it should not be root.
    lines = [json.loads(line) for line in started[1].said.splitlines() if line.startswith("{")]
    assert any(line["event"] == "run ended" and line["state"] == "complete" for line in lines)
    assert {line["level"] for line in lines} <= {"info", "warning"}
