"""A place in a list as one opaque word of the address."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from .instants import as_number, as_time
from .sorts import ValueKind
from .walking import Order

Side = Literal["first", "after", "before", "last"]
_LONGEST = 3000
_LARGEST = 2**63 - 1


class BadPosition(ValueError):
    """A position was made for another order, cut short, or tampered with."""


@dataclass(frozen=True)
class Position:
    """Where a page begins or ends: beside the row with this sort value and key, or at an end of the list.

    `place` is the ordinal of the page's first row: from 1 at the start, or from -1 at the end; None if unknown.
    """

    side: Side
    value: Any = None
    pk: int = 0
    place: int | None = None

    def token(self, order: Order, whole: str = "") -> str:
        """`whole` names the list that `place` is counted in: its filters, and who sees it."""
        value = _packed(self.value)
        # Not in ASCII: a name of emoji would be three times as long, and no longer a place.
        found = [self.side, str(order), value, self.pk, self.place, _digest(whole)]
        text = json.dumps(found, separators=(",", ":"), ensure_ascii=False)
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read(token: str, order: Order, whole: str = "") -> Position:
    """The position that `token` names; BadPosition unless it was made for `order`.

    In another list than `whole` it is a place still, after or before a row, but nobody knows the how manieth.
    """
    try:
        if len(token) > _LONGEST or not token.isascii():
            raise ValueError
        padded = token + "=" * (-len(token) % 4)
        side, name, value, pk, place, *made_in = json.loads(base64.b64decode(padded, b"-_", validate=True))
        if name != str(order) or side not in get_args(Side) or not _is_whole(pk) or pk < 0:
            raise ValueError
        if place is not None and not _is_whole(place):
            raise ValueError
        if len(made_in) > 1:
            raise ValueError
        if made_in != [_digest(whole)]:
            place = None
        unpacked = _unpacked(value, order) if side in ("after", "before") else None
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError):
        raise BadPosition("is not a place in this list") from None
    return Position(side, unpacked, pk, place)


def _digest(whole: str) -> str:
    return hashlib.blake2s(whole.encode(errors="surrogatepass"), digest_size=4).hexdigest()


def _packed(value: Any) -> Any:
    if isinstance(value, datetime):
        return as_number(value)
    return value


def _unpacked(value: Any, order: Order) -> Any:
    kind: ValueKind = order.sort.value
    if value is None and order.sort.is_nullable:
        return None
    if kind == "text":
        value.encode()  # a lone surrogate raises, as does what is no text
        if "\0" in value:
            raise ValueError
        return str(value)
    if not _is_whole(value):
        raise ValueError
    return as_time(value) if kind == "time" else value


def _is_whole(value: Any) -> bool:
    return type(value) is int and -_LARGEST <= value <= _LARGEST
