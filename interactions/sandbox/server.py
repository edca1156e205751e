"""Serves an account over HTTP, with what tests can watch and switch."""

from __future__ import annotations

import http.client
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from .access import TTL, Access, Credentials
from .account import Account
from .calls import Answer, Call, Ledger
from .errors import Refusal
from .faults import Faults, Switches
from .routes import Sandbox
from .versions import Versions

BIGGEST_BODY = 1 << 20


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
