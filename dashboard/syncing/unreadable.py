"""Records that could not be understood: how many for which reason, a page of them, one as it came."""

import re
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlencode
from zlib import error as ZlibError

import orjson
from django.urls import reverse

from interactions.models import RawRecord, UnreadableRecord

# The reason stands behind the record's bytes, which are read past: of many records the newest tell enough.
LOOKED_AT = 2000
MOST_REASONS = 12
ROWS = 50
# Characters of a record on one page.
PART = 60_000
# All but tab and line break are shown as what they are.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Reason:
    """Records that failed alike; `is_more` says that there are older ones which were not counted."""

    text: str
    count: int
    url: str
    is_more: bool


@dataclass(frozen=True)
class Page:
    """Some records without their bytes, newest first; `older` is the address of the next ones, or ""."""

    records: list[UnreadableRecord]
    older: str


@dataclass(frozen=True)
class Part:
    """A piece of a record's text; pieces are numbered from 1."""

    text: str
    number: int
    count: int


def reasons() -> list[Reason]:
    """What failed, the most frequent first. One query."""
    newest = list(UnreadableRecord.objects.order_by("-pk").values_list("reason", flat=True)[:LOOKED_AT])
    counted = Counter(newest).most_common(MOST_REASONS)
    return [Reason(text, count, list_url(text), len(newest) == LOOKED_AT) for text, count in counted]


def list_url(reason: str = "", before: int | None = None) -> str:
    asked = {"reason": reason, "before": before}
    tail = urlencode({name: value for name, value in asked.items() if value})
    return f"{reverse('sync-unreadable')}?{tail}" if tail else reverse("sync-unreadable")


def page(reason: str, before: int | None) -> Page:
    rows = UnreadableRecord.objects.defer("body").order_by("-pk")
    if reason:
        rows = rows.filter(reason=reason)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: ROWS + 1])
    older = list_url(reason, found[ROWS - 1].pk) if len(found) > ROWS else ""
    return Page(found[:ROWS], older)


def part(record: UnreadableRecord | RawRecord, number: int) -> Part:
    """Piece `number` of the record, the last one when there are fewer."""
    text = _text(record)
    count = max(1, -(-len(text) // PART))
    number = min(max(number, 1), count)
    return Part(text[(number - 1) * PART : number * PART], number, count)


def _text(record: UnreadableRecord | RawRecord) -> str:
    """The record with one fact a line where it is JSON, else as it came; nothing in it acts on the page."""
    try:
        came = record.json_bytes
    except ZlibError:
        return "The kept bytes are damaged."
    # What is not JSON, or nested without end, may be here for that very reason.
    with suppress(orjson.JSONDecodeError, orjson.JSONEncodeError):
        came = orjson.dumps(orjson.loads(came), option=orjson.OPT_INDENT_2)
    return _CONTROLS.sub(lambda found: f"\\u{ord(found[0]):04x}", came.decode("utf-8", "replace"))
