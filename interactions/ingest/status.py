"""How fresh and how complete the data is, from what landed in the database: for frame, /sync/ and /healthz."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from interactions.ingest.refresh import covered_to
from interactions.ingest.windows import BACKFILL, MANUAL, REFRESH, SWEEP
from interactions.models import Account, SyncRun, SyncWindow, UnreadableRecord, WorkState
from interactions.models.prepared import Prepared

State = Literal["current", "history", "incomplete", "behind", "never"]
# A month is shown as read once nothing but rounding is missing.
_WHOLE = 0.999


class Read(NamedTuple):
    """A window of history that was read whole: of hundreds, no more is asked than its ends."""

    start_from: datetime
    start_to: datetime
    kind: str = BACKFILL
    state: str = WorkState.COMPLETE
    incomplete_since: None = None


Window = SyncWindow | Read


@dataclass(frozen=True, slots=True)
class Freshness:
    """`state` is the worst that holds: never, behind, incomplete, history, current.

    `read_to`: up to this instant the newest complete refresh covers the account.
    `history_back_to`: down to it history was read without a gap of unread periods; `complete_since`: down to it
    everything was read whole (None while the newest period is not). `trouble` is "" or a short kind (refused,
    privilege, unavailable, slowed, unexpected), `trouble_detail` the sentence for people. `history_paused_at` is set
    while a person holds the reading of history. `windows` are those that it was told from, newest first.
    """

    state: State
    read_to: datetime | None
    history_back_to: datetime | None
    complete_since: datetime | None
    incomplete: list[SyncWindow]
    is_reading_history: bool
    windows_total: int
    windows_done: int
    trouble: str
    trouble_detail: str
    trouble_since: datetime | None
    retry_at: datetime | None
    account_id: str
    first_started_at: datetime | None
    data_age_seconds: int | None
    incomplete_since: datetime | None
    history_paused_at: datetime | None
    windows: list[Window]

    @property
    def incomplete_count(self) -> int:
        return len(self.incomplete)


@dataclass(frozen=True, slots=True)
class Completeness:
    """Whether a period was read whole; if not, since when on it is (None: not even its newest part).

    `ends_at` is the oldest start that is ever read, where the period reaches behind it; `is_reading` says that
    some of it is still to be read, `is_behind` that its newest part is not read yet. `incomplete` are the ranges in
    it of which not everything arrived, refreshes apart; `is_unread` says that more than these is still to be read,
    `read_since` down to where nothing is.
    """

    is_complete: bool
    complete_since: datetime | None
    ends_at: datetime | None = None
    is_reading: bool = False
    is_behind: bool = False
    incomplete: tuple[SyncWindow, ...] = ()
    is_unread: bool = False
    read_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class MonthCoverage:
    """How much of one month of history is read; `share` is 0 to 1."""

    month: date
    share: float
    state: Literal["complete", "incomplete", "reading", "waiting"]


def freshness(now: datetime | None = None) -> Freshness:
    """The state of the whole account, in four queries."""
    now = now or timezone.now()
    account = _ACCOUNT.first()
    windows = _windows()
    history = [window for window in windows if window.kind == BACKFILL]
    read_to = covered_to()
    incomplete = [window for window in windows if isinstance(window, SyncWindow) and window.incomplete_since]
    done = [window for window in history if window.state == WorkState.COMPLETE]
    is_reading = any(not _is_read(window) for window in history)
    age = None if read_to is None else max(0, int((now - read_to).total_seconds()))
    return Freshness(
        state=_state(account, age, incomplete, is_reading, bool(history)),
        read_to=read_to,
        history_back_to=_down_to(history, _is_read),
        complete_since=_down_to(history, _is_complete),
        incomplete=incomplete,
        is_reading_history=is_reading,
        windows_total=len(history),
        windows_done=len(done),
        trouble=account.trouble if account else "",
        trouble_detail=account.trouble_detail if account else "",
        trouble_since=account.trouble_since if account else None,
        retry_at=account.retry_at if account else None,
        account_id=account.account_id if account else "",
        first_started_at=account.created_at if account else None,
        data_age_seconds=age,
        incomplete_since=min((w.incomplete_since for w in incomplete if w.incomplete_since), default=None),
        history_paused_at=account.history_paused_at if account else None,
        windows=windows,
    )


_WHOLE_HISTORY = Q(kind=BACKFILL, state=WorkState.COMPLETE, incomplete_since=None)


def _not_whole() -> QuerySet[SyncWindow]:
    """What is open of history and of the refreshes, and what `sync --since` could not read whole."""
    rows = SyncWindow.objects.exclude(kind=MANUAL, incomplete_since=None)
    return rows.exclude(kind__in=(MANUAL, REFRESH, SWEEP), state=WorkState.COMPLETE).exclude(_WHOLE_HISTORY)


# Every page asks these.
_ACCOUNT = Prepared(lambda: Account.objects.order_by("pk")[:1])
_NOT_WHOLE = Prepared(lambda: _not_whole().order_by("pk"))
_HISTORY = Prepared(
    lambda: SyncWindow.objects.filter(_WHOLE_HISTORY).order_by("pk").values_list("start_from", "start_to")
)


def _windows() -> list[Window]:
    """All of history and what is not whole, newest first."""
    found: list[Window] = [*_NOT_WHOLE(), *(Read(*ends) for ends in _HISTORY())]
    return sorted(found, key=lambda window: window.start_from, reverse=True)


def _is_complete(window: Window) -> bool:
    return window.state == WorkState.COMPLETE


def _is_read(window: Window) -> bool:
    # An incomplete one was read as far as LivePerson gave it.
    return window.state == WorkState.COMPLETE or window.incomplete_since is not None


def _down_to(history: list[Window], is_good: Callable[[Window], bool]) -> datetime | None:
    reached: datetime | None = None
    for window in history:
        if not is_good(window):
            break
        reached = window.start_from
    return reached


def _state(
    account: Account | None, age: int | None, incomplete: list[SyncWindow], is_reading: bool, is_planned: bool
) -> State:
    if account is None or not is_planned:
        return "never"
    if account.trouble not in ("", "slowed") or (age is not None and age > settings.STALE_AFTER_MINUTES * 60):
        return "behind"
    if incomplete:
        return "incomplete"
    return "history" if is_reading else "current" if age is not None else "never"


def completeness(
    start: datetime | None, end: datetime | None, now: datetime | None = None, known: Freshness | None = None
) -> Completeness:
    """Whether everything that started from `start` up to `end` was read; None leaves a side open.

    No query where the freshness of the account is `known` already, which tells it.
    """
    now = now or timezone.now()
    known = known or freshness(now)
    windows = known.windows
    history = [window for window in windows if window.kind == BACKFILL]
    since = _down_to(history, _is_complete)
    newest = history[0].start_to if history else None
    oldest = history[-1].start_from if history else None
    # Nobody read what is older than the oldest window, nor will; with both sides open "everything" ends there.
    reaches_behind = oldest is not None and any(side is not None and side < oldest for side in (start, end))
    open_ones = [window for window in windows if _counts_as_open(window) and _overlaps(window, start, end)]
    stale = timedelta(minutes=settings.STALE_AFTER_MINUTES)
    needs_refresh = newest is not None and (end is None or end > newest)
    is_behind = needs_refresh and (known.read_to is None or known.read_to < min(end or now, now) - stale)
    is_complete = bool(history) and not open_ones and not is_behind and not reaches_behind
    return Completeness(
        is_complete,
        since,
        oldest if reaches_behind else None,
        bool(open_ones),
        is_behind,
        incomplete=tuple(
            each
            for each in open_ones
            if isinstance(each, SyncWindow) and each.incomplete_since and each.kind != REFRESH
        ),
        is_unread=any(not _is_read(window) for window in open_ones),
        read_since=_down_to(history, _is_read),
    )


def _counts_as_open(window: Window) -> bool:
    if window.kind == BACKFILL:
        return window.state != WorkState.COMPLETE
    return window.incomplete_since is not None


def _overlaps(window: Window, start: datetime | None, end: datetime | None) -> bool:
    return (end is None or window.start_from < end) and (start is None or window.start_to > start)


def months(zone: str = "UTC") -> list[MonthCoverage]:
    """The months of history, newest first, with the share of their time that is read. One query."""
    history = list(SyncWindow.objects.filter(kind=BACKFILL).order_by("-start_from"))
    if not history:
        return []
    place = ZoneInfo(zone)
    first, last = history[-1].start_from.astimezone(place), history[0].start_to.astimezone(place)
    return [_month(year, month, history, place) for year, month in _months_between(first, last)]


def _months_between(first: datetime, last: datetime) -> list[tuple[int, int]]:
    numbers = range(last.year * 12 + last.month - 1, first.year * 12 + first.month - 2, -1)
    return [(number // 12, number % 12 + 1) for number in numbers]


def _month(year: int, month: int, history: Sequence[SyncWindow], place: ZoneInfo) -> MonthCoverage:
    start = datetime(year, month, 1, tzinfo=place)
    end = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=place)
    inside = [window for window in history if _overlaps(window, start, end)]
    whole = sum((_within(window, start, end) for window in inside), timedelta())
    read = sum((_within(window, start, end) * _share(window) for window in inside), timedelta())
    share = read / whole if whole else 0.0
    if any(window.incomplete_since is not None for window in inside):
        return MonthCoverage(start.date(), share, "incomplete")
    if share >= _WHOLE:
        return MonthCoverage(start.date(), 1.0, "complete")
    return MonthCoverage(start.date(), share, "reading" if share else "waiting")


def _within(window: SyncWindow, start: datetime, end: datetime) -> timedelta:
    return min(window.start_to, end) - max(window.start_from, start)


def _share(window: SyncWindow) -> float:
    if _is_read(window):
        return 1.0
    return min(1.0, window.done_count / window.total_count) if window.total_count else 0.0


@dataclass(frozen=True, slots=True)
class LastHour:
    """What was asked of LivePerson in the last hour."""

    requests: int
    failed: int
    read: int
    new: int
    changed: int
    slowed: int = 0


def last_hour(now: datetime | None = None) -> LastHour:
    """Counts over the runs of the last hour. One query."""
    now = now or timezone.now()
    runs = SyncRun.objects.filter(started_at__gt=now - timedelta(hours=1))
    rows = list(runs.values_list("state", "request_count", "read_count", "new_count", "changed_count", "slowed_count"))
    sums = [sum(int(row[place]) for row in rows) for place in range(1, 6)]
    return LastHour(sums[0], sum(1 for row in rows if row[0] == SyncRun.State.FAILED), *sums[1:])


def unreadable_count() -> int:
    return UnreadableRecord.objects.count()


def empty_answer_is_suspicious(now: datetime | None = None) -> bool:
    """Whether a usually busy account has shown nothing new for a day although refreshes succeed. Two queries."""
    from interactions.models import Conversation

    now = now or timezone.now()
    day = timedelta(days=1)
    if Conversation.objects.filter(started_at__gt=now - day).exists():
        return False
    week = Conversation.objects.filter(started_at__range=(now - 8 * day, now - day))[:70].count()
    return week >= 70
