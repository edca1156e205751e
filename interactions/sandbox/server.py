"""Serves an account over HTTP: which path is which call, and what tests can watch and switch."""

from __future__ import annotations

import http.client
import re
import socket
import threading
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, unquote, urlsplit

import orjson

from . import configuration, history
from .access import TTL, Access, Credentials
from .account import Account
from .cast import GROUPS
from .errors import Refusal, bad
from .faults import Fault, Faults, Status, Switches
from .filters import Rows
from .versions import Versions
from .wire import Wire

Json = dict[str, Any]
SERVICES = (
    "agentVep", "msgHist", "engHistDomain", "leDataReporting", "accountConfigReadOnly", "accountConfigReadWrite",
    "asyncMessagingEnt", "sentinel", "idp",
)  # fmt: skip
REVISION = "12"
BIGGEST_BODY = 1 << 20


@dataclass
class Call:
    """One request as it came in."""

    method: str
    target: str
    path: str
    query: dict[str, str]
    headers: Any
    raw: bytes
    faults: list[Fault] = field(default_factory=list)

    def changed(self, rows: Rows) -> Rows:
        """The list that was found, as the call's faults leave it."""
        for fault in self.faults:
            rows = fault.rows(rows)
        return rows

    def json(self) -> Json:
        try:
            body = orjson.loads(self.raw)
        except orjson.JSONDecodeError:
            raise bad("the body is not JSON") from None
        if not isinstance(body, dict):
            raise bad("the body must be an object")
        return body


@dataclass
class Answer:
    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    # To be called when it is sent whole; before the first byte, so that nobody has read what is not written down.
    going: Callable[[], None] = lambda: None
    wire: Wire | None = None


