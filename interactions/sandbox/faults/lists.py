"""Answers that are not the whole truth."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import orjson

from interactions.sandbox.filters import Rows
from interactions.sandbox.history import Listing

from .fault import BY_ID, Fault

if TYPE_CHECKING:
    from interactions.sandbox.calls import Call

_LONG = ("messageRecords", "messageStatuses", "messageScores")


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
