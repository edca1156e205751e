"""The records of an answer cut out as the bytes that came, without decoding what is known already.

LivePerson writes its JSON without blanks and every record with `info` first. An answer in any other form is not cut
but decoded whole. A wrong cut cannot pass: a piece is taken only when it decodes by itself to an object, or when it
equals, byte by byte as its hash says, a record that did so before; and pieces and envelope that are good JSON each
make up an answer that is.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from interactions.liveperson.codec import decode_strictly
from interactions.liveperson.records import StoredRecord

_BEGIN = b'"conversationHistoryRecords":[{"info":'
_BETWEEN = b'},{"info":'
_END = b"]}"

# Recognises those of some records, as bytes, that are stored byte by byte; None for the others.
Known = Callable[[Sequence[bytes]], Sequence[StoredRecord | None]]


class Pieces(NamedTuple):
    """The answer with an empty list instead of its records, and each record as it came."""

    envelope: object
    records: list[bytes]


def cut(body: bytes) -> Pieces | None:
    """The pieces of an answer; None when it is not in the usual form."""
    head, found, rest = body.partition(_BEGIN)
    if not found or not rest.endswith(_END):
        return None
    try:
        envelope = decode_strictly(head + b'"conversationHistoryRecords":[]}')
    except ValueError:
        return None
    *others, last = rest[: -len(_END)].split(_BETWEEN)
    return Pieces(envelope, [*[b'{"info":%b}' % piece for piece in others], b'{"info":' + last])


def nothing_known(records: Sequence[bytes]) -> Sequence[StoredRecord | None]:
    return [None] * len(records)