class Ledger:
    """What was asked: how often per path, and the last calls with their parameters."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.calls: deque[Call] = deque(maxlen=500)
        self._lock = threading.Lock()

    def note(self, call: Call) -> None:
        with self._lock:
            self.counts[call.path] += 1
            self.calls.append(call)

    @property
    def last(self) -> Call:
        return self.calls[-1]

    def count(self, ending: str) -> int:
        """How many calls went to paths with this ending."""
        return sum(count for path, count in self.counts.items() if path.endswith(ending))


class Sandbox:
    """The account behind its calls, free of sockets."""

    def __init__(self, account: Account, access: Access, place: str, require_source: bool, versions: Versions) -> None:
        self.account, self.access, self.place = account, access, place
        self.require_source = require_source
        self.ledger, self.versions = Ledger(), versions
        self.switches, self.faults = Switches(), Faults(account.time)
        account_path = f"/api/account/{re.escape(account.id)}"
        settings = f"{account_path}/configuration"
        talks = f"/messaging_history{account_path}/conversations"
        windows = f"{settings}/engagement-window"
        directory = f"/(?:api|csdr)/account/{re.escape(account.id)}/service"
        self._routes: list[tuple[str, re.Pattern[str], Callable[..., Answer], bool]] = [
            ("GET", re.compile(f"{directory}/baseURI.json"), self._services, False),
            ("GET", re.compile(f"{directory}/([^/]+)/baseURI.json"), self._service, False),
            ("POST", re.compile(f"{account_path}/login"), self._login, False),
            ("POST", re.compile(f"{account_path}/refresh"), self._refresh, False),
            ("POST", re.compile(f"{account_path}/logout"), self._logout, False),
            ("POST", re.compile(f"{talks}/search"), self._search, True),
            ("POST", re.compile(f"{talks}/conversation/search"), self._by_id, True),
            ("POST", re.compile(f"{talks}/consumer/search"), self._by_consumer, True),
            ("GET", re.compile(f"{settings}/le-users/users"), self._users, True),
            ("GET", re.compile(f"{settings}/le-users/users/([^/]+)"), self._user, True),
            ("GET", re.compile(f"{settings}/le-users/skills"), self._skills, True),
            ("GET", re.compile(f"{settings}/le-users/agentGroups"), self._groups, True),
            ("GET", re.compile(f"{windows}/(unified-)?auto-messages"), self._messages, True),
            ("GET", re.compile(f"{windows}/(unified-)?auto-messages/([^/]+)"), self._message, True),
        ]

    def force(self, status: int, times: int = 1, *, ending: str = "", headers: dict[str, str] | None = None) -> None:
        """Answers the next `times` calls, whose path has this ending, with a status instead."""
        self.faults.script(Status(status=status, times=times, ending=ending, headers=headers or {}))

    def answer(self, call: Call) -> Answer:
        """The answer to one call; never raises."""
        self.ledger.note(call)
        call.faults = self.faults.taking(call)
        answer = self._instead(call) or self._by_account(call)
        for fault in call.faults:
            fault.spoil(answer)
        return answer

    def _instead(self, call: Call) -> Answer | None:
        for fault in call.faults:
            fault.before(self)
        made = (fault.instead(call, self) for fault in call.faults)
        return next((Answer(status, body, headers) for status, body, headers in filter(None, made)), None)

    def _by_account(self, call: Call) -> Answer:
        try:
            return self._routed(call)
        except Refusal as refusal:
            return Answer(refusal.status, refusal.body())

    def _routed(self, call: Call) -> Answer:
        for method, pattern, handler, guarded in self._routes:
            found = pattern.fullmatch(call.path)
            if found:
                if method != call.method:
                    raise Refusal(405, "method not allowed")
                if guarded:
                    self.access.check(call.method, call.target, call.headers.get("Authorization", ""))
                return handler(call, *(unquote(each or "") for each in found.groups()))
        if re.match(r"/(api|csdr)/account/[^/]+/service/", call.path):
            raise Refusal(401, "no such account", 10)
        raise Refusal(404, "no such resource")

    def _directory(self) -> list[Json]:
        return [{"service": name, "account": self.account.id, "baseURI": self.place} for name in SERVICES]

    def _services(self, call: Call) -> Answer:
        return _json({"baseURIs": self._directory()})

    def _service(self, call: Call, name: str) -> Answer:
        for each in self._directory():
            if each["service"] == name:
                return _json(each)
        raise Refusal(404, "no such service")

    def _login(self, call: Call) -> Answer:
        session = self.access.login(call.json())
        groups = [{"id": number, "deleted": False, "name": name} for number, (name, _, _) in GROUPS.items()]
        body = {
            "csrf": session.csrf,
            "wsuk": "730018845520117",
            "config": {
                "loginName": self.access.credentials.username,
                "userId": "2210071902",
                "userPrivileges": [1701, 1712],
                "serverCurrentTime": self.account.now(),
                "timeDiff": 0,
                "serverTimeZoneName": "Europe/Paris",
                "isLPA": False,
                "isAdmin": False,
                "accountTimeZoneId": "Europe/Paris",
            },
            "csdsCollectionResponse": {"baseURIs": self._directory()},
            "accountData": {"agentGroupsData": {"items": groups, "revision": int(REVISION)}},
            "sessionTTl": str(int(self.access.ttl * 1000)),
            "bearer": session.bearer,
        }
        return _json(body, {"Set-Cookie": f"Session_id={session.cookie}; Path=/; HttpOnly"})

    def _cookie(self, call: Call) -> str | None:
        found = SimpleCookie(call.headers.get("Cookie", "")).get("Session_id")
        return found.value if found else None

    def _refresh(self, call: Call) -> Answer:
        self.access.refresh(call.json().get("csrf"), self._cookie(call))
        return Answer(200)

    def _logout(self, call: Call) -> Answer:
        self.access.logout(call.json().get("csrf"), self._cookie(call))
        return Answer(200)

    def _paging(self, call: Call) -> tuple[history.Paging, str]:
        return history.paging(call.query, self.require_source), f"https://{self.place}{call.path}"

    def _search(self, call: Call) -> Answer:
        page, link = self._paging(call)
        return self._listed(call, history.search(self.account, call.json(), page, link, call.changed))

    def _by_id(self, call: Call) -> Answer:
        page, link = self._paging(call)
        return self._listed(call, history.by_id(self.account, call.json(), page, link))

    def _by_consumer(self, call: Call) -> Answer:
        page, link = self._paging(call)
        return self._listed(call, history.by_consumer(self.account, call.json(), page, link, call.changed))

    def _listed(self, call: Call, listing: history.Listing) -> Answer:
        """The records as an answer; they count as shown when it is sent whole, unless without what was said."""
        self.switches.listed(listing, call)
        for fault in call.faults:
            fault.listed(listing, call)
        for fault in call.faults:
            fault.after(listing, call, self)
        is_head = "messageRecords" not in history.content(call.json())
        shown = [] if is_head else list(zip(listing.ids, listing.records, strict=True))
        return Answer(200, listing.body(), going=lambda: self.versions.note(shown, listing.number, listing.at))

    def _users(self, call: Call) -> Answer:
        return _revised(call, configuration.users(call.query, self.require_source))

    def _user(self, call: Call, identifier: str) -> Answer:
        return _revised(call, configuration.user(identifier))

    def _skills(self, call: Call) -> Answer:
        return _revised(call, configuration.skills(call.query))

    def _groups(self, call: Call) -> Answer:
        return _revised(call, configuration.groups(call.query))

    def _messages(self, call: Call, unified: str) -> Answer:
        return _revised(call, configuration.messages(not unified, self.account.id))

    def _message(self, call: Call, unified: str, identifier: str) -> Answer:
        return _revised(call, configuration.message(identifier, not unified, self.account.id, call.query))


def _json(value: Any, headers: dict[str, str] | None = None) -> Answer:
    return Answer(200, orjson.dumps(value), headers or {})


def _revised(call: Call, value: Any) -> Answer:
    if call.headers.get("If-Match", "").strip('"') == REVISION:
        return Answer(304, headers={"ac-revision": REVISION})
    return _json(value, {"ac-revision": REVISION})


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    sandbox: Sandbox

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller who hangs up is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = 60
    server: _Server

    def do_GET(self) -> None:
        self._serve(b"")

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > BIGGEST_BODY:
            self.close_connection = True
            return self._send(Answer(413, Refusal(413, "the body is too large").body()))
        self._serve(self.rfile.read(int(length)))

    def _serve(self, raw: bytes) -> None:
        parts = urlsplit(self.path)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        call = Call(self.command, self.path, parts.path, query, self.headers, raw)
        self._send(self.server.sandbox.answer(call))

    def _send(self, answer: Answer) -> None:
        answer.going()
        if answer.wire is not None:
            self.close_connection = True
            return answer.wire.send(self.connection, lambda: self._head(answer), answer.body)
        self._head(answer)
        if answer.status not in (204, 304):
            self.wfile.write(answer.body)
        self.wfile.flush()

    def _head(self, answer: Answer) -> None:
        self.send_response(answer.status)
        if answer.status not in (204, 304):
            if answer.body:
                answer.headers.setdefault("Content-Type", "application/json")
            answer.headers["Content-Length"] = str(len(answer.body))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.flush()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: query strings and tokens stay out of terminals."""


