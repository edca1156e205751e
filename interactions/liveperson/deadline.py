"""A time limit for a whole exchange: a server that drips bytes is cut off, however lively it looks."""

import contextlib
import socket
import threading
from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

_running = threading.local()


class Watch:
    """Shuts the exchange's socket down when its time is up, which ends any wait on it at once."""

    def __init__(self, seconds: float) -> None:
        self.has_expired = False
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._expire)
        self._timer.daemon = True

    def follow(self, connected: socket.socket) -> None:
        with self._lock:
            self._socket = connected
            if self.has_expired:
                _shut(connected)

    def _expire(self) -> None:
        with self._lock:
            self.has_expired = True
            if self._socket is not None:
                _shut(self._socket)

    def __enter__(self) -> "Watch":
        _running.watch = self
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()


def _shut(connected: socket.socket) -> None:
    # Not the TLS socket's own shutdown(), which would turn a reading thread loose on the bare connection.
    with contextlib.suppress(OSError):
        socket.socket.shutdown(connected, socket.SHUT_RDWR)


class _Watched:
    sock: Any

    def getresponse(self) -> Any:
        _running.watch.follow(self.sock)
        return super().getresponse()  # type: ignore[misc]


class WatchedHTTPConnection(_Watched, HTTPConnection):
    """Plain http, under the watch of its thread."""


class WatchedHTTPSConnection(_Watched, HTTPSConnection):
    """TLS, under the watch of its thread."""


class WatchedHTTPPool(HTTPConnectionPool):
    """Connections that can be cut off."""

    ConnectionCls = WatchedHTTPConnection


class WatchedHTTPSPool(HTTPSConnectionPool):
    """TLS connections that can be cut off."""

    ConnectionCls = WatchedHTTPSConnection


POOLS = {"http": WatchedHTTPPool, "https": WatchedHTTPSPool}
