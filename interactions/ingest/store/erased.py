"""Keeping out what was erased: every record that names an erased consumer is passed over, whichever way it comes."""

import re
from collections.abc import Iterable, Mapping

import orjson
from django.conf import settings
from django.db import connection
from django.utils.crypto import salted_hmac

from interactions.ingest.store.prepare import Prepared
from interactions.models import Tombstone
from interactions.models.among import among

# Looked for in the bytes as they came, so that a record that cannot be read is kept out as well.
_PARTICIPANT = re.compile(rb'"participantId"\s*:\s*("(?:[^"\\]|\\.)*"|-?\d+)')
_SALT = "interactions.tombstone"
_LOCK = 0x7265616462636B  # of advisory locks, which are numbers


def digests_of(participant_id: str) -> list[str]:
    """The keyed hash of a consumer, by today's key first and then by those that it has replaced."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [salted_hmac(_SALT, participant_id, secret=key, algorithm="sha256").hexdigest() for key in keys]


def participants_of(encoded: bytes) -> set[str]:
    """The ids of everybody whom a record's JSON calls a participant."""
    found = set()
    for written in _PARTICIPANT.findall(encoded):
        try:
            found.add(str(orjson.loads(written)))
        except orjson.JSONDecodeError:  # half a character: nobody's id
            continue
    return found


def hold(*, alone: bool) -> None:
    """Nobody erases while a page is written, nor writes while somebody is erased; SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            shared = "" if alone else "_shared"
            cursor.execute(f"SELECT pg_advisory_xact_lock{shared}(%s)", [_LOCK])


def without_erased(items: Mapping[str, Prepared]) -> dict[str, Prepared]:
    """Those that name nobody who was erased. The caller holds the transaction in which they are written."""
    hold(alone=False)
    if not Tombstone.objects.exists():
        return dict(items)
    named = {key: participants_of(item.record.encoded) for key, item in items.items()}
    gone = erased_among(set().union(*named.values()))
    return {key: item for key, item in items.items() if gone.isdisjoint(named[key])}


def erased_among(participants: Iterable[str]) -> set[str]:
    """Those of the consumers who were erased."""
    owners = {digest: ident for ident in participants for digest in digests_of(ident)}
    found = Tombstone.objects.filter(digest__in=among(owners)).values_list("digest", flat=True)
    return {owners[digest] for digest in found}