class RunningSandbox:
    """A served account; a context manager. `url` is the directory's address, `place` the same without scheme."""

    def __init__(
        self, account: Account, host: str, port: int, require_source: bool, public_url: str | None, ttl: float,
        keep_versions: bool,
    ) -> None:  # fmt: skip
        self._server = _Server((host, port), _Handler)
        self._server.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.place = f"{host}:{self._server.server_address[1]}"
        self.url = f"http://{self.place}"
        self.account = account
        self.access = Access(account.seed, public_url or self.url, ttl=ttl)
        self.sandbox = Sandbox(account, self.access, self.place, require_source, Versions(keep_versions))
        self._server.sandbox = self.sandbox
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True)
        self._thread.start()

    @property
    def credentials(self) -> Credentials:
        return self.access.credentials

    @property
    def ledger(self) -> Ledger:
        return self.sandbox.ledger

    @property
    def versions(self) -> Versions:
        return self.sandbox.versions

    @property
    def faults(self) -> Faults:
        return self.sandbox.faults

    @property
    def switches(self) -> Switches:
        return self.sandbox.switches

    def force(self, status: int, times: int = 1, *, ending: str = "", headers: dict[str, str] | None = None) -> None:
        self.sandbox.force(status, times, ending=ending, headers=headers)

    def stop(self) -> None:
        """Closes the socket; calls under way are cut off."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def serve(
    account: Account, *, host: str = "127.0.0.1", port: int = 0, require_source: bool = True,
    public_url: str | None = None, bearer_ttl: float = TTL, keep_versions: bool = True,
) -> RunningSandbox:  # fmt: skip
    """Starts serving; raises OSError when the port is taken.

    `bearer_ttl` is in seconds; with `keep_versions` all that is shown is remembered, some 5 KB a conversation.
    """
    return RunningSandbox(account, host, port, require_source, public_url, bearer_ttl, keep_versions)


__all__ = ["Answer", "Call", "Ledger", "RunningSandbox", "Sandbox", "serve", "http"]
