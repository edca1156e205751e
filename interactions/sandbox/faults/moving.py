"""What happens to the account between two pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson

from interactions.sandbox.history import Listing

from .fault import Fault

if TYPE_CHECKING:
    from interactions.sandbox.calls import Call
    from interactions.sandbox.routes import Sandbox


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
