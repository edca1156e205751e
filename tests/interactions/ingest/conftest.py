"""A sandbox account over HTTP, a clock that only moves when told, and the importer between them."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from interactions.ingest import account, connection, sync
from interactions.ingest.reading import Tools
from interactions.liveperson import Client, Retry
from interactions.sandbox import Account, RunningSandbox, serve
from tests.interactions.ingest.copies import Copies


class Clock:
    """Starts at the real time, so that nothing depends on a date, and goes on by `sleep` alone."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC).replace(second=0, microsecond=0)

    def __call__(self) -> datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def epoch(self) -> float:
        return self.now.timestamp()


@dataclass
class Importer:
    """The importer at work on one served account."""

    served: RunningSandbox
    client: Client
    clock: Clock

    @property
    def tools(self) -> Tools:
        return Tools(clock=self.clock, sleep=lambda seconds: None)

    def run(self, **tools: Any) -> bool:
        given = self.tools
        for name, value in tools.items():
            setattr(given, name, value)
        return sync.run_due(self.client, given)

    def later(self, **span: float) -> "Importer":
        self.clock.now += timedelta(**span)
        return self

    @property
    def account(self) -> Account:
        return self.served.account


def client_of(served: RunningSandbox, **options: Any) -> Client:
    key = served.credentials
    values = {
        "LIVEPERSON_API_URL": served.url,
        "LIVEPERSON_ACCOUNT_ID": served.account.id,
        "LIVEPERSON_APP_KEY": key.app_key,
        "LIVEPERSON_APP_SECRET": key.app_secret,
        "LIVEPERSON_ACCESS_TOKEN": key.access_token,
        "LIVEPERSON_ACCESS_TOKEN_SECRET": key.access_token_secret,
    }
    quick = {"sleep": lambda seconds: None, "retry": Retry(pauses=(0,), rate_limits=1), **options}
    return connection.build_client(values, **quick)[1]


@pytest.fixture
def clock() -> Clock:
    return Clock()


Serve = Callable[..., Importer]


@pytest.fixture
def importer_of(clock: Clock, settings: Any) -> Iterator[Serve]:
    """Serves an account of so many conversations and gives the importer for it; BACKFILL_DAYS reaches behind them."""
    settings.BACKFILL_DAYS = 21
    running: list[RunningSandbox] = []

    def start(conversations: int = 60, *, days: int = 20, live: bool = False, seed: int = 1) -> Importer:
        made = Account(
            seed=seed, conversations=conversations, days=days, anchor=clock.now, live=live, clock=clock.epoch
        )
        served = serve(made)
        running.append(served)
        account.pin(served.account.id)
        return Importer(served, client_of(served), clock)

    yield start
    for served in running:
        served.stop()


@pytest.fixture
def importer(db: None, importer_of: Serve) -> Importer:
    return importer_of()


@pytest.fixture
def set_machine(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Sets this machine's own clock wrong by some hours, for whoever builds a client from then on."""

    def wrong_by(hours: float) -> None:
        class Wrong(datetime):
            @classmethod
            def now(cls, tz: Any = None) -> datetime:
                return datetime.now(tz) + timedelta(hours=hours)

        built = connection.build_client

        def build(*args: Any, **options: Any) -> tuple[str, Client]:
            return built(*args, **{"clock": lambda: time.time() + hours * 3600, **options})

        monkeypatch.setattr("django.utils.timezone.datetime", Wrong)
        monkeypatch.setattr(connection, "build_client", build)

    return wrong_by


@pytest.fixture
def copies(tmp_path: Path) -> Iterator[Copies]:
    """Other databases, gone with the test."""
    made = Copies(tmp_path)
    yield made
    made.drop()
