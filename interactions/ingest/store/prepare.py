"""Everything that can be worked out about a record before a transaction is opened."""

import hashlib
import json
import logging
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from isal import isal_zlib

from interactions.ingest.derive import VERSION, AutomaticTexts, Derived, Unreadable, derive
from interactions.ingest.store.rows import Raw
from interactions.ingest.store.sql import conversation_keys
from interactions.liveperson import ConversationRecord, StoredRecord, decode, encode
from interactions.models import RawRecord
from interactions.models.among import among

logger = logging.getLogger(__name__)
LONGEST_KEY = 128
# Bytes of JSON. Deriving takes many times the memory of a record; nobody reads a transcript of this size.
LARGEST_RECORD = 8 * 1024 * 1024
TOO_LONG = f"It has more than {LARGEST_RECORD >> 20} MB; it is kept but not shown."
# The id of a conversation as it stands near the beginning of its record.
_IDENT = re.compile(rb'"conversationId":"([\w.:-]{1,128})"', re.ASCII)
_HEAD = 4000
_DONE = object()
_LEVEL = 1  # the library's own default costs no less and saves a hundredth


@dataclass(slots=True)
class Prepared:
    """One record ready to be written; `derived` is None when it is unchanged, or unreadable for `reason`.

    `key` is its own id, or its hash when it has none that could be a key. `same_as` is the hash of what is stored,
    where that is the same JSON in other bytes.
    """

    key: str
    record: ConversationRecord | StoredRecord
    digest: bytes
    read_at: datetime
    is_partial: bool
    derived: Derived | None = None
    reason: str = ""
    stored: bytes = b""
    same_as: bytes = b""

    @property
    def body(self) -> bytes:
        """The JSON as it came, compressed; what was stored before stays that, as decoding it is no exact inverse."""
        return self.stored or isal_zlib.compress(self.record.encoded, _LEVEL)

    @property
    def raw(self) -> Raw:
        return Raw(self.digest, self.body, self.read_at, self.is_partial)

    def understand(self, automatic: AutomaticTexts) -> Iterator[None]:
        """Derive the rows, step by step; what cannot be understood says why and stays with its raw form."""
        record = self.record.read() if isinstance(self.record, StoredRecord) else self.record
        self.reason = record.unread or ("" if len(record.encoded) <= LARGEST_RECORD else TOO_LONG)
        if self.reason:
            return
        try:
            self.derived = yield from derive(record, automatic)
        except Unreadable as error:
            self.reason = str(error)
        except Exception as error:  # a record that breaks a rule of ours must not stop the page that it came in
            logger.error("record not derived", extra={"conversation": self.key, "error": type(error).__name__})
            self.reason = f"It could not be understood ({type(error).__name__})."


def canonical(raw: Any) -> bytes:
    """The JSON in one form for equal records, whatever the order of their keys."""
    try:
        return orjson.dumps(raw, option=orjson.OPT_SORT_KEYS)
    except TypeError:  # lone surrogates, numbers beyond 64 bits and what is nested deeply
        pass
    try:
        return json.dumps(raw, sort_keys=True, separators=(",", ":")).encode()
    except RecursionError:  # in the order of delivery: at worst an equal record counts as changed
        return encode(raw)


def fingerprint(body: bytes) -> bytes:
    return hashlib.blake2b(body, digest_size=16).digest()


def prepare(
    records: Iterable[ConversationRecord],
    read_at: datetime,
    automatic: AutomaticTexts,
    *,
    stored: Iterable[StoredRecord] = (),
) -> list[Prepared]:
    """Hash all records and derive those that the database does not hold in this form already."""
    found = [(_prepared(record, read_at), record.raw) for record in records]
    known = digests([item.key for item, _ in found])
    changed = [(item, raw) for item, raw in found if known.get(item.key) != item.digest]
    _recognise({item.key: (item, raw) for item, raw in changed if item.key in known}, known)
    understand([item for item, _ in changed if not item.same_as], automatic)
    unchanged = [Prepared(each.conversation_id, each, each.digest, read_at, False) for each in stored]
    return [*unchanged, *(item for item, _ in found)]


def understand(items: Iterable[Prepared], automatic: AutomaticTexts) -> None:
    """Derive the rows of all items, one step of each before the next of any.

    A processor is quicker at the same code for a hundred records than at all of it for each in turn: by a fifth.
    """
    steps = [item.understand(automatic) for item in items]
    while steps:
        steps = [each for each in steps if next(each, _DONE) is not _DONE]


def _prepared(record: ConversationRecord, read_at: datetime) -> Prepared:
    digest = fingerprint(record.encoded)
    ident = record.info.conversation_id
    key = ident if ident is not None and len(ident) <= LONGEST_KEY else digest.hex()
    return Prepared(key, record, digest, read_at, bool(record.info.is_partial))


def _recognise(changed: Mapping[str, tuple[Prepared, Any]], known: Mapping[str, bytes]) -> None:
    """Note which records differ from what is stored in nothing but the order of keys or the way of writing."""
    if not changed:
        return
    bodies = RawRecord.objects.filter(conversation__conversation_id__in=among(changed))
    for ident, body in bodies.values_list("conversation__conversation_id", "body"):
        item, raw = changed[ident]
        if canonical(decode(zlib.decompress(body))) == canonical(raw):
            item.same_as = known[ident]


def digests(keys: Sequence[str], *, are_whole: bool = False) -> Mapping[str, bytes]:
    """Hashes by conversation id of what is stored and derived by today's rules; `are_whole` leaves parts out."""
    names = conversation_keys(keys)
    if not names:
        return {}
    found = RawRecord.objects.filter(pk__in=list(names)).values_list("pk", "digest", "derived_by", "is_partial")
    return {
        names[pk]: bytes(digest)
        for pk, digest, derived_by, is_partial in found
        if derived_by == VERSION and not (are_whole and is_partial)
    }


def stored_as(records: Sequence[bytes]) -> list[StoredRecord | None]:
    """Which of these records are stored whole, byte by byte, and derived by today's rules."""
    matches = [_IDENT.search(record, 0, _HEAD) for record in records]
    # Another id that happens to stand there has another hash.
    idents = ["" if match is None else match[1].decode() for match in matches]
    known = digests([ident for ident in idents if ident], are_whole=True)
    return [_stored(ident, known.get(ident), record) for ident, record in zip(idents, records, strict=True)]


def _stored(ident: str, digest: bytes | None, record: bytes) -> StoredRecord | None:
    return StoredRecord(ident, digest, record) if digest is not None and digest == fingerprint(record) else None
