"""Filling every table anew from the raw records, page by page; LivePerson is not asked."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.db import transaction

from interactions.ingest.configuration import automatic_texts
from interactions.ingest.derive import VERSION, AutomaticTexts
from interactions.ingest.reading import Tools, rare_collections
from interactions.ingest.store import Outcome, Prepared, fingerprint, understand, write
from interactions.ingest.turns import taking_turns
from interactions.liveperson import ConversationRecord, decode, parse_conversation
from interactions.models import RawRecord, UnreadableRecord

PAGE = 100


@dataclass(slots=True)
class Rederived:
    """How far it has come; `done` counts conversations and unreadable records alike."""

    total: int
    done: int = 0
    outcome: Outcome = field(default_factory=Outcome)


def forget_version() -> int:
    """Mark every record as filled by no rules, so that `rederive` does all of them; returns how many."""
    return RawRecord.objects.exclude(derived_by=0).update(derived_by=0)


def remaining() -> int:
    return RawRecord.objects.exclude(derived_by=VERSION).count()


def rederive(tools: Tools, watch: Callable[[Rederived], None] = lambda done: None) -> Rederived:
    """Derive and write whatever other rules than today's have filled, and try the unreadable ones again.

    Stopped at any moment it goes on from there when called again.
    """
    automatic = automatic_texts()
    progress = Rederived(remaining() + UnreadableRecord.objects.count())
    with rare_collections():
        for page in _pages():
            _redo(page, automatic, tools, progress)
            watch(progress)
    return progress


def retry(kept: UnreadableRecord, tools: Tools) -> bool:
    """Try one kept record by today's rules; says whether it can be read now."""
    _redo([_retried(kept)], automatic_texts(), tools, Rederived(1))
    return not UnreadableRecord.objects.filter(key=kept.key).exists()


def _pages() -> Iterator[list[Prepared]]:
    """Stale records in order of their key, then the unreadable ones."""
    last = 0
    stale = RawRecord.objects.exclude(derived_by=VERSION).select_related("conversation").order_by("pk")
    while rows := list(stale.filter(pk__gt=last)[:PAGE]):
        last = rows[-1].pk
        yield [
            Prepared(
                row.conversation.conversation_id,
                _record(row),
                bytes(row.digest),
                row.read_at,
                row.is_partial,
                stored=bytes(row.body),
            )
            for row in rows
        ]
    last = 0
    while found := list(UnreadableRecord.objects.filter(pk__gt=last).order_by("pk")[:PAGE]):
        last = found[-1].pk
        yield [_retried(kept) for kept in found]


def _record(row: RawRecord | UnreadableRecord) -> ConversationRecord:
    return parse_conversation(decode(row.json_bytes))


def _retried(kept: UnreadableRecord) -> Prepared:
    record = _record(kept)
    digest = fingerprint(record.encoded)
    # Under its old key, so that its place among the unreadable ones is given up once it can be read.
    partial = bool(record.info.is_partial)
    return Prepared(kept.key, record, digest, kept.last_seen_at, partial, stored=bytes(kept.body))


def _redo(page: list[Prepared], automatic: AutomaticTexts, tools: Tools, progress: Rederived) -> None:
    understand(page, automatic)
    for part in taking_turns.parts(page):
        with taking_turns.turn(len(part), tools.sleep), transaction.atomic():
            progress.outcome.add(write(part, automatic))
    progress.done += len(page)
