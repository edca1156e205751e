"""Ways in which an answer does not get through: the connection breaks, says nothing, or drips."""

from __future__ import annotations

import os
import select
import socket
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

PATIENCE = 60.0
_PIECES_PER_SECOND = 10


class Wire(Protocol):
    """How an answer is sent; the connection is closed afterwards. `head` sends status and headers."""

    def send(self, line: socket.socket, head: Callable[[], None], body: bytes) -> None: ...


@dataclass(frozen=True)
class Break:
    """A reset, before the answer or after a share of its body."""

    share: float

    def send(self, line: socket.socket, head: Callable[[], None], body: bytes) -> None:
        if self.share > 0:
            head()
            line.sendall(body[: int(len(body) * self.share)])
            time.sleep(0.05)  # a reset throws away what the caller has not read yet: it is to have begun
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        os.close(line.detach())  # closed any other way, a polite end would come first


@dataclass(frozen=True)
class Silence:
    """Nothing until the caller hangs up."""

    def send(self, line: socket.socket, head: Callable[[], None], body: bytes) -> None:
        select.select([line], [], [], PATIENCE)


@dataclass(frozen=True)
class Drip:
    """A few bytes at a time until the caller hangs up."""

    bytes_per_second: int

    def send(self, line: socket.socket, head: Callable[[], None], body: bytes) -> None:
        head()
        size = max(1, self.bytes_per_second // _PIECES_PER_SECOND)
        ends_at = time.monotonic() + PATIENCE
        for start in range(0, len(body), size):
            line.sendall(body[start : start + size])
            if time.monotonic() > ends_at or select.select([line], [], [], 1 / _PIECES_PER_SECOND)[0]:
                return
