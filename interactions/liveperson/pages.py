"""Pages of a conversation search, and the walk over them with offsets of our own."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from interactions.liveperson.calls import json_of
from interactions.liveperson.errors import TooLarge, UnexpectedResponse
from interactions.liveperson.pieces import Known, cut, nothing_known
from interactions.liveperson.records import (
    ConversationRecord,
    StoredRecord,
    marked,
    parse_conversation,
    parse_encoded,
)
from interactions.liveperson.records.coerce import Node
from interactions.liveperson.transport import Answer

LIMIT = 100
OVERLAP = 10
# LivePerson's search is assumed to give no record beyond this one (fact sheet 4.1).
DEEPEST = 10_000
NO_JSON = "LivePerson's answer for it is no JSON that can be read; its head alone is kept."
TOO_LARGE = "It is larger than what is taken in at once; its head alone is kept."


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a search.

    `count` is the total of the whole search, as counted when this page was made; `partial` says that part of
    LivePerson's index did not answer, so that conversations may be missing; `offset` is that of the first record.
    Records that the caller knows already are in `stored`.
    """

    records: tuple[ConversationRecord, ...]
    count: int
    partial: bool
    offset: int
    stored: tuple[StoredRecord, ...] = ()

    @property
    def length(self) -> int:
        """How many places of the list this page fills."""
        return len(self.records) + len(self.stored)

    def put_aside(self, why: str) -> "Page":
        """The same page with its records marked as heads of what cannot be read whole."""
        read = (*self.records, *(each.read() for each in self.stored))
        return replace(self, records=tuple([marked(record, why) for record in read]), stored=())


@dataclass(frozen=True, slots=True)
class _Opened:
    """An answer: its envelope, or all of it where the records could not be cut out, and they."""

    envelope: object
    records: tuple[ConversationRecord, ...]
    stored: tuple[StoredRecord, ...] = ()


def page_of(answer: Answer, path: str, *, offset: int, known: Known = nothing_known) -> Page:
    """Read the answer to a search; an empty one is an empty page. What is `known` is not even decoded.

    Raises UnexpectedResponse for another envelope; strange records inside a good one never raise.
    """
    opened = _opened(answer, path, known)
    if opened is None:
        return Page((), 0, False, offset)
    if not isinstance(opened.envelope, dict):
        raise UnexpectedResponse("a search answer that is no object", path=path)
    metadata = _metadata(opened.envelope, path)
    count = metadata.number("count")
    if count is None or count < 0:
        raise UnexpectedResponse("a search answer without count", path=path)
    return Page(opened.records, count, _is_partial(metadata), offset, opened.stored)


def records_of(answer: Answer, path: str) -> tuple[ConversationRecord, ...]:
    """The records of an answer; an empty answer has none."""
    opened = _opened(answer, path, nothing_known)
    return () if opened is None else opened.records


def _opened(answer: Answer, path: str, known: Known) -> _Opened | None:
    pieces = cut(answer.body)
    if pieces is not None:
        recognised = known(pieces.records)
        new = [record for record, stored in zip(pieces.records, recognised, strict=True) if stored is None]
        try:
            read = tuple([parse_encoded(record) for record in new])
        except ValueError:
            pass  # cut in the wrong places, or not JSON to the letter: decoded whole
        else:
            return _Opened(pieces.envelope, read, tuple([stored for stored in recognised if stored is not None]))
    value = json_of(answer, path)
    return None if value is None else _Opened(value, _listed(value, path))


def _listed(value: object, path: str) -> tuple[ConversationRecord, ...]:
    records = value.get("conversationHistoryRecords") if isinstance(value, dict) else value
    if records is None:
        return ()
    if not isinstance(value, dict) or not isinstance(records, list):
        raise UnexpectedResponse("an answer without a list of records", path=path)
    return tuple([parse_conversation(record) for record in records])


def _metadata(value: dict[str, Any], path: str) -> Node:
    metadata = value.get("_metadata", value.get("metadata"))
    if not isinstance(metadata, dict):
        raise UnexpectedResponse("a search answer without metadata", path=path)
    return Node(metadata, (), [])


def _is_partial(metadata: Node) -> bool:
    shards = metadata.child("shardsStatusResult")
    return shards is not None and bool(shards.flag("partialResult") or shards.flag("partial"))


def walk(read: Callable[[int], Page], *, overlap: int, offset: int = 0) -> Iterator[Page]:
    """Every page of a search in order, each reading the last `overlap` records of the one before again.

    The count is taken from each page anew: it grows and shrinks while the walk goes on. It ends at the deepest
    record that LivePerson gives.
    """
    place: int | None = offset
    while place is not None:
        page = read(place)
        yield page
        place = following(page, overlap)


def following(page: Page, overlap: int = OVERLAP) -> int | None:
    """The offset of the page after this one; None when it is the last."""
    rows = page.length
    if rows == 0 or page.offset + rows >= min(page.count, DEEPEST):
        return None
    # A page as short as the overlap would be read for ever.
    return page.offset + (rows - overlap if rows > overlap else rows)


def shrinking(
    read: Callable[[int, int], Page], limit: int, *, smallest: int, head: Callable[[int, str], Page]
) -> Callable[[int], Page]:
    """A reader by offset that halves its pages where one cannot be taken in, down to a single record.

    Pages too large stay small for good, down to `smallest`; below it, and for what cannot be decoded, they grow
    again after the bad place. Of a single record that cannot be read `head` gives (offset, why) what can.
    """
    most = size = limit

    def read_at(offset: int) -> Page:
        nonlocal most, size
        while True:
            try:
                page = read(offset, max(1, min(size, DEEPEST - offset)))
            except UnexpectedResponse as error:
                if size == 1:
                    return head(offset, TOO_LARGE if isinstance(error, TooLarge) else NO_JSON)
                size = max(size // 2, 1)
                most = max(size, smallest) if isinstance(error, TooLarge) else most
            else:
                size = min(size * 2, most)
                return page

    return read_at
