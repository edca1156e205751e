"""CSV written page by page, safe to open in a spreadsheet, honest when it breaks."""

import codecs
import csv
import io
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.utils import timezone

from dashboard.courtesy import GivingWay, sending

log = logging.getLogger(__name__)

# A spreadsheet would run a cell that begins so. A line feed is here beside the carriage return; a blank is not:
# behind one, spreadsheets take a cell for text.
DANGEROUS = frozenset("=+-@\t\r\n＝＋－＠")

# Rows that are written before a page is let go first: some milliseconds.
_AT_ONCE = 100


class Column(NamedTuple):
    heading: str
    get: Callable[[Any], Any]


def cells(row: Any, getters: Sequence[Callable[[Any], Any]]) -> list[Any]:
    """One line: text made safe, numbers as they are, nothing as nothing."""
    # Without a call per cell: thirty cells a row are most of a file's time.
    return [
        "'" + value if type(value) is str and value[:1] in DANGEROUS else value
        for value in [get(row) for get in getters]
    ]


class Clock:
    """Writes times as ISO 8601 in one zone, with its offset; milliseconds only where there are any."""

    def __init__(self, zone: str) -> None:
        # Given, not taken from the thread: the reader's zone has ended by the time a download runs.
        self.zone = ZoneInfo(zone)
        self.name = zone

    def write(self, at: datetime | None) -> str:
        return at.astimezone(self.zone).isoformat() if at is not None else ""

    def now(self) -> str:
        return f"{timezone.now().astimezone(self.zone):%H:%M} {self.name}"


def csv_stream(
    columns: Sequence[Column], pages: Iterable[Sequence[Any]], total: int, clock: Clock, *, has_mark: bool = False
) -> Iterator[bytes]:
    """RFC 4180 as UTF-8, one chunk per page of rows; `has_mark` begins with the byte order mark.

    A download that breaks ends with the one line that is no row: a file that merely stops would look whole.
    """
    yield (codecs.BOM_UTF8 if has_mark else b"") + _encoded([[column.heading for column in columns]])
    getters = [column.get for column in columns]
    written, way = 0, GivingWay()
    try:
        with sending():
            for page in pages:
                chunk = _encoded([cells(row, getters) for row in way.among(page, _AT_ONCE)])
                yield chunk
                written += len(page)
    except Exception as error:
        # The edge of a task that can no longer answer with a page. The class alone: a database's words may
        # quote a row.
        log.error("download broke off", extra={"count": written, "of": total, "error": type(error).__name__})
        yield f"# INCOMPLETE: stopped after {written:,} of {total:,} rows at {clock.now()}\r\n".encode()


def _encoded(rows: Iterable[Sequence[Any]]) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\r\n").writerows(rows)
    return buffer.getvalue().encode("utf-8", "replace")
