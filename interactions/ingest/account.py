"""The one account of this database, and what is wrong with it in words."""

from datetime import datetime, timedelta

from django.db.models import F
from django.utils import timezone

from interactions.ingest import connection
from interactions.liveperson import (
    AuthenticationFailed,
    LivePersonError,
    RateLimited,
    Refused,
    ServiceNotEnabled,
    Unavailable,
)
from interactions.models import Account

FIRST_PAUSE = timedelta(minutes=2)
LONGEST_PAUSE = timedelta(minutes=32)
# What LivePerson asks for is waited for at most so long.
LONGEST_WAIT = timedelta(minutes=45)


class OtherAccount(Exception):
    """The database belongs to another account; says which, and the way out."""


def pin(account_id: str) -> Account:
    """Give the database to this account, or find that it has it; raises OtherAccount."""
    Account.objects.bulk_create(
        [Account(pk=1, account_id=account_id, created_at=timezone.now())], ignore_conflicts=True
    )
    account = Account.objects.get()
    if account.account_id != account_id:
        raise OtherAccount(
            f"This database holds account {account.account_id}, not {account_id}: "
            "set DATA_DIR or DATABASE_URL to another place, or LIVEPERSON_ACCOUNT_ID to the account it holds."
        )
    return account


def trouble_of(error: LivePersonError, now: datetime) -> tuple[str, str]:
    """(kind, a sentence that says what happened and what to do) for an error of the API."""
    if isinstance(error, AuthenticationFailed):
        what, names = connection.credential_words()
        return "refused", f"LivePerson refuses the {what} (401). An operator must check {names}."
    if isinstance(error, RateLimited):
        return "slowed", "LivePerson asks for fewer calls (429). Reading goes on by itself."
    if isinstance(error, Refused):
        return "privilege", _refusal(error)
    if isinstance(error, Unavailable):
        return "unavailable", f"LivePerson has not answered since {now:%H:%M}."
    return "unexpected", f"LivePerson answered in an unexpected way ({type(error).__name__}). Reading is tried again."


def _refusal(error: Refused) -> str:
    if error.status == 403:
        return "LivePerson refuses the call (403): the key lacks a privilege. An operator must add it to the key."
    if isinstance(error, ServiceNotEnabled) or error.status is None:
        return "LivePerson does not know the account, or has no such service for it. Check LIVEPERSON_ACCOUNT_ID."
    return f"LivePerson refuses the call ({error.status}). An operator must check the account and its services."


def note_trouble(error: LivePersonError, now: datetime) -> datetime:
    """Write the trouble down where every page sees it; returns when the next call may go (2, 4, 8 ... minutes)."""
    account = Account.objects.get()
    kind, detail = trouble_of(error, now)
    pause = pause_after(error)
    if account.trouble != kind:
        account.trouble, account.trouble_detail, account.trouble_since = kind, detail, now
    account.retry_at = now + pause
    account.failure_count += 1
    account.save(update_fields=["trouble", "trouble_detail", "trouble_since", "retry_at", "failure_count"])
    return account.retry_at


def pause_after(error: LivePersonError) -> timedelta:
    """How long nothing is asked after this failure; each further one in a row doubles it."""
    if isinstance(error, RateLimited):
        return min(max(timedelta(seconds=error.wait), timedelta(seconds=30)), LONGEST_WAIT)
    doublings = min(Account.objects.get().failure_count, 10)
    return min(FIRST_PAUSE * 2.0**doublings, LONGEST_PAUSE)


def clear_trouble() -> None:
    """A call went well."""
    Account.objects.exclude(trouble="", failure_count=0).update(
        trouble="", trouble_detail="", trouble_since=None, retry_at=None, failure_count=F("failure_count") * 0
    )


def may_call(now: datetime) -> bool:
    """Whether no pause after a failure is running; one longer than any was set by a clock that was ahead."""
    return not Account.objects.filter(retry_at__gt=now, retry_at__lte=now + LONGEST_WAIT).exists()


def note_clock(seconds_ahead: float) -> None:
    """Write down how far LivePerson's clock is ahead of this machine's, for whoever can set it right."""
    seconds = round(seconds_ahead / 60) * 60
    Account.objects.exclude(clock_ahead_seconds=seconds).update(clock_ahead_seconds=seconds)
