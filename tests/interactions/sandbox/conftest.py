"""A small served account and plain HTTP callers; nothing of our own client."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import requests
from requests_oauthlib import OAuth1

from interactions.sandbox import Account, Credentials, RunningSandbox, serve

ANCHOR = datetime(2026, 6, 3, 14, 20, tzinfo=UTC)
ANCHOR_MS = int(ANCHOR.timestamp() * 1000)
DAY = 86_400_000


def signature(key: Credentials, **options: Any) -> OAuth1:
    return OAuth1(key.app_key, key.app_secret, key.access_token, key.access_token_secret, **options)


class Caller:
    """Signs and sends."""

    def __init__(self, sandbox: RunningSandbox) -> None:
        self.sandbox = sandbox
        self.base = f"{sandbox.url}/messaging_history/api/account/{sandbox.account.id}/conversations"
        self.config = f"{sandbox.url}/api/account/{sandbox.account.id}/configuration"
        self.session = requests.Session()
        self.session.auth = signature(sandbox.credentials)

    def post(self, ending: str, body: Any, **params: Any) -> requests.Response:
        params = {"source": "ReadbackTests", "v": 2} | params
        return self.session.post(f"{self.base}/{ending}", params=params, json=body, timeout=20)

    def search(self, body: dict[str, Any] | None = None, **params: Any) -> requests.Response:
        start = {"from": ANCHOR_MS - 90 * DAY, "to": ANCHOR_MS}
        return self.post("search", {"start": start} | (body or {}), **params)

    def get(self, ending: str, headers: dict[str, str] | None = None, **params: Any) -> requests.Response:
        return self.session.get(f"{self.config}/{ending}", params=params, headers=headers, timeout=20)

    def all(self, body: dict[str, Any] | None = None, **params: Any) -> list[dict[str, Any]]:
        records: list[dict[str, Any]] = []
        while True:
            page = self.search(body, limit=100, offset=len(records), **params).json()
            records += page["conversationHistoryRecords"]
            if "next" not in page["_metadata"]:
                return records


@pytest.fixture(scope="session")
def sandbox() -> Iterator[RunningSandbox]:
    """Read by many tests, changed by none."""
    with serve(Account(seed=1, conversations=400, anchor=ANCHOR)) as running:
        yield running


@pytest.fixture(scope="session")
def caller(sandbox: RunningSandbox) -> Caller:
    return Caller(sandbox)


@pytest.fixture(scope="session")
def truth(sandbox: RunningSandbox) -> list[dict[str, Any]]:
    return list(sandbox.account.truth())


@pytest.fixture
def fresh() -> Iterator[RunningSandbox]:
    """One's own small account, to change at will."""
    with serve(Account(seed=5, conversations=20, anchor=ANCHOR)) as running:
        yield running
