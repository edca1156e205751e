"""Who may call: OAuth1 keys with real signatures, bearers of the Login Service, csrf and cookie."""

from __future__ import annotations

import hmac
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from oauthlib.oauth1 import RequestValidator, ResourceEndpoint

from .cast import digest
from .errors import Refusal

SKEW = 300  # seconds a timestamp may be off
TTL = 8 * 3600.0


@dataclass(frozen=True)
class Credentials:
    """The account's key and its sign-in. All invented."""

    app_key: str
    app_secret: str
    access_token: str
    access_token_secret: str
    username: str = "reports@harborpine.example"
    password: str = field(default="", repr=False)

    def __repr__(self) -> str:
        return "Credentials(...)"


def credentials(seed: int, kind: str = "key") -> Credentials:
    """A key made from the seed; obviously fake."""
    made = {name: f"sandbox-{name}-{digest(kind, name, seed)[:20]}" for name in ("app", "secret", "token", "pair")}
    password = f"sandbox-{digest('password', seed)[:12]}"
    return Credentials(made["app"], made["secret"], made["token"], made["pair"], password=password)


class Validator(RequestValidator):
    """Looks keys up and remembers nonces."""

    def __init__(self, keys: list[Credentials], clock: Callable[[], float]) -> None:
        super().__init__()
        self._keys = {each.app_key: each for each in keys}
        self._clock = clock
        self._lock = threading.Lock()
        self._seen: dict[tuple[str, str, str], float] = {}

    enforce_ssl = False
    allowed_signature_methods = ("HMAC-SHA1", "HMAC-SHA256")
    timestamp_lifetime = 10**10  # the skew is checked against our own clock below

    def check_client_key(self, client_key: str) -> bool:
        return bool(client_key)

    def check_access_token(self, request_token: str) -> bool:
        return bool(request_token)

    def check_nonce(self, nonce: str) -> bool:
        return bool(nonce)

    @property
    def dummy_client(self) -> str:
        return "dummy"

    dummy_access_token = dummy_client

    def get_client_secret(self, client_key: str, request: Any) -> str:
        found = self._keys.get(client_key)
        return found.app_secret if found else "dummy"

    def get_access_token_secret(self, client_key: str, token: str, request: Any) -> str:
        found = self._keys.get(client_key)
        return found.access_token_secret if found else "dummy"

    def validate_client_key(self, client_key: str, request: Any) -> bool:
        return client_key in self._keys

    def validate_access_token(self, client_key: str, token: str, request: Any) -> bool:
        found = self._keys.get(client_key)
        return found is not None and hmac.compare_digest(found.access_token, token)

    def validate_realms(self, *args: Any, **kwargs: Any) -> bool:
        return True

    def validate_timestamp_and_nonce(
        self, client_key: str, timestamp: str, nonce: str, request: Any, request_token: Any = None,
        access_token: Any = None,
    ) -> bool:  # fmt: skip
        now = self._clock()
        if abs(now - int(timestamp)) > SKEW:
            return False
        with self._lock:
            if len(self._seen) > 50_000:
                self._seen = {each: when for each, when in self._seen.items() if now - when <= 2 * SKEW}
            mark = (client_key, timestamp, nonce)
            fresh = mark not in self._seen
            self._seen[mark] = now
            return fresh


@dataclass
class Session:
    bearer: str
    csrf: str
    cookie: str
    expires: float


class Access:
    """Checks every call to a service. `public_url` is the address callers sign for."""

    def __init__(self, seed: int, public_url: str, *, ttl: float = TTL, clock: Callable[[], float] = time.time) -> None:
        self.credentials = credentials(seed)
        self.unprivileged = credentials(seed, "unprivileged")
        self.ttl = ttl
        self._public_url = public_url.rstrip("/")
        self._clock = clock
        self._sessions: list[Session] = []
        self._endpoint = ResourceEndpoint(Validator([self.credentials, self.unprivileged], clock))

    def check(self, method: str, target: str, header: str) -> None:
        """Raises a Refusal of 401 or 403 unless the caller may."""
        if header.startswith("Bearer "):
            bearer = header.removeprefix("Bearer ")
            if not any(s.bearer == bearer and s.expires > self._clock() for s in self._sessions):
                raise Refusal(401, "the bearer is unknown or has expired", 10)
        elif header[:6].lower() == "oauth ":
            self._signed(method, target, header)
        else:
            raise Refusal(401, "neither bearer nor signature", 10)

    def _signed(self, method: str, target: str, header: str) -> None:
        try:
            valid, request = self._endpoint.validate_protected_resource_request(
                self._public_url + target, http_method=method, headers={"Authorization": header}
            )
        except ValueError:
            valid = False
        if not valid:
            raise Refusal(401, "bad signature", 10)
        if request.client_key == self.unprivileged.app_key:
            raise Refusal(403, "the key lacks the privilege", 11)

    def login(self, body: dict[str, Any]) -> Session:
        """A new session for the user's password or the application's key."""
        mine = self.credentials
        right = {"username": mine.username, "password": mine.password}
        if "appKey" in body:
            right = {
                "username": mine.username,
                "appKey": mine.app_key,
                "secret": mine.app_secret,
                "accessToken": mine.access_token,
                "accessTokenSecret": mine.access_token_secret,
            }
        if not {"username"} < set(body):
            raise Refusal(400, "username and password, or a key, are compulsory", 1)
        given = {name: str(body.get(name, "")) for name in right}
        if not all(hmac.compare_digest(given[name].encode(), right[name].encode()) for name in right):
            raise Refusal(401, "wrong user name or password", 20)
        made = Session(secrets.token_hex(16), secrets.token_hex(10), secrets.token_hex(12), self._clock() + self.ttl)
        self._sessions.append(made)
        return made

    def _session(self, csrf: Any, cookie: str | None) -> Session:
        for each in self._sessions:
            if each.csrf == csrf and each.cookie == cookie and each.expires > self._clock():
                return each
        raise Refusal(401, "wrong csrf or session", 10)

    def refresh(self, csrf: Any, cookie: str | None) -> None:
        """Keeps a session alive for another `ttl`."""
        self._session(csrf, cookie).expires = self._clock() + self.ttl

    def logout(self, csrf: Any, cookie: str | None) -> None:
        self._sessions.remove(self._session(csrf, cookie))

    def expire_bearers(self) -> None:
        """Ends every session now."""
        self._sessions.clear()
