"""One call as it came in and its answer, and what was asked of all of them."""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import orjson

from .errors import bad
from .faults import Fault
from .filters import Rows
from .wire import Wire

Json = dict[str, Any]


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
