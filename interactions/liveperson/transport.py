"""One request out, one answer in, over requests: bounded in time and size, never redirected."""

import logging
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import DecodeError, HTTPError, ReadTimeoutError

from interactions.liveperson.deadline import POOLS, Watch
from interactions.liveperson.errors import LivePersonError, TooLarge, Unavailable, UnexpectedResponse

# Its debug lines hold query strings.
logging.getLogger("urllib3").setLevel(logging.INFO)

LARGEST_ANSWER = 64 * 1024 * 1024
_CHUNK = 64 * 1024
_LOOPBACK = ("127.", "localhost", "[::1]")


@dataclass(frozen=True, slots=True)
class Timeout:
    """Seconds to connect, between two bytes, and for the whole exchange."""

    connect: float = 5.0
    read: float = 30.0
    total: float = 120.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status, headers (any case), decompressed body, cookies."""

    status: int
    headers: Mapping[str, str] = field(default_factory=CaseInsensitiveDict)
    body: bytes = b""
    cookies: Mapping[str, str] = field(default_factory=dict)


Transport = Callable[[requests.PreparedRequest], Answer]


class HttpTransport:
    """The transport over real sockets. Its errors are ours: nothing of requests leaks, nor what it carries."""

    def __init__(self, timeout: Timeout | None = None, *, largest_answer: int = LARGEST_ANSWER) -> None:
        self._timeout = timeout or Timeout()
        self._largest = largest_answer
        self._session = requests.Session()
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, _Adapter())

    def __call__(self, request: requests.PreparedRequest) -> Answer:
        """Send a prepared request; Unavailable, TooLarge or UnexpectedResponse when no answer can be had."""
        path = urlsplit(request.url or "").path
        # The error is raised outside the handler, lest its context carries the request with its secrets.
        outcome = self._exchange(request, path)
        if isinstance(outcome, LivePersonError):
            raise outcome
        return outcome

    def _exchange(self, request: requests.PreparedRequest, path: str) -> Answer | LivePersonError:
        with Watch(self._timeout.total) as watch:
            try:
                with self._session.send(request, **self._options(request)) as response:
                    answer = self._read(response, path)
            except LivePersonError as error:
                return error
            except (requests.RequestException, HTTPError, OSError, ValueError) as error:
                return _time_is_up(path) if watch.has_expired else _failure(error, path)
            # Cut off within its headers, an answer looks complete.
            return _time_is_up(path) if watch.has_expired else answer

    def _options(self, request: requests.PreparedRequest) -> dict[str, Any]:
        limits = (self._timeout.connect, self._timeout.read)
        options: dict[str, Any] = {"stream": True, "allow_redirects": False, "timeout": limits}
        url = request.url or ""
        if urlsplit(url).netloc.startswith(_LOOPBACK):
            return {**options, "proxies": {}}  # a proxy of the environment would look at its own loopback
        return options | dict(self._session.merge_environment_settings(url, {}, True, None, None))

    def _read(self, response: requests.Response, path: str) -> Answer:
        # Only one layer of gzip was asked for; several could unfold into anything.
        if response.headers.get("Content-Encoding", "identity").lower() not in ("gzip", "identity", ""):
            raise UnexpectedResponse("an encoding that was not asked for", path=path)
        body = bytearray()
        for chunk in response.raw.stream(_CHUNK, decode_content=True):
            body += chunk
            if len(body) > self._largest:
                raise TooLarge(f"an answer of more than {self._largest} bytes", path=path)
        cookies = {cookie.name: cookie.value or "" for cookie in response.cookies}
        return Answer(response.status_code, response.headers, bytes(body), cookies)

    def close(self) -> None:
        """Close the connections that are kept open."""
        self._session.close()


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        kwargs["ssl_minimum_version"] = ssl.TLSVersion.TLSv1_2
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = POOLS

    def proxy_manager_for(self, proxy: str, **proxy_kwargs: Any) -> Any:
        proxy_kwargs["ssl_minimum_version"] = ssl.TLSVersion.TLSv1_2
        manager = super().proxy_manager_for(proxy, **proxy_kwargs)
        manager.pool_classes_by_scheme = POOLS
        return manager


def _time_is_up(path: str) -> LivePersonError:
    return Unavailable("no complete answer within the time limit", path=path)


def _failure(error: Exception, path: str) -> LivePersonError:
    if isinstance(error, (requests.Timeout, ReadTimeoutError)):
        return _time_is_up(path)
    if isinstance(error, requests.exceptions.SSLError):
        return Unavailable("no trusted TLS connection", path=path, is_passing=False)
    if isinstance(error, DecodeError):
        return UnexpectedResponse("an answer that cannot be decompressed", path=path)
    return Unavailable("the connection failed", path=path)
