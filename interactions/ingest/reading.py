"""Reading one window from LivePerson: pages, progress and fencing in one transaction each, and the final count."""

import gc
import hashlib
import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import transaction
from django.utils import timezone

from interactions.ingest import poison
from interactions.ingest.configuration import automatic_texts
from interactions.ingest.partial import ask_again
from interactions.ingest.splitting import split
from interactions.ingest.store import Outcome, prepare, write
from interactions.ingest.turns import taking_turns
from interactions.jobs import Claim
from interactions.liveperson import Client, ConversationRecord, Filters, Page, Refused, UnexpectedResponse
from interactions.liveperson.pages import DEEPEST, OVERLAP
from interactions.models import SyncPage, SyncWindow, WorkState

logger = logging.getLogger(__name__)
PASSES = 3
# What one search gives from its oldest start on, and again from its newest.
MOST_RECORDS = 2 * DEEPEST
# SyncPage's offsets of the pages that were read from the newest start on.
_BACKWARDS = 1_000_000
# No exchange takes so long: the clock has been set.
_STEP = timedelta(minutes=10)
_T = TypeVar("_T")
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=5), timedelta(hours=2)
_HASH = 8


class Ending(Exception):
    """The worker is to end: the page in hand is stored, and the rest is left to the next one."""


@dataclass(slots=True)
class Tools:
    """What reading needs from outside; tests give their own clock, sleep and watcher.

    `is_ending` says between two pages whether the worker is to end.
    """

    clock: Callable[[], datetime] = timezone.now
    sleep: Callable[[float], None] = time.sleep
    watch: Callable[["Reading"], None] = lambda reading: None
    is_ending: Callable[[], bool] = lambda: False

    def asked(self, call: Callable[[], _T]) -> tuple[datetime, _T]:
        """(the instant at which it was asked, the answer).

        Should the clock have been corrected meanwhile, as an answer tells LivePerson's, the corrected one counts: a
        state read in the future would keep every newer one out.
        """
        asked_at, began = self.clock(), time.monotonic()
        answer = call()
        now = self.clock()
        is_steady = timedelta(0) <= now - asked_at < _STEP
        return (asked_at if is_steady else now - timedelta(seconds=time.monotonic() - began)), answer


@dataclass(slots=True)
class Reading:
    """How far one window has come."""

    window: SyncWindow
    seen: set[bytes] = field(default_factory=set)
    offset: int = 0
    # Beyond the deepest record that a search gives, the rest is read from the newest start on.
    is_backwards: bool = False
    count: int = 0
    partial: bool = False
    # The page before: its ids, and the place of the list behind it.
    last_ids: frozenset[bytes] = frozenset()
    last_end: int = 0
    # A page did not meet the one before it: others may have moved to places that were read already.
    has_slipped: bool = False
    highest_count: int = 0
    # How many more places of the list the ids fill that stood on one page several times.
    repeated: dict[bytes, int] = field(default_factory=dict)
    requests: int = 0
    outcome: Outcome = field(default_factory=Outcome)

    @property
    def shortfall(self) -> str:
        """Why the window is not complete, in words; "" when it is."""
        if self.count > MOST_RECORDS:
            return f"LivePerson counts {self.count}; more than {MOST_RECORDS} in ten minutes cannot be read."
        if self.partial:
            return "LivePerson answered for a part of its index only."
        if self.has_slipped and (self.count < self.highest_count or self._distinct > self.count):
            return "Two pages of LivePerson's list did not meet: conversations may have left it between them."
        if self._distinct < self.count:
            return f"LivePerson counts {self.count}, {len(self.seen)} arrived."
        return ""

    @property
    def _distinct(self) -> int:
        return len(self.seen) + sum(self.repeated.values())

    def start_over(self) -> None:
        """Forget how far it has come, but not what was done."""
        self.seen, self.offset, self.is_backwards, self.partial, self.count = set(), 0, False, False, 0
        self.repeated, self.has_slipped, self.highest_count = {}, False, 0
        self.turn_round(is_backwards=False)

    def turn_round(self, *, is_backwards: bool = True) -> None:
        """Begin at one end of the list."""
        self.is_backwards, self.offset, self.last_ids, self.last_end = is_backwards, 0, frozenset(), 0

    def see(self, ids: list[bytes], offset: int) -> None:
        """Note the ids of one page. LivePerson counts records: one that it lists twice is not missing."""
        # Also where records are read one by one, none of them twice.
        is_another = 0 < offset <= self.last_end and len(ids) > 0
        self.has_slipped |= is_another and self.last_ids.isdisjoint(ids)
        self.last_ids, self.last_end = frozenset(ids), offset + len(ids)
        self.seen.update(ids)
        if len(ids) > len(set(ids)):
            for ident, times in Counter(ids).items():
                if times > 1:
                    self.repeated[ident] = max(times - 1, self.repeated.get(ident, 0))


