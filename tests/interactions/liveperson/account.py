"""A LivePerson account in memory: answers by path, remembers what was asked, and a clock that only sleep moves."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

from interactions.liveperson import Answer, Client, OAuth1Key

ACCOUNT = "71830264"
KEY = OAuth1Key("app-key-1", "app-secret-2", "token-3", "token-secret-4")
HOST = "va-x.all.liveperson.net"
PAYLOADS = Path(__file__).parents[2] / "payloads" / "liveperson"

Reply = Answer | Exception | Callable[["Asked"], Answer]


@dataclass(frozen=True)
class Asked:
    """One request as the server saw it."""

    method: str
    url: str
    headers: dict[str, str]
    json: Any

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    @property
    def query(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(urlsplit(self.url).query).items()}


@dataclass
class FakeAccount:
    """A transport: replies queued for a part of the path are given in turn, the last one for ever."""

    replies: dict[str, list[Reply]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)
    now: float = 1_715_700_000.0

    def on(self, part: str, *replies: Reply) -> "FakeAccount":
        self.replies[part] = list(replies)
        return self

    def to(self, part: str) -> list[Asked]:
        return [asked for asked in self.asked if part in asked.path]

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def client(self, **options: Any) -> Client:
        given = {"credentials": KEY, "transport": self, "clock": lambda: self.now, "sleep": self.sleep}
        return Client(ACCOUNT, **{**given, "chance": lambda: 0.5, **options})

    def __call__(self, request: requests.PreparedRequest) -> Answer:
        body = json.loads(request.body) if request.body else None
        headers = {name: _text(value) for name, value in request.headers.items()}
        asked = Asked(request.method or "", request.url or "", headers, body)
        self.asked.append(asked)
        for part, replies in self.replies.items():
            if part in asked.path:
                reply = replies.pop(0) if len(replies) > 1 else replies[0]
                return _given(reply, asked)
        return directory(asked)


def _given(reply: Reply, asked: Asked) -> Answer:
    if isinstance(reply, Exception):
        raise reply
    return reply if isinstance(reply, Answer) else reply(asked)


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


def directory(asked: Asked) -> Answer:
    assert asked.path.endswith("/baseURI.json"), f"nothing answers {asked.path}"
    service = asked.path.split("/")[-2]
    return ok({"service": service, "account": ACCOUNT, "baseURI": HOST})


def ok(value: object, **headers: str) -> Answer:
    return Answer(200, headers, json.dumps(value).encode())


def refusal(status: int, value: object = None, **headers: str) -> Answer:
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Answer(status, named, b"" if value is None else json.dumps(value).encode())


def payload(name: str) -> Any:
    return json.loads((PAYLOADS / name).read_text())


def envelope(records: list[Any], count: int | None = None, **extra: Any) -> dict[str, Any]:
    metadata = {"count": len(records) if count is None else count, **extra}
    return {"_metadata": metadata, "conversationHistoryRecords": records}


def conversation(ident: str, **info: Any) -> dict[str, Any]:
    return {"info": {"conversationId": ident, **info}}
