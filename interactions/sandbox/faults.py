"""Faults that a test scripts: what goes wrong, at which calls, or for how long by the account's own clock."""

from __future__ import annotations

import gzip
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson

from .errors import Refusal
from .filters import Rows
from .history import Listing
from .wire import Break, Drip, Silence, Wire

if TYPE_CHECKING:
    from .server import Answer, Call, Sandbox

SEARCH = "/conversations/search"
BY_ID = "/conversations/conversation/search"
_LONG = ("messageRecords", "messageStatuses", "messageScores")


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


# Answers of another kind


@dataclass(kw_only=True)
class Status(Fault):
    """A status in place of the answer, with LivePerson's error body."""

    status: int = 503
    code: int = 8
    headers: dict[str, str] = field(default_factory=dict)
    replaces = True

    def instead(self, call: Call, sandbox: Sandbox) -> tuple[int, bytes, dict[str, str]] | None:
        return self.status, Refusal(self.status, "as the script says", self.code).body(), dict(self.headers)


@dataclass(kw_only=True)
class Outage(Status):
    """Everything answers 503 for a while: 20 minutes unless said otherwise."""

    ending: str = ""
    lasts: float | None = 20 * 60.0


@dataclass(kw_only=True)
class TooMany(Status):
    """429; `retry_after` is what the header says, a timedelta makes it the HTTP date so far from now."""

    status: int = 429
    retry_after: str | timedelta | None = None

    def instead(self, call: Call, sandbox: Sandbox) -> tuple[int, bytes, dict[str, str]] | None:
        if isinstance(self.retry_after, timedelta):
            now = datetime.fromtimestamp(int(sandbox.account.time()), UTC)
            self.headers["Retry-After"] = format_datetime(now + self.retry_after, usegmt=True)
        elif self.retry_after is not None:
            self.headers["Retry-After"] = self.retry_after
        return super().instead(call, sandbox)


@dataclass(kw_only=True)
class Html(Fault):
    """A page for people with status 200, as gateways give it."""

    replaces = True

    def instead(self, call: Call, sandbox: Sandbox) -> tuple[int, bytes, dict[str, str]] | None:
        body = b"<!DOCTYPE html><html><head><title>Maintenance</title></head><body>Back soon.</body></html>"
        return 200, body, {"Content-Type": "text/html"}


@dataclass(kw_only=True)
class Bomb(Fault):
    """A small answer that unpacks to `size` bytes of JSON."""

    size: int = 100 << 20
    replaces = True

    def instead(self, call: Call, sandbox: Sandbox) -> tuple[int, bytes, dict[str, str]] | None:
        body = b'{"_metadata":{"count":0},"padding":"' + b" " * self.size + b'"}'
        return 200, gzip.compress(body, 1), {"Content-Encoding": "gzip"}


@dataclass(kw_only=True)
class Nothing(Fault):
    """No conversation at all: an empty list with count 0, or 204 without a body."""

    status: int = 200
    replaces = True

    def instead(self, call: Call, sandbox: Sandbox) -> tuple[int, bytes, dict[str, str]] | None:
        head = {"count": 0, "shardsStatusResult": {"partialResult": False}}
        body = orjson.dumps({"_metadata": head, "conversationHistoryRecords": []})
        return self.status, b"" if self.status == 204 else body, {}


@dataclass(kw_only=True)
class ExpireBearers(Fault):
    """Every session ends just before the call comes in."""

    def before(self, sandbox: Sandbox) -> None:
        sandbox.access.expire_bearers()


# Damage on the way


@dataclass(kw_only=True)
class Truncated(Fault):
    """The body ends after a share of its bytes, and its length says so."""

    share: float = 0.6

    def spoil(self, answer: Answer) -> None:
        answer.body = answer.body[: int(len(answer.body) * self.share)]
        answer.going = lambda: None


@dataclass(kw_only=True)
class _Wired(Fault):
    def wire(self) -> Wire:
        raise NotImplementedError

    def spoil(self, answer: Answer) -> None:
        answer.wire = self.wire()
        answer.going = lambda: None  # nobody gets it whole


@dataclass(kw_only=True)
class Reset(_Wired):
    """The connection is reset: before the answer, or after a share of its body."""

    share: float = 0.0

    def wire(self) -> Wire:
        return Break(self.share)


@dataclass(kw_only=True)
class HalfOpen(_Wired):
    """The request is taken and never answered, until the caller hangs up."""

    def wire(self) -> Wire:
        return Silence()


@dataclass(kw_only=True)
class Slow(_Wired):
    """So many bytes a second (of real time), until the caller hangs up."""

    bytes_per_second: int = 1000

    def wire(self) -> Wire:
        return Drip(self.bytes_per_second)


# Answers that are not the whole truth


@dataclass(kw_only=True)
class PartialResult(Fault):
    """A part of the index does not answer: the mark is set, and every `lost`-th match is missing (0: none)."""

    lost: int = 0

    def rows(self, rows: Rows) -> Rows:
        kept: Rows = rows[np.arange(len(rows)) % self.lost != self.lost - 1] if self.lost else rows
        return kept

    def listed(self, listing: Listing, call: Call) -> None:
        listing.head["shardsStatusResult"] = {"partialResult": True}


