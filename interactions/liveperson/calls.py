"""Sending one call: outbound rule, signing, transport, retry, and JSON out of the answer."""

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import requests
from requests.auth import AuthBase

from interactions.liveperson.codec import decode
from interactions.liveperson.errors import UnexpectedResponse
from interactions.liveperson.faults import fault
from interactions.liveperson.outbound import Outbound
from interactions.liveperson.retry import Retry, repeat
from interactions.liveperson.servertime import ServerTime
from interactions.liveperson.transport import Answer, Transport


@dataclass(frozen=True, slots=True, repr=False)
class Call:
    """One call to make. `json` None sends no body; headers of None values are left out."""

    method: str
    url: str
    params: Mapping[str, str] = field(default_factory=dict)
    json: Mapping[str, object] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    auth: AuthBase | None = None

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    def prepared(self) -> requests.PreparedRequest:
        """The request, signed afresh: a nonce is good for one try."""
        headers = {"Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": "Readback", **self.headers}
        return requests.Request(
            self.method, self.url, params=dict(self.params), json=self.json, headers=headers, auth=_Given(self.auth)
        ).prepare()


class _Given(AuthBase):
    """Exactly the authorisation given, also when that is none: requests would look into the URL."""

    def __init__(self, auth: AuthBase | None) -> None:
        self._auth = auth

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request if self._auth is None else self._auth(request)


@dataclass(frozen=True, slots=True)
class Caller:
    """What every call needs, with clock, sleep and chance given from outside."""

    transport: Transport
    outbound: Outbound
    retry: Retry = field(default_factory=Retry)
    clock: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    random: Callable[[], float] = random.random
    server_time: ServerTime = field(default_factory=ServerTime)

    def send(self, call: Call, retry: Retry | None = None) -> Answer:
        """The successful answer (2xx or 304) to a call, after as many tries as the policy has."""
        policy = self.retry if retry is None else retry
        return repeat(lambda: self._send_once(call), policy, sleep=self.sleep, random=self.random)

    def _send_once(self, call: Call) -> Answer:
        self.outbound.check(call.url)
        answer = self.transport(call.prepared())
        self.server_time.note(answer.headers.get("Date"), self.clock())
        error = fault(answer, call.path, self.clock)
        if error is not None:
            raise error
        return answer


def json_of(answer: Answer, path: str) -> object:
    """The JSON of an answer, None when it is empty; UnexpectedResponse when it is something else."""
    if answer.status == 204 or not answer.body.strip():
        return None
    try:
        return decode(answer.body)
    except ValueError:
        pass
    raise UnexpectedResponse("an answer that is not JSON", path=path, status=answer.status)
