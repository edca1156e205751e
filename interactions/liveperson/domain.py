"""The Domain API: on which host an account's service lives."""

import contextlib
import re
from dataclasses import dataclass, field

from interactions.liveperson.calls import Call, Caller, json_of
from interactions.liveperson.errors import (
    AuthenticationFailed,
    OutboundRefused,
    Refused,
    ServiceNotEnabled,
    UnexpectedResponse,
)

LIFETIME = 24 * 3600.0
_ACCOUNT = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(slots=True)
class Directory:
    """Base addresses by service for one account, remembered for a day."""

    account_id: str
    caller: Caller
    _known: dict[str, tuple[float, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if _ACCOUNT.fullmatch(self.account_id) is None:
            raise ValueError("an account id is made of letters, digits, - and _")

    def base_url(self, service: str) -> str:
        """`https://host` of a service; ServiceNotEnabled when the account has none."""
        until, base = self._known.get(service, (0.0, ""))
        if self.caller.clock() >= until:
            base = self.caller.outbound.base_url(self._look_up(service))
            self._remember(service, base)
        return base

    def learn(self, collection: object) -> None:
        """Take over the directory that a login answer repeats; odd or refused entries are looked up later."""
        for entry in _entries(collection):
            service, host = entry.get("service"), entry.get("baseURI")
            if isinstance(service, str) and isinstance(host, str):
                with contextlib.suppress(OutboundRefused):
                    self._remember(service, self.caller.outbound.base_url(host))

    def _remember(self, service: str, base: str) -> None:
        self._known[service] = (self.caller.clock() + LIFETIME, base)

    def _look_up(self, service: str) -> str:
        url = f"{self.caller.outbound.api_url}/api/account/{self.account_id}/service/{service}/baseURI.json"
        call = Call("GET", url, {"version": "1.0"})
        answer = None
        try:
            answer = self.caller.send(call)
        except (AuthenticationFailed, Refused) as error:
            # The call carries no credentials: 401 means an unknown account here, and 400 or 404 what they say.
            if error.status not in (400, 401, 404):
                raise
        host = None if answer is None else _host(json_of(answer, call.path), service, call.path)
        if host is None:
            raise ServiceNotEnabled(
                f"service {service} is not enabled for this account, or there is no such account", path=call.path
            )
        return host


def _host(value: object, service: str, path: str) -> str | None:
    # One object is the usual answer and a list the documented one; each occurs for either call.
    if value is not None and not isinstance(value, dict):
        raise UnexpectedResponse("a directory answer of another shape", path=path)
    for entry in _entries(value):
        host = entry.get("baseURI")
        if entry.get("service", service) == service and isinstance(host, str) and host.strip():
            return host
    return None


def _entries(value: object) -> list[dict[str, object]]:
    if not isinstance(value, dict):
        return []
    listed = value.get("baseURIs")
    if isinstance(listed, list):
        return [entry for entry in listed if isinstance(entry, dict)]
    return [value]
