"""What every test may ask for."""

from collections.abc import Callable, Iterator

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client

from tests import factories, servers
from tests.environment import is_ci

ClientFor = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    """Nothing that one test let the process remember reaches the next."""
    cache.clear()
    yield


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


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Where nothing may be missing, a skipped test is a failed run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if is_ci() and exitstatus == 0 and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
