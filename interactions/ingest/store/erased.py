"""Keeping out what was erased: every record that names an erased consumer is passed over, whichever way it comes."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from django.conf import settings
from django.db import connection
from django.utils.crypto import salted_hmac

from interactions.ingest.derive.limits import plain
from interactions.ingest.store.prepare import Prepared
from interactions.liveperson import decode
from interactions.liveperson.records import person_id
from interactions.models import Tombstone
from interactions.models.among import among

# Looked for in the bytes as they came: that takes a third of the time, and keeps out what cannot be decoded as well.
_PARTICIPANT = re.compile(rb'"participantId"\s*:\s*("(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*)')
# A letter written as its number, which nobody needs to: the key itself may be written so.
_ESCAPED_LETTER = re.compile(rb"\\u00[4-7]")
_LOCK = 0x7265616462636B  # of advisory locks, which are numbers
# What is remembered: a consumer, or a conversation, whose record may come without those who took part in it.
CONSUMER, CONVERSATION = "interactions.tombstone", "interactions.tombstone.conversation"
Named = tuple[str, str]  # which of the two, and its id


def digests_of(named: Named) -> list[str]:
    """The keyed hash of a name, by today's key first and then by those that it has replaced."""
    salt, ident = named
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [salted_hmac(salt, ident, secret=key, algorithm="sha256").hexdigest() for key in keys]


def known_as(participant_id: object) -> str | None:
    """The id under which a participant is stored; None for what stands for nobody."""
    found = person_id(participant_id)
    return None if found is None else plain(found)


def participants_of(encoded: bytes) -> set[str]:
    """The ids of everybody whom a record's JSON calls a participant, as they are stored."""
    given = [_value(written) for written in set(_PARTICIPANT.findall(encoded))]
    if _ESCAPED_LETTER.search(encoded) is not None:
        given += _decoded(encoded)
    return {found for value in given if (found := known_as(value)) is not None}


def _value(written: bytes) -> object:
    try:
        return decode(written)
    except ValueError:  # neither text nor number: nobody's id
        return None


def _decoded(encoded: bytes) -> Iterator[object]:
    try:
        waiting = [decode(encoded)]
    except ValueError:
        return
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            yield item.get("participantId")
            waiting += item.values()
        elif isinstance(item, list):
            waiting += item


def hold(*, alone: bool) -> None:
    """Nobody erases while a page is written, nor writes while somebody is erased; SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            shared = "" if alone else "_shared"
            cursor.execute(f"SELECT pg_advisory_xact_lock{shared}(%s)", [_LOCK])


def without_erased(items: Mapping[str, Prepared]) -> tuple[dict[str, Prepared], frozenset[str]]:
    """(those that name nobody who was erased, the keys of the others).

    The caller holds the transaction in which they are written.
    """
    hold(alone=False)
    if not Tombstone.objects.exists():
        return dict(items), frozenset()
    named = {key: _names(key, item) for key, item in items.items()}
    gone = erased_among(set().union(*named.values()))
    kept = {key: item for key, item in items.items() if gone.isdisjoint(named[key])}
    return kept, frozenset(items.keys() - kept.keys())


def _names(key: str, item: Prepared) -> set[Named]:
    return {(CONVERSATION, key), *((CONSUMER, ident) for ident in participants_of(item.record.encoded))}


def erased_among(named: Iterable[Named]) -> set[Named]:
    """Those of the consumers and conversations that were erased."""
    owners = {digest: each for each in named for digest in digests_of(each)}
    found = Tombstone.objects.filter(digest__in=among(owners)).values_list("digest", flat=True)
    return {owners[digest] for digest in found}


def remember(named: Iterable[Named], now: datetime) -> None:
    """Take nothing in again that bears one of these names."""
    rows = [Tombstone(digest=digests_of(each)[0], erased_at=now) for each in named]
    Tombstone.objects.bulk_create(rows, ignore_conflicts=True)