@dataclass(kw_only=True)
class CutShort(Fault):
    """Records come in part and say so: those named, or all; `ending` BY_ID cuts them by id too."""

    ids: set[str] | None = None

    def listed(self, listing: Listing, call: Call) -> None:
        cut_short(listing, self.ids)


def cut_short(listing: Listing, ids: set[str] | None) -> None:
    for place, ident in enumerate(listing.ids):
        if ids is None or ident in ids:
            record = orjson.loads(listing.records[place])
            record["info"]["isPartial"] = True
            record |= {name: record[name][: max(1, len(record[name]) // 3)] for name in _LONG if name in record}
            listing.records[place] = orjson.dumps(record)


@dataclass(kw_only=True)
class Doubled(Fault):
    """Every `every`-th match is listed a second time, `apart` places later, and counted twice."""

    every: int = 7
    apart: int = 1

    def rows(self, rows: Rows) -> Rows:
        listed = rows.tolist()
        places = range(self.every - 1, len(listed), self.every)
        for shift, place in enumerate(places):
            listed.insert(min(place + shift + self.apart, len(listed)), rows[place])
        return np.array(listed, dtype=np.int64)


@dataclass(kw_only=True)
class Shuffled(Fault):
    """Each answer has an order of its own: matches stand up to `reach` places from where they belong."""

    reach: int = 5
    seed: int = 1

    def rows(self, rows: Rows) -> Rows:
        chance = random.Random(f"{self.seed} {self.hits}")
        keys = [place + chance.uniform(0, self.reach) for place in range(len(rows))]
        found: Rows = rows[np.argsort(np.array(keys), kind="stable")]
        return found


@dataclass(kw_only=True)
class Poison(Fault):
    """The named records carry something terrible inside their first message: raw JSON, however deep or long."""

    ids: set[str] = field(default_factory=set)
    value: bytes = b"[" * 200_000 + b"]" * 200_000
    ending: str = ""

    def listed(self, listing: Listing, call: Call) -> None:
        place_of = b'"messageRecords":[{'
        for place, ident in enumerate(listing.ids):
            if ident in self.ids:
                poisoned = place_of + b'"poison":' + self.value + b","
                listing.records[place] = listing.records[place].replace(place_of, poisoned, 1)


# What happens to the account between two pages


@dataclass(kw_only=True)
class Leaving(Fault):
    """After the page the first `count` conversations on it are gone."""

    count: int = 1
    gone: list[str] = field(default_factory=list, init=False)

    def after(self, listing: Listing, call: Call, sandbox: Sandbox) -> None:
        for ident in listing.ids[: self.count]:
            if sandbox.account.remove(ident):
                self.gone.append(ident)


@dataclass(kw_only=True)
class Arriving(Fault):
    """After the page `count` conversations are there that started just before its first one."""

    count: int = 1

    def after(self, listing: Listing, call: Call, sandbox: Sandbox) -> None:
        now = int(sandbox.account.time() * 1000)
        start = min((orjson.loads(each)["info"]["startTimeL"] for each in listing.records), default=now)
        for number in range(self.count if listing.records else 0):
            sandbox.account.put(_newcomer(f"arrived-{self.hits}-{number}-{start}", start - number, now))


@dataclass(kw_only=True)
class Changing(Fault):
    """After the page the first and the last `count` conversations on it are rated anew."""

    count: int = 1

    def after(self, listing: Listing, call: Call, sandbox: Sandbox) -> None:
        account = sandbox.account
        now = int(account.time() * 1000)
        for ident in {*listing.ids[: self.count], *listing.ids[-self.count :]}:
            row = account.row_of(ident, account.now())
            if row is not None:
                record = orjson.loads(account.records([row], now=account.now())[0])
                record["info"]["csatRate"] = record["info"].get("csatRate", 0) % 5 + 1
                record.setdefault("messageRecords", []).append(_message(ident, f"changed-{self.hits}", now))
                account.put(record)


def _newcomer(ident: str, start: int, now: int) -> dict[str, Any]:
    info = {"conversationId": ident, "startTimeL": start, "status": "OPEN", "source": "APP", "isPartial": False}
    return {"info": info, "messageRecords": [_message(ident, "first", now)]}


def _message(ident: str, name: str, now: int) -> dict[str, Any]:
    words = {"msg": {"text": "Is anybody there?"}}
    said = {"messageId": f"ms::dialog:{ident}::msg:{name}", "seq": 900, "dialogId": ident, "timeL": now}
    return said | {"type": "TEXT_PLAIN", "messageData": words, "sentBy": "Consumer", "participantId": "somebody"}


@dataclass
class Switches:
    """Faults of lasting kind that a test turns on and off by hand: an incomplete index, and records cut short.

    `cut_by_id` holds those of the cut ones that are cut by id too.
    """

    partial_result: bool = False
    cut_short: set[str] = field(default_factory=set)
    cut_by_id: set[str] = field(default_factory=set)

    def listed(self, listing: Listing, call: Call) -> None:
        is_by_id = call.path.endswith(BY_ID)
        cut_short(listing, self.cut_by_id if is_by_id else self.cut_short)
        if self.partial_result and not is_by_id:
            listing.head["shardsStatusResult"] = {"partialResult": True}
