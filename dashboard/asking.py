"""What became of asking LivePerson for one conversation anew, in words for who asked."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from dashboard import formats
from interactions.ingest import one
from interactions.models import Account, RefreshRequest

Result = RefreshRequest.Result
# Later the time of the last reading says enough.
SHOWN = timedelta(hours=1)
# By then a worker with a hand free would have taken it up.
LONG = timedelta(minutes=2)


@dataclass(frozen=True)
class Asked:
    """`is_changed`: there is a newer version than was shown when it was asked for."""

    text: str
    is_open: bool = False
    is_bad: bool = False
    is_changed: bool = False


def asked(conversation_id: str, now: datetime) -> Asked | None:
    """The newest request for a conversation; None when there was none lately. At most two queries."""
    request = one.latest(conversation_id)
    if request is None:
        return None
    if request.ended_at is None:
        return Asked(_waiting(request, now), is_open=True)
    if now - request.ended_at > SHOWN:
        return None
    at = formats.moment(request.ended_at, now)
    if request.result == Result.CHANGED:
        return Asked(f"Read again at {at}: changed.", is_changed=True)
    if request.result == Result.UNCHANGED:
        return Asked(f"Unchanged at {at}.")
    if request.result == Result.NOT_FOUND:
        return Asked(f"Asked at {at}: LivePerson does not have this conversation any more. What was read stays here.")
    return Asked(f"Not read at {at}. {request.error}".strip(), is_bad=True)


def _waiting(request: RefreshRequest, now: datetime) -> str:
    account = Account.objects.first()
    if account and account.retry_at and account.retry_at > now:
        again = f"Tried again at {formats.moment(account.retry_at, now)}."
        return f"Asking LivePerson… {account.trouble_detail or 'It does not answer at the moment.'} {again}"
    if now - request.asked_at > LONG:
        return f"Asked at {formats.moment(request.asked_at, now)}; no worker has been free to read it yet."
    return "Asking LivePerson…"
