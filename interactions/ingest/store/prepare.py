"""Everything that can be worked out about a record before a transaction is opened."""

import hashlib
import json
import logging
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from interactions.ingest.derive import VERSION, AutomaticTexts, Derived, Unreadable, derive
from interactions.liveperson import ConversationRecord, encode
from interactions.models import RawRecord

logger = logging.getLogger(__name__)
LONGEST_KEY = 128
# Bytes of JSON. Deriving takes many times the memory of a record; nobody reads a transcript of this size.
LARGEST_RECORD = 8 * 1024 * 1024
TOO_LONG = f"It has more than {LARGEST_RECORD >> 20} MB; it is kept but not shown."
_LEVEL = 1  # half the time of the default for a tenth more room


@dataclass(slots=True)
class Prepared:
    """One record ready to be written; `derived` is None when it is unchanged, or unreadable for `reason`.

    `key` is its own id, or its hash when it has none that could be a key.
    """

    key: str
    record: ConversationRecord
    digest: bytes
    read_at: datetime
    is_partial: bool
    derived: Derived | None = None
    reason: str = ""
    stored: bytes = b""

    @property
    def body(self) -> bytes:
        """The JSON as it came, compressed; what was stored before stays that, as decoding it is no exact inverse."""
        return self.stored or zlib.compress(self.record.encoded, _LEVEL)

    def understand(self, automatic: AutomaticTexts) -> None:
        """Derive the rows; what cannot be understood says why and stays with its raw form."""
        self.reason = self.record.unread or ("" if len(self.record.encoded) <= LARGEST_RECORD else TOO_LONG)
        if self.reason:
            return
        try:
            self.derived = derive(self.record, automatic)
        except Unreadable as error:
            self.reason = str(error)
        except Exception as error:  # a record that breaks a rule of ours must not stop the page that it came in
            logger.error("record %s could not be derived: %s", self.key, type(error).__name__)
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


def prepare(records: Iterable[ConversationRecord], read_at: datetime, automatic: AutomaticTexts) -> list[Prepared]:
    """Hash all records and derive those that the database does not hold in this form already."""
    found = [_prepared(record, read_at) for record in records]
    known = digests([item.key for item in found])
    for item in found:
        if known.get(item.key) != item.digest:
            item.understand(automatic)
    return found


def _prepared(record: ConversationRecord, read_at: datetime) -> Prepared:
    digest = fingerprint(canonical(record.raw))
    ident = record.info.conversation_id
    key = ident if ident is not None and len(ident) <= LONGEST_KEY else digest.hex()
    return Prepared(key, record, digest, read_at, bool(record.info.is_partial))


def digests(keys: Iterable[str]) -> Mapping[str, bytes]:
    """Hashes by conversation id of what is stored and derived by today's rules."""
    rows = RawRecord.objects.filter(conversation__conversation_id__in=list(keys), derived_by=VERSION)
    return {ident: bytes(digest) for ident, digest in rows.values_list("conversation__conversation_id", "digest")}
