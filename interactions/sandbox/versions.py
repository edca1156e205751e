"""Every version of every record that was ever shown, so that lost, doubled and regressed can be computed."""

from __future__ import annotations

import hashlib
import threading
import zlib
from bisect import bisect_left, insort
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import orjson


@dataclass(frozen=True, slots=True)
class Version:
    """One state of one record as it was shown.

    `number` grows over the whole account: of two answers the one made from the later state has the larger one.
    `digest` is that of the JSON with sorted keys, `shown_at` the account's instant (epoch seconds); `is_whole` is
    False when the record said itself that it was cut short.
    """

    number: int
    digest: bytes
    shown_at: float
    is_whole: bool


@dataclass(slots=True)
class _Shown:
    """The versions of one record in order, the last bytes seen by their quick hash, and the bytes to compare with."""

    versions: list[Version] = field(default_factory=list)
    raw_hash: bytes = b""
    body: bytes = b""
    body_of: Version | None = None


class Versions:
    """The ledger. Only hashes are kept of what is past; of the present version the compressed bytes too."""

    def __init__(self, is_kept: bool = True) -> None:
        self.is_kept = is_kept
        self._lock = threading.Lock()
        self._records: dict[str, _Shown] = {}

    def note(self, shown: Iterable[tuple[str, bytes]], number: int, at: float) -> None:
        """Write down what an answer held: (conversation id, JSON) of each record, made at `number`."""
        if not self.is_kept:
            return
        for ident, body in shown:
            with self._lock:
                self._note(self._records.setdefault(ident, _Shown()), body, number, at)

    def _note(self, known: _Shown, body: bytes, number: int, at: float) -> None:
        raw_hash = _hash(body)
        if known.raw_hash == raw_hash and known.versions[-1].number <= number:
            return  # as the last time
        digest, is_whole = _look(body)
        version = Version(number, digest, at, is_whole)
        place = bisect_left(known.versions, number, key=lambda each: each.number)
        is_repeat = place > 0 and known.versions[place - 1].digest == digest
        if not is_repeat:
            insort(known.versions, version, key=lambda each: each.number)
        if place == len(known.versions) - (not is_repeat):
            known.raw_hash = raw_hash
        if _counts_more(version, known.body_of):
            known.body_of, known.body = version, zlib.compress(body, 1)

    def ids(self) -> list[str]:
        return list(self._records)

    def shown(self, conversation_id: str) -> list[Version]:
        """The versions of one record in order; equal ones in a row are one. Empty when it was never shown."""
        known = self._records.get(conversation_id)
        return [] if known is None else list(known.versions)

    def expected(self, conversation_id: str) -> Version:
        """The version that whoever saw everything holds: the last whole one, else the last one cut short."""
        found = self._records[conversation_id].body_of
        assert found is not None
        return found

    def body(self, conversation_id: str) -> bytes:
        """The JSON of the expected version, as it was sent."""
        return zlib.decompress(self._records[conversation_id].body)

    def latest(self) -> dict[str, bytes]:
        """By conversation id the JSON of the expected version. For small accounts: all of it at once."""
        return {ident: self.body(ident) for ident in self.ids()}


def digest(record: Any) -> bytes:
    """The hash of a decoded record, whatever the order of its keys."""
    return _hash(orjson.dumps(record, option=orjson.OPT_SORT_KEYS))


def _counts_more(new: Version, old: Version | None) -> bool:
    if old is None or new.is_whole != old.is_whole:
        return old is None or new.is_whole
    return new.number >= old.number


def _look(body: bytes) -> tuple[bytes, bool]:
    """(digest, is whole) of a record; what is no proper JSON counts as whole and by its bytes."""
    try:
        record = orjson.loads(body)
        found = digest(record)
    except (orjson.JSONDecodeError, TypeError):
        return _hash(body), True
    info = record.get("info") if isinstance(record, dict) else None
    return found, not (isinstance(info, dict) and info.get("isPartial") is True)


def _hash(body: bytes) -> bytes:
    return hashlib.blake2b(body, digest_size=16).digest()
