"""Answers of another kind than the account's."""

from __future__ import annotations

import gzip
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

import orjson

from interactions.sandbox.errors import Refusal

from .fault import Fault

if TYPE_CHECKING:
    from interactions.sandbox.calls import Call
    from interactions.sandbox.routes import Sandbox


@dataclass(kw_only=True)
class Status(Fault):
    """A status in place of the answer, with LivePerson's error body."""

    status: int = 503
    code: int = 8
    headers: dict[str, str] = field(default_factory=dict)
    replaces = True

    def instead(self, call: Call, sandbox: Sandbox) -> tuple[int, bytes, dict[str, str]] | None:
        return self.status, Refusal(self.status, "as the script says", self.code).body(), dict(self.headers)


@dataclass(kw_only=True)
class Outage(Status):
    """Everything answers 503 for a while: 20 minutes unless said otherwise."""

    ending: str = ""
    lasts: float | None = 20 * 60.0


@dataclass(kw_only=True)
class TooMany(Status):
    """429; `retry_after` is what the header says, a timedelta makes it the HTTP date so far from now.

    By the time of the server, which the Date header and signatures go by too, not by the account's own.
    """

    status: int = 429
    retry_after: str | timedelta | None = None

    def instead(self, call: Call, sandbox: Sandbox) -> tuple[int, bytes, dict[str, str]] | None:
        if isinstance(self.retry_after, timedelta):
            self.headers["Retry-After"] = format_datetime(datetime.now(UTC) + self.retry_after, usegmt=True)
        elif self.retry_after is not None:
            self.headers["Retry-After"] = self.retry_after
        return super().instead(call, sandbox)


@dataclass(kw_only=True)
class Html(Fault):
    """A page for people with status 200, as gateways give it."""

    replaces = True

    def instead(self, call: Call, sandbox: Sandbox) -> tuple[int, bytes, dict[str, str]] | None:
        body = b"<!DOCTYPE html><html><head><title>Maintenance</title></head><body>Back soon.</body></html>"
        return 200, body, {"Content-Type": "text/html"}


@dataclass(kw_only=True)
class Bomb(Fault):
    """A small answer that unpacks to `size` bytes of JSON."""

    size: int = 100 << 20
    replaces = True

    def instead(self, call: Call, sandbox: Sandbox) -> tuple[int, bytes, dict[str, str]] | None:
        body = b'{"_metadata":{"count":0},"padding":"' + b" " * self.size + b'"}'
        return 200, gzip.compress(body, 1), {"Content-Encoding": "gzip"}


@dataclass(kw_only=True)
class Nothing(Fault):
    """No conversation at all: an empty list with count 0, or 204 without a body."""

    status: int = 200
    replaces = True

    def instead(self, call: Call, sandbox: Sandbox) -> tuple[int, bytes, dict[str, str]] | None:
        head = {"count": 0, "shardsStatusResult": {"partialResult": False}}
        body = orjson.dumps({"_metadata": head, "conversationHistoryRecords": []})
        return self.status, b"" if self.status == 204 else body, {}


@dataclass(kw_only=True)
class ExpireBearers(Fault):
    """Every session ends just before the call comes in."""

    def before(self, sandbox: Sandbox) -> None:
        sandbox.access.expire_bearers()
