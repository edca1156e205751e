"""What a fault is, and the script that says which are under way."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from interactions.sandbox.filters import Rows
from interactions.sandbox.history import Listing

if TYPE_CHECKING:
    from interactions.sandbox.calls import Answer, Call
    from interactions.sandbox.routes import Sandbox

SEARCH = "/conversations/search"
BY_ID = "/conversations/conversation/search"


@dataclass(kw_only=True)
class Fault:
    """What is wrong with some calls; a kind of fault fills in one or two of the methods below.

    It hits calls whose path has the `ending`, from the `first` one after it was scripted on, `times` of them
    (None: all that follow), and only from `begins` seconds after it was scripted for `lasts` seconds (None: for
    ever) by the account's clock. `hits` counts the calls that it hit.
    """

    ending: str = SEARCH
    first: int = 1
    times: int | None = None
    begins: float = 0.0
    lasts: float | None = None
    hits: int = field(default=0, init=False)
    _asked: int = field(default=0, init=False)
    _scripted_at: float = field(default=0.0, init=False)

    # Whether the call is not answered by the account at all: of several such faults one takes a call.
    replaces = False

    def start(self, now: float) -> None:
        self._scripted_at = now

    def _concerns(self, call: Call, now: float) -> bool:
        age = now - self._scripted_at - self.begins
        return call.path.endswith(self.ending) and age >= 0 and (self.lasts is None or age < self.lasts)

    def passes(self, call: Call, now: float) -> None:
        """Another fault has taken the call: it counts for what begins at a later one."""
        if self._concerns(call, now) and self._asked < self.first - 1:
            self._asked += 1

    def takes(self, call: Call, now: float) -> bool:
        """Whether the call is hit; it is counted."""
        if not self._concerns(call, now):
            return False
        self._asked += 1
        if self._asked < self.first or (self.times is not None and self._asked >= self.first + self.times):
            return False
        self.hits += 1
        return True

    def before(self, sandbox: Sandbox) -> None:
        """Done before the call is looked at."""

    def instead(self, call: Call, sandbox: Sandbox) -> tuple[int, bytes, dict[str, str]] | None:
        """Status, body and headers in place of the account's answer."""
        return None

    def rows(self, rows: Rows) -> Rows:
        """The whole list that was found, before a page is cut out of it."""
        return rows

    def listed(self, listing: Listing, call: Call) -> None:
        """Changes the records or the head of an answer."""

    def after(self, listing: Listing, call: Call, sandbox: Sandbox) -> None:
        """Done when an answer has been made, before the caller can ask for the next page."""

    def spoil(self, answer: Answer) -> None:
        """Damages an answer on its way."""


class Faults:
    """The script: which faults are under way."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._faults: list[Fault] = []
        self._lock = threading.Lock()

    def script(self, *faults: Fault) -> None:
        """From now on these go wrong too."""
        with self._lock:
            for fault in faults:
                fault.start(self._clock())
            self._faults.extend(faults)

    def clear(self) -> None:
        """From now on all is well."""
        with self._lock:
            self._faults.clear()

    def taking(self, call: Call) -> list[Fault]:
        """The faults that hit a call, in the order of the script."""
        found: list[Fault] = []
        with self._lock:
            now = self._clock()
            for fault in self._faults:
                if fault.replaces and any(other.replaces for other in found):
                    fault.passes(call, now)
                elif fault.takes(call, now):
                    found.append(fault)
        return found
