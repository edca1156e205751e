"""What every test may ask for."""

from collections.abc import Callable, Iterator

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client

from tests import factories

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
