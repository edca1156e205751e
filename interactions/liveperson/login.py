"""The Login Service: a session by password or application key, kept alive while it is used."""

import logging
import threading
from dataclasses import dataclass, field

import requests
from requests.auth import AuthBase

from interactions.liveperson.calls import Call, Caller, json_of
from interactions.liveperson.credentials import ApplicationLogin, UserLogin
from interactions.liveperson.domain import Directory
from interactions.liveperson.errors import (
    AuthenticationFailed,
    LivePersonError,
    RateLimited,
    Refused,
    Unavailable,
    UnexpectedResponse,
)
from interactions.liveperson.retry import NO_RETRY

logger = logging.getLogger(__name__)

SERVICE = "agentVep"
VERSION = "1.3"
REFRESH_AFTER = 240.0  # LivePerson advises every three to five minutes
DEFAULT_LIFETIME_MS = 28_800_000


class Bearer(AuthBase):
    """Puts a session's bearer token into a request."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


@dataclass(slots=True, repr=False)
class Session:
    """One sign-in: the bearer, what refresh and logout need, and when (clock seconds) it was last refreshed."""

    bearer: Bearer
    csrf: str
    cookies: dict[str, str]
    refreshed_at: float
    expires_at: float


@dataclass(slots=True)
class LoginSigner:
    """Signs in when first needed, refreshes after four minutes, and signs in anew when the session is lost."""

    account_id: str
    credentials: UserLogin | ApplicationLogin
    caller: Caller
    directory: Directory
    _session: Session | None = None
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def current(self) -> AuthBase:
        """The bearer for the next call, of a session that is signed in and fresh."""
        with self._lock:
            if self._session is not None and not self._is_alive(self._session):
                self._session = None
            if self._session is None:
                self._session = self._sign_in()
            return self._session.bearer

    def renew(self, refused: AuthBase) -> AuthBase | None:
        """Sign in anew after a 401, unless another thread has done so since."""
        with self._lock:
            if self._session is not None and self._session.bearer is refused:
                self._session = None
            return self.current()

    def sign_out(self) -> None:
        """End the session at LivePerson's side, as far as it still exists there."""
        with self._lock:
            session, self._session = self._session, None
        if session is not None:
            try:
                self._post("logout", {"csrf": session.csrf}, session.cookies)
            except LivePersonError as error:
                logger.info("logout failed", extra={"reason": str(error)})

    def _is_alive(self, session: Session) -> bool:
        now = self.caller.clock()
        if now >= session.expires_at:
            return False
        if now - session.refreshed_at < REFRESH_AFTER:
            return True
        try:
            self._post("refresh", {"csrf": session.csrf}, session.cookies)
        except (AuthenticationFailed, Refused) as error:
            logger.info("session lost", extra={"reason": str(error)})
            return False
        except (Unavailable, RateLimited, UnexpectedResponse) as error:
            # The bearer may well be good: the call that follows decides, and the next one refreshes again.
            logger.warning("session not refreshed", extra={"reason": str(error)})
            return True
        session.refreshed_at = now
        return True

    def _post(self, verb: str, body: dict[str, object], cookies: dict[str, str]) -> None:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())} if cookies else {}
        self.caller.send(Call("POST", self._url(verb), json=body, headers=headers), NO_RETRY)

    def _url(self, verb: str) -> str:
        return f"{self.directory.base_url(SERVICE)}/api/account/{self.account_id}/{verb}"

    def _sign_in(self) -> Session:
        call = Call("POST", self._url("login"), {"v": VERSION}, json=_body(self.credentials))
        answer = self.caller.send(call)
        said = json_of(answer, call.path)
        if not isinstance(said, dict) or not isinstance(said.get("bearer"), str) or not said["bearer"]:
            raise UnexpectedResponse("a login answer without bearer", path=call.path)
        self.directory.learn(said.get("csdsCollectionResponse"))
        now = self.caller.clock()
        return Session(
            bearer=Bearer(said["bearer"]),
            csrf=str(said.get("csrf") or ""),
            cookies=dict(answer.cookies),
            refreshed_at=now,
            expires_at=now + _lifetime(said.get("sessionTTl")),
        )


def _body(credentials: UserLogin | ApplicationLogin) -> dict[str, object]:
    if isinstance(credentials, UserLogin):
        return {"username": credentials.username, "password": credentials.password}
    return {
        "username": credentials.username,
        "appKey": credentials.app_key,
        "secret": credentials.app_secret,
        "accessToken": credentials.access_token,
        "accessTokenSecret": credentials.access_token_secret,
    }


def _lifetime(value: object) -> float:
    # A text of milliseconds, with these odd capitals; the documented eight hours when it is none.
    digits = str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
    milliseconds = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 16 else 0
    return (milliseconds or DEFAULT_LIFETIME_MS) / 1000
