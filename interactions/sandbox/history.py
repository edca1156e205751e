"""The three calls of the Messaging Interactions API: search, by id, by consumer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson

from .account import Account
from .errors import Refusal, bad
from .filters import Rows, Search, says
from .record import ALL, CONTAINERS, DEFAULT_CONTENT, SPELLINGS

Json = dict[str, Any]
DEEPEST = 10_000  # offset + limit; the search index behind the API goes no further
_BY_LOWER = {name.lower(): name for name in CONTAINERS}
Change = Callable[[Rows], Rows]
ORDERS = {"start:asc", "start:desc", "end:asc", "end:desc"}


def _unchanged(rows: Rows) -> Rows:
    return rows


@dataclass
class Listing:
    """An answer before it is written out: its head, and the records with their ids.

    `number` and `at` tell of which state of the account it was made (see `versions`).
    """

    head: Json
    ids: list[str]
    records: list[bytes]
    number: int
    at: float

    def body(self) -> bytes:
        return _enveloped(orjson.dumps(self.head), self.records)


@dataclass(frozen=True)
class Paging:
    offset: int
    limit: int
    sort: str
    v: int


def paging(query: dict[str, str], require_source: bool) -> Paging:
    """Checks the URL's parameters."""
    source = query.get("source", "")
    if require_source and not source:
        raise bad("the parameter source is missing")
    if len(source) > 20:
        raise bad("the parameter source is longer than 20 characters")
    offset, limit = _count(query, "offset", 0), _count(query, "limit", 50)
    if not 1 <= limit <= 100:
        raise bad("limit lies between 1 and 100")
    sort, v = query.get("sort", "start:asc"), query.get("v", "1")
    if sort not in ORDERS:
        raise bad("sort takes start or end with asc or desc")
    if v not in ("1", "2"):
        raise bad("v takes 1 or 2")
    return Paging(offset, limit, sort, int(v))


def _count(query: dict[str, str], name: str, default: int) -> int:
    text = query.get(name, str(default))
    if not text.isascii() or not text.isdigit():
        raise bad(f"{name} must be a number")
    return int(text)


def content(body: Json) -> frozenset[str]:
    """The containers wanted; naming any replaces the default set."""
    named = body.get("contentToRetrieve")
    if named is None:
        wanted = set(DEFAULT_CONTENT)
    elif not isinstance(named, list) or not all(isinstance(each, str) for each in named):
        raise bad("contentToRetrieve must be a list")
    else:
        unknown = [each for each in named if each.lower() not in {*_BY_LOWER, "info", "pageview"}]
        if unknown:
            raise bad(f"unknown value in contentToRetrieve: {unknown[0]}")
        wanted = {_BY_LOWER[each.lower()] for each in named if each.lower() in _BY_LOWER}
    return frozenset(wanted | {"info"} | {other for name, other in SPELLINGS.items() if name in wanted})


def search(account: Account, body: Json, page: Paging, link: str, change: Change = _unchanged) -> Listing:
    """Records that match, a page of them. `link` is the call's URL without parameters.

    `change` gets the whole list in order and may give another one, which is then counted and cut into pages.
    """
    if page.offset + page.limit > DEEPEST:
        raise Refusal(500, "Result window is too large", 7)
    with account.lock:
        now = account.refresh()
        rows = _ordered(account, _matching(account, body, now), page.sort)
        return _listing(account, change(rows), content(body), page, link, now)


def _matching(account: Account, body: Json, now: int) -> Rows:
    asked = Search(account.table, account.codes, now, body)
    rows = np.flatnonzero(asked.flags())
    for phrase in asked.said:
        rows = np.array([row for row in rows.tolist() if says(account.words(row, now), phrase)], dtype=np.int64)
    if asked.deep:
        kept = []
        for row in rows.tolist():
            record = orjson.loads(account.records([row], now=now)[0])
            if all(predicate(record) for predicate in asked.deep):
                kept.append(row)
        rows = np.array(kept, dtype=np.int64)
    return rows


def _ordered(account: Account, rows: Rows, sort: str) -> Rows:
    column, _, direction = sort.partition(":")
    keys = account.table[column][rows]
    order = np.argsort(keys if direction == "asc" else -keys, kind="stable")
    found: Rows = rows[order]
    return found


def _listing(account: Account, rows: Rows, wanted: frozenset[str], page: Paging, link: str, now: int) -> Listing:
    shown = rows[page.offset : page.offset + page.limit].tolist()
    records = account.records(shown, wanted, now=now, by_id=False, v=page.v)
    names = [account.id_of(row) for row in shown]
    return Listing(_metadata(len(rows), page, link), names, records, account.next_number(), account.time())


def _enveloped(head: bytes, records: list[bytes]) -> bytes:
    """One join: a page is megabytes, and each copy costs."""
    pieces = [b'{"_metadata":', head, b',"conversationHistoryRecords":[']
    for record in records:
        pieces += (record, b",")
    if records:
        pieces.pop()
    return b"".join((*pieces, b"]}"))


def _metadata(count: int, page: Paging, link: str) -> Json:
    def to(rel: str, offset: int) -> Json:
        return {"rel": rel, "href": f"{link}?limit={page.limit}&offset={offset}"}

    found: Json = {"count": count, "self": to("self", page.offset)}
    if page.offset + page.limit < count:
        found["next"] = to("next", page.offset + page.limit)
        found["last"] = to("last", (count - 1) // page.limit * page.limit)
    found["shardsStatusResult"] = {"partialResult": False}
    return found


def by_id(account: Account, body: Json, page: Paging, link: str) -> Listing:
    """One conversation or up to 100, in full."""
    _only(body, {"conversationId", "conversationIds", "contentToRetrieve"})
    ids = body.get("conversationIds", [body["conversationId"]] if "conversationId" in body else None)
    if not isinstance(ids, list) or not 1 <= len(ids) <= 100 or not all(isinstance(each, str) for each in ids):
        raise bad("conversationId, or a list of up to 100 conversationIds, is compulsory")
    with account.lock:
        now = account.refresh()
        rows = [account.row_of(each, now) for each in dict.fromkeys(ids)]
        found = [row for row in rows if row is not None]
        records = account.records(found, content(body), now=now, v=page.v)
        head = _metadata(len(found), Paging(0, 100, page.sort, page.v), link)
        names = [account.id_of(row) for row in found]
        return Listing(head, names, records, account.next_number(), account.time())


def by_consumer(account: Account, body: Json, page: Paging, link: str, change: Change = _unchanged) -> Listing:
    """All conversations of a consumer with one of the statuses."""
    _only(body, {"consumer", "status", "contentToRetrieve"})
    consumer, status = body.get("consumer"), body.get("status")
    if not isinstance(consumer, str):
        raise bad("consumer is compulsory")
    if not isinstance(status, list) or not status or not set(map(str, status)) <= {"OPEN", "CLOSE"}:
        raise bad("status is compulsory: OPEN, CLOSE")
    with account.lock:
        now = account.refresh()
        theirs = account.visible(now) & (account.table["consumer"] == account.codes.known(consumer))
        theirs &= np.isin(account.table["open"], [int(each == "OPEN") for each in status])
        rows = _ordered(account, np.flatnonzero(theirs), page.sort)
        return _listing(account, change(rows), content(body), page, link, now)


def _only(body: Json, names: set[str]) -> None:
    unknown = set(body) - names
    if unknown:
        raise bad(f"unknown field: {sorted(unknown)[0]}")


__all__ = ["ALL", "Listing", "Paging", "by_consumer", "by_id", "paging", "search"]