@contextmanager
def rare_collections() -> Iterator[None]:
    """Records are many small objects without cycles: walking over them as often as usual costs a tenth of the time."""
    usual = gc.get_threshold()
    gc.set_threshold(50_000, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def read_window(
    client: Client,
    claim: Claim[SyncWindow],
    tools: Tools,
    reading: Reading,
    at_end: Callable[[Reading], object] = lambda reading: None,
) -> None:
    """Read a claimed window whole, up to three times over, and leave it complete or incomplete.

    `at_end` is what is to be done when all of it has been read, before it counts as complete. Raises
    LivePersonError, LostClaim, StopRequested and Ending; what is stored until then stays, and stands in `reading`.
    """
    for number in range(PASSES):
        if number:
            _start_over(claim, reading, tools)
        with rare_collections():
            _read_through(client, claim, reading, tools)
        if not reading.shortfall or reading.count > MOST_RECORDS:
            break
    outcome = ask_again(client, claim, automatic_texts(), tools.clock)
    if outcome is not None:
        reading.requests += 1
        reading.outcome.add(outcome)
    if not reading.shortfall:
        at_end(reading)
    _conclude(claim, reading, tools.clock())


def resumed(window: SyncWindow) -> Reading:
    """Where an earlier holder of this window was interrupted: what is in SyncPage is stored."""
    reading = Reading(window, count=window.expected_count or 0, highest_count=window.expected_count or 0)
    for page in SyncPage.objects.filter(window=window, offset__lt=poison.MARKS).order_by("offset"):
        if page.offset >= _BACKWARDS and not reading.is_backwards:
            reading.turn_round()
        ids, offset = bytes(page.ids), page.offset % _BACKWARDS
        reading.see([ids[at : at + _HASH] for at in range(0, len(ids), _HASH)], offset)
        rows = len(ids) // _HASH
        reading.offset = offset + (rows - OVERLAP if rows > OVERLAP else rows)
    return reading


def _start_over(claim: Claim[SyncWindow], reading: Reading, tools: Tools) -> None:
    with transaction.atomic():
        claim.renew(tools.clock(), done_count=0, seen_count=0)
        SyncPage.objects.filter(window=claim.row).delete()
    reading.start_over()


def _read_through(client: Client, claim: Claim[SyncWindow], reading: Reading, tools: Tools) -> None:
    """All pages of the window, or of its newest piece once it has turned out to hold too much."""
    while not reading.is_backwards and not _read_pages(client, claim, reading, tools):
        reading.start_over()
    if reading.count > DEEPEST and not reading.is_backwards:
        reading.turn_round()
    if reading.is_backwards:
        _read_pages(client, claim, reading, tools)


def _read_pages(client: Client, claim: Claim[SyncWindow], reading: Reading, tools: Tools) -> bool:
    """The pages of one direction; False where the window was split instead."""
    automatic = automatic_texts()
    for read_at, page in _pages(client, reading, tools):
        reading.requests += 1
        if page.offset == 0 and not reading.is_backwards and split(claim, page.count, tools.clock()):
            return False
        records = _full(client, page.records, reading)
        items = prepare(records, read_at, automatic, stored=page.stored)
        # An empty answer in the middle says nothing about how many there are.
        reading.count = page.count if page.length else max(page.count, reading.count)
        reading.highest_count = max(reading.highest_count, reading.count)
        reading.partial |= page.partial
        ids = [hashed(item.key) for item in items]
        repeated = reading.seen.intersection(ids)
        has_met = reading.is_backwards and reading.seen.issuperset(ids)
        reading.see(ids, page.offset)
        *parts, last = taking_turns.parts(items)
        outcome = Outcome()
        for part in parts:
            with taking_turns.turn(len(part), tools.sleep), transaction.atomic():
                claim.renew(tools.clock())
                outcome.add(write(part, automatic, window_pk=claim.row.pk))
        with taking_turns.turn(len(last), tools.sleep), transaction.atomic():
            claim.renew(
                tools.clock(),
                done_count=len(reading.seen),
                seen_count=len(reading.seen),
                total_count=reading.count,
                expected_count=reading.count,
            )
            outcome.add(write(last, automatic, window_pk=claim.row.pk))
            if not reading.partial:  # the next holder must ask again for a page that may lack rows
                _keep_place(claim.row, page.offset + _BACKWARDS * reading.is_backwards, b"".join(ids))
        # What a page reads again of the one before is no news, unless it changed meanwhile.
        repeated.difference_update(map(hashed, outcome.kept_out))
        outcome.unchanged = max(0, outcome.unchanged - len(repeated))
        reading.outcome.add(outcome)
        tools.watch(reading)
        if tools.is_ending():
            raise Ending
        if has_met and page.offset + len(ids) >= reading.count - DEEPEST:
            break
    return True


def _pages(client: Client, reading: Reading, tools: Tools) -> Iterator[tuple[datetime, Page]]:
    window = reading.window
    asked = {
        "start_from": _ms(window.start_from),
        "start_to": _ms(window.start_to) - 1,
        "filters": Filters(updated_since_ms=None if window.updated_since is None else _ms(window.updated_since)),
        "sort": "start:desc" if reading.is_backwards else "start:asc",
    }
    pages = poison.pages(client, window, reading.offset, asked)
    while True:
        asked_at, page = tools.asked(lambda: next(pages, None))
        if page is None:
            return
        yield asked_at, page


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def _full(client: Client, records: tuple[ConversationRecord, ...], reading: Reading) -> list[ConversationRecord]:
    """The records with those that LivePerson cut short asked for by id; what it still cuts stays marked."""
    cut = [r.info.conversation_id for r in records if r.info.is_partial and r.info.conversation_id]
    if not cut:
        return list(records)
    reading.requests += 1
    try:
        whole = {record.info.conversation_id: record for record in client.by_id(cut)}
    except (Refused, UnexpectedResponse) as error:  # this call alone: the parts are stored, and asked for again later
        logger.warning("cut records not given by id", extra={"count": len(cut), "error": type(error).__name__})
        return list(records)
    return [whole.get(r.info.conversation_id, r) if r.info.is_partial else r for r in records]


def hashed(key: str) -> bytes:
    """A conversation's id as its place in SyncPage."""
    return hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=_HASH).digest()


def _keep_place(window: SyncWindow, offset: int, ids: bytes) -> None:
    SyncPage.objects.update_or_create(window=window, offset=offset, defaults={"ids": ids})


def _conclude(claim: Claim[SyncWindow], reading: Reading, now: datetime) -> None:
    window, shortfall = claim.row, reading.shortfall
    with transaction.atomic():
        if shortfall:
            wait = min(FIRST_WAIT * 2 ** min(max(window.attempt_count - 1, 0), 10), LONGEST_WAIT)
            claim.finish(
                WorkState.INCOMPLETE,
                not_before=now + wait,
                incomplete_since=window.incomplete_since or now,
                error=shortfall,
            )
        else:
            claim.finish(WorkState.COMPLETE, not_before=None, incomplete_since=None, completed_at=now, error="")
        # Of use only while a window is being read.
        SyncPage.objects.filter(window=window).delete()
    if shortfall:
        logger.warning("window incomplete", extra={"window": window.pk, "kind": window.kind, "reason": shortfall})
