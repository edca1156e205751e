"""What an operator can do about reading: pause history, try a period now, read a strange record again."""

from datetime import datetime

from django.db import transaction

from interactions.ingest import one, rederive
from interactions.ingest.reading import Tools
from interactions.ingest.windows import BACKFILL, SWEEP
from interactions.models import Account, SyncWindow, UnreadableRecord, WorkState


def is_paused() -> bool:
    return Account.objects.filter(history_paused_at__isnull=False).exists()


def pause_history(now: datetime) -> bool:
    """History and comparisons wait; what is new is still read. Who reads history stops after the page in hand.

    False when it was paused already, or no account is known.
    """
    with transaction.atomic():
        paused = Account.objects.filter(history_paused_at=None).update(history_paused_at=now)
        SyncWindow.objects.filter(kind__in=(BACKFILL, SWEEP), state=WorkState.RUNNING).update(stop_requested=True)
    return bool(paused)


def resume_history() -> bool:
    """History goes on where it was; False when it was not paused."""
    with transaction.atomic():
        resumed = Account.objects.exclude(history_paused_at=None).update(history_paused_at=None)
        history = SyncWindow.objects.filter(kind__in=(BACKFILL, SWEEP))
        history.filter(stop_requested=True).update(stop_requested=False)
        history.filter(state=WorkState.STOPPED).update(state=WorkState.WAITING)
    return bool(resumed)


def try_now(window_pk: int) -> bool:
    """Make a period that waits for its next try due at once, and end a pause after failures; False for any other.

    One that was stopped waits for nothing else. No time is written: the clock of a web host may be another.
    """
    period = SyncWindow.objects.filter(pk=window_pk)
    waiting = period.filter(state__in=(WorkState.INCOMPLETE, WorkState.WAITING)).update(not_before=None)
    stopped = period.filter(state=WorkState.STOPPED)
    if not waiting and not stopped.update(state=WorkState.WAITING, not_before=None, stop_requested=False):
        return False
    Account.objects.exclude(retry_at=None).update(retry_at=None)
    return True


def read_again(unreadable_pk: int, user: one.Asker, now: datetime, tools: Tools) -> str:
    """Try a kept record again by today's rules; what stays unreadable is asked for anew by its id.

    Returns a sentence for the person who asked.
    """
    kept = UnreadableRecord.objects.filter(pk=unreadable_pk).first()
    if kept is None:
        return "This record is not among the unreadable ones any more."
    if rederive.retry(kept, tools):
        return "The record can be read now, and is in the list."
    if not one.is_id(kept.key):
        return "It still cannot be read, and it has no id by which LivePerson could be asked for it."
    one.ask(kept.key, user, now)
    return "It still cannot be read as it is kept. LivePerson is asked for it again."
