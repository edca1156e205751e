"""One conversation that somebody waits for: asked for by its id before anything else is read."""

from contextlib import suppress
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.db import IntegrityError, transaction

from interactions import jobs
from interactions.ingest import account
from interactions.ingest.configuration import automatic_texts
from interactions.ingest.poison import AT_A_RECORD
from interactions.ingest.reading import Ending, Tools
from interactions.ingest.store import prepare, write
from interactions.jobs import Claim, LostClaim
from interactions.liveperson import Client, LivePersonError, Refused, UnexpectedResponse
from interactions.models import RawRecord, RefreshRequest, WorkState
from interactions.models.prepared import Blank, Prepared

Asker = AbstractBaseUser | AnonymousUser | None
Result = RefreshRequest.Result
_LONGEST_ID = 128
# What a record without an id is kept under: the hash of its bytes, in hex.
_HASH_LENGTH = 32
GIVEN_UP = f"Reading it has ended the worker {AT_A_RECORD} times, or taken too long; it is not tried again by itself."


def is_id(key: str) -> bool:
    """Whether the key of a kept record is LivePerson's id of a conversation, not a hash."""
    return not (len(key) == _HASH_LENGTH and all(letter in "0123456789abcdef" for letter in key))


def ask(conversation_id: str, user: Asker, now: datetime) -> RefreshRequest:
    """Ask for a conversation to be read now; who asks while it is being read gets the request under way."""
    asker, ident = user if isinstance(user, User) else None, conversation_id[:_LONGEST_ID]
    while True:
        try:
            with transaction.atomic():
                return RefreshRequest.objects.create(conversation_id=ident, asked_by=asker, asked_at=now)
        except IntegrityError:
            under_way = RefreshRequest.objects.filter(conversation_id=ident, ended_at=None).first()
            if under_way is not None:  # else it has just ended, and a new one can be asked for
                return under_way


_LATEST = Prepared(
    lambda: RefreshRequest.objects.filter(conversation_id=Blank("conversation_id")).order_by("-asked_at", "-pk")[:1]
)


def latest(conversation_id: str) -> RefreshRequest | None:
    """The newest request of a conversation, done or not."""
    return _LATEST.first(conversation_id=conversation_id)


def next_request(now: datetime) -> Claim[RefreshRequest] | None:
    """Claim the oldest request that is due; one that has ended a worker too often is ended itself.

    Requests come before all other reading, which would never have its turn.
    """
    waiting = RefreshRequest.objects.filter(ended_at=None).order_by("asked_at", "pk")
    while (claim := jobs.claim(waiting, now)) is not None:
        if claim.row.attempt_count <= AT_A_RECORD:
            return claim
        _end(claim, Result.FAILED, now, GIVEN_UP)
    return None


def serve(client: Client, claim: Claim[RefreshRequest], tools: Tools) -> Result:
    """Read what was asked for and write down what came of it.

    Raises LivePersonError for what concerns every call, after the request has been ended with the reason.
    """
    try:
        result = _read(client, claim, tools)
    except (Ending, KeyboardInterrupt):
        with suppress(LostClaim):
            claim.put_back(None, attempt_count=claim.row.attempt_count - 1)  # the request did not end the worker
        raise
    except LostClaim:
        return Result.FAILED
    except LivePersonError as error:
        _end(claim, Result.FAILED, tools.clock(), account.trouble_of(error, tools.clock())[1])
        if isinstance(error, (Refused, UnexpectedResponse)) and getattr(error, "status", None) not in (401, 403):
            return Result.FAILED
        raise
    except Exception as error:
        _end(claim, Result.FAILED, tools.clock(), f"Reading broke off ({type(error).__name__}).")
        raise
    _end(claim, result, tools.clock())
    return result


def _read(client: Client, claim: Claim[RefreshRequest], tools: Tools) -> Result:
    ident = claim.row.conversation_id
    asked_at, records = tools.asked(lambda: client.by_id([ident]))
    automatic = automatic_texts()
    items = prepare(records, asked_at, automatic)
    stored = RawRecord.objects.filter(conversation__conversation_id=ident)
    with transaction.atomic():
        claim.renew(tools.clock())
        if not items:
            stored.filter(missing_since=None).update(missing_since=asked_at)
            return Result.NOT_FOUND
        outcome = write(items, automatic)
        if outcome.kept_out:  # whoever was erased is as good as unknown here
            return Result.NOT_FOUND
        if not outcome.unreadable:  # as it was, it is so by now
            stored.filter(read_at__lt=asked_at).update(read_at=asked_at)
        stored.exclude(missing_since=None).update(missing_since=None)
    return Result.CHANGED if outcome.new or outcome.changed or outcome.unreadable else Result.UNCHANGED


def _end(claim: Claim[RefreshRequest], result: Result, now: datetime, why: str = "") -> None:
    state = WorkState.FAILED if result == Result.FAILED else WorkState.COMPLETE
    with suppress(LostClaim):  # another worker has taken it over, and answers
        claim.finish(state, result=result, ended_at=now, error=why[:300])
