"""The slow comparison of everything that LivePerson still has with what is stored.

It is not known whether every late change moves LivePerson's latestUpdateTime, so refreshes alone could miss some.
The rule: within seven days everything that started in the last 390 days is read again once, a week of starts at a
time, newest first, whenever no refresh and no history is due. What is unchanged costs its reading and a hash.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max, Min

from interactions.ingest.configuration import automatic_texts
from interactions.ingest.reading import Ending, Reading, Tools, hashed
from interactions.ingest.store import prepare, write
from interactions.ingest.turns import write_turn
from interactions.ingest.windows import BACKFILL, SWEEP, hold_plan
from interactions.jobs import Claim
from interactions.liveperson import Client
from interactions.models import Account, Conversation, RawRecord, SyncWindow, WorkState

PASS, PIECE = timedelta(days=7), timedelta(days=7)
# LivePerson keeps 13 months; what is nearly as old leaves it by itself and is not missing.
KEPT = timedelta(days=390)
_TOGETHER = 100


def plan_sweep(now: datetime, days: int) -> bool:
    """Write the next week to compare when its turn has come; says whether it did."""
    if not _is_due(now, days):
        return False
    with transaction.atomic():
        hold_plan()
        if not _is_due(now, days):
            return False
        begun, newest = _place(now, days)
        oldest = max(newest - PIECE, now - reach(days))
        SyncWindow.objects.create(kind=SWEEP, start_from=oldest, start_to=newest, planned_at=begun)
    return True


def reach(days: int) -> timedelta:
    return min(timedelta(days=days), KEPT)


def _is_due(now: datetime, days: int) -> bool:
    if SyncWindow.objects.filter(kind=BACKFILL).exclude(state=WorkState.COMPLETE).exists():
        return False
    if not SyncWindow.objects.filter(kind=BACKFILL).exists() or _is_paused():
        return False
    sweeps = SyncWindow.objects.filter(kind=SWEEP)
    if sweeps.exclude(state=WorkState.COMPLETE).exists():
        return False
    # What was completed in the future was so by a clock that has been set back since.
    ended = SyncWindow.objects.filter(kind__in=(SWEEP, BACKFILL), completed_at__lte=now)
    done = ended.aggregate(at=Max("completed_at"))["at"]
    return done is None or now >= done + PASS * (PIECE / max(reach(days), PIECE))


def _is_paused() -> bool:
    return Account.objects.filter(history_paused_at__isnull=False).exists()


def _place(now: datetime, days: int) -> tuple[datetime, datetime]:
    """When the present pass began, and down to where it has come; a new pass begins at the present."""
    latest = SyncWindow.objects.filter(kind=SWEEP).order_by("-planned_at").first()
    if latest is None or latest.planned_at > now:
        return now, now
    swept = SyncWindow.objects.filter(kind=SWEEP, planned_at=latest.planned_at).aggregate(to=Min("start_from"))["to"]
    if swept <= now - reach(days) + timedelta(hours=1):
        return now, now
    return latest.planned_at, swept


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the present comparison has come: `share` 0 to 1, since `begun_at`; None before the first."""

    begun_at: datetime | None
    share: float


def progress(now: datetime, days: int) -> Progress:
    latest = SyncWindow.objects.filter(kind=SWEEP).order_by("-planned_at").values_list("planned_at", flat=True).first()
    if latest is None:
        return Progress(None, 0.0)
    done = SyncWindow.objects.filter(kind=SWEEP, planned_at=latest, state=WorkState.COMPLETE)
    compared = sum((window.start_to - window.start_from for window in done), timedelta())
    return Progress(latest, min(1.0, compared / reach(days)))


def compare(client: Client, claim: Claim[SyncWindow], tools: Tools, reading: Reading) -> int:
    """When a window was read whole: what is stored of it but was not listed is asked for by id.

    What LivePerson does not have any more is kept and marked; what it has again loses the mark. Returns how many
    were found missing. Raises LivePersonError, LostClaim, StopRequested and Ending; what was marked before one of
    them is not asked for again when the window is read once more.
    """
    window, seen = claim.row, reading.seen
    stored = Conversation.objects.filter(started_at__gte=window.start_from, started_at__lt=window.start_to)
    absent: dict[str, int] = {}
    for pk, ident in stored.values_list("pk", "conversation_id").iterator(chunk_size=2000):
        if hashed(ident) not in seen:
            absent[ident] = pk
    marked = RawRecord.objects.filter(conversation__in=stored.order_by(), missing_since__isnull=False)
    marked.exclude(pk__in=list(absent.values())).update(missing_since=None)
    since = RawRecord.objects.filter(conversation__in=stored.order_by(), missing_since__gte=window.planned_at)
    known = set(since.values_list("pk", flat=True))
    idents = [ident for ident, pk in absent.items() if pk not in known]
    missing = 0
    for start in range(0, len(idents), _TOGETHER):
        if start and tools.is_ending():
            raise Ending
        missing += _ask(client, claim, {ident: absent[ident] for ident in idents[start : start + _TOGETHER]}, tools)
    return missing


def _ask(client: Client, claim: Claim[SyncWindow], absent: dict[str, int], tools: Tools) -> int:
    now, records = tools.asked(lambda: client.by_id(list(absent)))
    automatic = automatic_texts()
    items = prepare(records, now, automatic)
    gone = absent.keys() - {item.key for item in items}
    with write_turn(tools.sleep), transaction.atomic():
        claim.renew(tools.clock())
        write(items, automatic)
        RawRecord.objects.filter(pk__in=[pk for ident, pk in absent.items() if ident not in gone]).update(
            missing_since=None
        )
        RawRecord.objects.filter(pk__in=[absent[ident] for ident in gone], missing_since=None).update(missing_since=now)
    return len(gone)
