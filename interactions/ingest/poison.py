"""Past a record that ends the process that reads it: its page is read record by record, and it is put aside."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q

from interactions.liveperson import Client, Page
from interactions.liveperson.pages import DEEPEST, LIMIT, following
from interactions.models import SyncPage, SyncRun, SyncWindow

# A worker that is ended from outside dies over something too: of 5,000 records three were given up after three deaths
# each, when 200 workers were killed during one import.
AT_A_PAGE, AT_A_RECORD = 2, 5
ENDED = "The worker ended before it was done."
WHY = f"Reading it has ended the worker {AT_A_RECORD} times; its head alone is kept."
# SyncPage's offsets of places where a reading began and perhaps never came back: `ids` has a byte for each time.
MARKS = 2_000_000
_PAGES, _SINGLES, _BACKWARDS = MARKS, MARKS + 1_000_000, 500_000


def pages(client: Client, window: SyncWindow, offset: int, asked: dict[str, Any]) -> Iterator[Page]:
    """The window's pages from an offset on; `asked` is what `client.pages` gets besides.

    Only where a worker has died over this window, each beginning is written down first: a page that was begun twice
    in vain is read record by record, and of a record that was begun five times only the head is asked for.
    """
    if not _has_died(window):
        yield from client.pages(offset=offset, **asked)
        return
    place: int | None = offset
    while place is not None:
        is_bad = _tries(window, _PAGES, place, asked) >= AT_A_PAGE or _tries(window, _SINGLES, place, asked) > 0
        found = _one_by_one(client, window, place, asked) if is_bad else _one(client, window, place, asked)
        place = None
        for page in found:
            yield page
            place = following(page)


def _has_died(window: SyncWindow) -> bool:
    """Whether an earlier reading of this window was never written to an end; one run is ours."""
    unended = Q(state=SyncRun.State.RUNNING) | Q(error=ENDED)
    runs = SyncRun.objects.filter(unended, window=window).values_list("state", flat=True)
    return len(runs) > 1 or SyncRun.State.FAILED in runs


def _one(client: Client, window: SyncWindow, place: int, asked: dict[str, Any]) -> Iterator[Page]:
    _begin(window, _PAGES, place, asked)
    page = next(client.pages(offset=place, **asked), None)
    if page is not None:
        yield page


def _one_by_one(client: Client, window: SyncWindow, offset: int, asked: dict[str, Any]) -> Iterator[Page]:
    for place in range(offset, min(offset + LIMIT, DEEPEST)):
        if _tries(window, _SINGLES, place, asked) >= AT_A_RECORD:
            page = client.head(offset=place, why=WHY, **asked)
        else:
            _begin(window, _SINGLES, place, asked)
            page = client.search(offset=place, limit=1, **asked)
        yield page
        if following(page) is None:
            return


def _mark(base: int, place: int, asked: dict[str, Any]) -> int:
    return base + place + (_BACKWARDS if asked.get("sort") == "start:desc" else 0)


def _tries(window: SyncWindow, base: int, place: int, asked: dict[str, Any]) -> int:
    found = SyncPage.objects.filter(window=window, offset=_mark(base, place, asked)).first()
    return 0 if found is None else len(bytes(found.ids))


def _begin(window: SyncWindow, base: int, place: int, asked: dict[str, Any]) -> None:
    tries = bytes(_tries(window, base, place, asked) + 1)
    SyncPage.objects.update_or_create(window=window, offset=_mark(base, place, asked), defaults={"ids": tries})
