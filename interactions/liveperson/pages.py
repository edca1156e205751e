"""Pages of a conversation search, and the walk over them with offsets of our own."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from interactions.liveperson.errors import TooLarge, UnexpectedResponse
from interactions.liveperson.records import ConversationRecord, marked, parse_conversation
from interactions.liveperson.records.coerce import Node

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
    """

    records: tuple[ConversationRecord, ...]
    count: int
    partial: bool
    offset: int

    def put_aside(self, why: str) -> "Page":
        """The same page with its records marked as heads of what cannot be read whole."""
        return replace(self, records=tuple([marked(record, why) for record in self.records]))


def read_page(value: object, *, offset: int, path: str) -> Page:
    """Read the envelope of a search answer; an empty answer is an empty page.

    Raises UnexpectedResponse for another envelope; strange records inside a good one never raise.
    """
    if value is None:
        return Page((), 0, False, offset)
    if not isinstance(value, dict):
        raise UnexpectedResponse("a search answer that is no object", path=path)
    metadata = _metadata(value, path)
    count = metadata.number("count")
    if count is None or count < 0:
        raise UnexpectedResponse("a search answer without count", path=path)
    return Page(records_of(value, path), count, _is_partial(metadata), offset)


def records_of(value: object, path: str) -> tuple[ConversationRecord, ...]:
    """The records of an answer; an empty answer has none."""
    if value is None:
        return ()
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
    rows = len(page.records)
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
