"""What every test may ask for."""

import importlib
import io
import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import connection
from django.test import Client

from dashboard import logs
from interactions.search import covering, having, manymarks, matched, paging
from interactions.search.columnar import asking, copy
from tests import columns, factories, servers
from tests.environment import is_ci
from tests.product import Product

ClientFor = Callable[[User], Client]
Logged = Callable[[], list[dict[str, Any]]]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests of what one database alone has are no tests on the other."""
    elsewhere = [item for item in items for mark in item.iter_markers("only_on") if mark.args[0] != connection.vendor]
    if elsewhere:
        config.hook.pytest_deselected(items=elsewhere)
        items[:] = [item for item in items if item not in elsewhere]


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    """Nothing that one test let the process remember reaches the next."""
    cache.clear()
    having.forget()
    yield


@pytest.fixture
def logged() -> Iterator[Logged]:
    """What was logged since, at every level, as an operator's collector reads it: one JSON object a line."""
    written, root = io.StringIO(), logging.getLogger()
    handler, level = logging.StreamHandler(written), root.level
    given = logs.configuration("json", "DEBUG")["formatters"]["event"]
    handler.setFormatter(given.pop("()")(**given))
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Tests that commit are tidied up after by removing every row, which the seals of the audit refuse."""
    with django_db_blocker.unblock(), connection.schema_editor() as editor:
        sealing().unseal(apps, editor)


def sealing() -> Any:
    return importlib.import_module("interactions.migrations.0011_marks")


@pytest.fixture(params=["unhurried", "long looks", "hurried", "in columns"])
def pace(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A small table answers whatever has a limit of time within it; hurried, nothing does, as of a million.

    "Long looks" are all that a million answers in time. Then marks are many, as they are counted all at once, and no
    index leads to very few rows. "In columns" everything is answered by a columnar copy.
    """
    if request.param == "in columns":
        monkeypatch.setattr(settings, "DATA_DIR", tmp_path)
        monkeypatch.setattr(copy, "current", columns.half_changed)
        # Each time a new copy, which remembers nothing.
        monkeypatch.setattr(asking.Asked, "is_soon", lambda *_: True)
        return
    longest = {"unhurried": 0.0, "long looks": matched.LONG_LOOK, "hurried": 9.0}[request.param]
    monkeypatch.setattr(matched, "within", lambda seconds, ask: ask() if seconds >= longest else None)
    if request.param == "hurried":
        monkeypatch.setattr(manymarks, "MANY", -1)
        monkeypatch.setattr(covering, "FEWEST", -1)
        monkeypatch.setattr(paging, "AHEAD", 7)


@pytest.fixture
def analyst(db: None) -> User:
    return factories.user("analyst")


@pytest.fixture
def supervisor(db: None) -> User:
    """Sees the one group named Delivery team; `supervisor.scope.groups.get()` gives it."""
    return factories.user("supervisor", groups=[factories.group("Delivery team")])


@pytest.fixture
def administrator(db: None) -> User:
    return factories.user("admin")


@pytest.fixture
def client_for(db: None) -> ClientFor:
    """A browser already signed in as the given person."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A PostgreSQL of one's own, for tests that start whole programs."""
    try:
        servers.postgresql_home()
    except servers.Missing as missing:
        pytest.skip(f"{missing} is not here")
    with servers.postgresql() as url:
        yield url


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    try:
        servers.redis_program()
    except servers.Missing as missing:
        pytest.skip(f"{missing} is not here")
    with servers.redis_server() as url:
        yield url


@pytest.fixture(scope="session")
def server_parts(request: pytest.FixtureRequest) -> dict[str, str]:
    """Embedded parts in the suite on SQLite; PostgreSQL and Redis in the other."""
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        return {}
    servers = {"DATABASE_URL": "postgresql_url", "CELERY_BROKER_URL": "redis_url"}
    return {name: request.getfixturevalue(fixture) for name, fixture in servers.items()}


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory, server_parts: dict[str, str]) -> Iterator[Product]:
    """Everything that `make run` starts, shared by the tests that look at it from outside."""
    started = Product(tmp_path_factory.mktemp("run") / "data", **server_parts)
    try:
        yield started.until_ready()
    finally:
        started.end()
        assert started.processes() == []


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Where nothing may be missing, a skipped test is a failed run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if is_ci() and exitstatus == 0 and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
