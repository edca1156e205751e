"""Writing one page of records inside the caller's transaction; one bad record never stops the others."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import DatabaseError, InterfaceError, InternalError, OperationalError, transaction

from interactions.ingest.derive import VERSION, AutomaticTexts
from interactions.ingest.store.erased import without_erased
from interactions.ingest.store.prepare import Prepared, understand
from interactions.ingest.store.rows import write_raw, write_rows
from interactions.ingest.store.sql import Insert, conversation_keys, lock_names, named, stored
from interactions.models import RawRecord, UnreadableRecord

logger = logging.getLogger(__name__)
# Of PostgreSQL's operational errors these speak of the data, not of the server.
_ABOUT_DATA = ("22", "54")
# A server that is away, full or broken; InternalError is what PostgreSQL calls a file that cannot be written.
SERVER_ERRORS = (OperationalError, InterfaceError, InternalError)
PART_OF_NEWER = "LivePerson gives only a part of its present state; the whole of before is shown until then."
_ADD_UNREADABLE = Insert(
    UnreadableRecord,
    ("key", "body", "reason", "first_seen_at", "last_seen_at", "seen_count", "window_id"),
    skip_by="key",
)


@dataclass(slots=True)
class Outcome:
    """What became of the records of a page; `kept_out` are the keys of those that name somebody who was erased."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    unreadable: int = 0
    kept_out: frozenset[str] = frozenset()

    def add(self, other: "Outcome") -> None:
        self.new += other.new
        self.changed += other.changed
        self.unchanged += other.unchanged
        self.unreadable += other.unreadable
        self.kept_out |= other.kept_out


class _Known(NamedTuple):
    pk: int
    digest: bytes
    read_at: datetime
    is_partial: bool
    derived_by: int
    missing_since: datetime | None


def write(items: Sequence[Prepared], automatic: AutomaticTexts, *, window_pk: int | None = None) -> Outcome:
    """Store a page's records. The caller holds the transaction and commits progress in it."""
    unique, kept_out = without_erased(_unique(items))
    lock_names(unique)
    try:
        with transaction.atomic():
            outcome = _write_readable([item for item in unique.values() if not item.reason], automatic)
    except (DatabaseError, ValueError, OverflowError, TypeError) as error:
        if _is_about_the_server(error):
            raise
        logger.warning("page refused, stored one by one", extra={"count": len(unique), "error": type(error).__name__})
        outcome = _one_by_one([item for item in unique.values() if not item.reason], automatic)
    unread = {item.key: item for item in unique.values() if item.reason}
    late = _overtaken(unread)
    _keep_unreadable({key: item for key, item in unread.items() if key not in late}, window_pk)
    _forget_unreadable([item for item in unique.values() if not item.reason or item.key in late])
    outcome.unchanged += len(late)
    outcome.unreadable = len(unread) - len(late)
    outcome.kept_out = kept_out
    return outcome


def _unique(items: Sequence[Prepared]) -> dict[str, Prepared]:
    found: dict[str, Prepared] = {}
    for item in items:
        other = found.get(item.key)
        if other is None or not (item.is_partial and not other.is_partial):
            found[item.key] = item
    return found


def _is_about_the_server(error: Exception) -> bool:
    if not isinstance(error, SERVER_ERRORS):
        return False
    state = getattr(error.__cause__, "sqlstate", None) or ""
    return not state.startswith(_ABOUT_DATA)


def _write_readable(items: list[Prepared], automatic: AutomaticTexts) -> Outcome:
    outcome = Outcome()
    known = _known([item.key for item in items])
    rows, rewritten, found_again = [], [], []
    for item in items:
        old = known.get(item.key)
        if old is not None and old.missing_since is not None and item.read_at > old.missing_since:
            found_again.append(old.pk)
        if old is not None and not _replaces(item, old):
            if _is_part_of_newer(item, old):
                item.reason = PART_OF_NEWER
            else:
                outcome.unchanged += 1
                if item.same_as == old.digest and item.read_at >= old.read_at:
                    rewritten.append((old.pk, item.raw))
            continue
        if item.derived is None:  # somebody else changed it since the look-up
            understand([item], automatic)
        if item.derived is None:
            continue
        outcome.new += old is None
        outcome.changed += old is not None
        rows.append((None if old is None else old.pk, item.derived, item.raw))
    if rows:
        write_rows(rows)
    write_raw(rewritten)
    if found_again:
        RawRecord.objects.filter(pk__in=found_again).update(missing_since=None)
    return outcome


def _replaces(item: Prepared, old: _Known) -> bool:
    if old.digest in (item.digest, item.same_as):
        return old.derived_by != VERSION
    if item.is_partial and not old.is_partial:
        return False
    return item.read_at >= old.read_at


def _is_part_of_newer(item: Prepared, old: _Known) -> bool:
    """Whether something has perhaps changed that LivePerson gives in part only, while the whole of before is kept."""
    return item.is_partial and not old.is_partial and item.digest != old.digest and item.read_at >= old.read_at


def _known(keys: list[str]) -> dict[str, _Known]:
    names = conversation_keys(keys)
    if not names:
        return {}
    columns = ("pk", "digest", "read_at", "is_partial", "derived_by", "missing_since")
    rows = RawRecord.objects.filter(pk__in=list(names)).values_list(*columns)
    return {names[pk]: _Known(pk, bytes(digest), *rest) for pk, digest, *rest in rows}


def _one_by_one(items: list[Prepared], automatic: AutomaticTexts) -> Outcome:
    outcome = Outcome()
    for item in items:
        try:
            with transaction.atomic():
                outcome.add(_write_readable([item], automatic))
        except (DatabaseError, ValueError, OverflowError, TypeError) as error:
            if _is_about_the_server(error):
                raise
            # The error's own words can quote the record, so only its class is kept.
            item.reason = f"The database refuses it ({type(error).__name__})."
    return outcome


def _overtaken(items: dict[str, Prepared]) -> set[str]:
    """Keys of unreadable records that are older than what is stored: nothing is missing without them."""
    known = _known(list(items)) if items else {}
    return {key for key, old in known.items() if old.read_at > items[key].read_at}


def _keep_unreadable(items: dict[str, Prepared], window_pk: int | None) -> None:
    if not items:
        return
    known = list(UnreadableRecord.objects.filter(key__in=items))
    for row in known:
        item = items.pop(row.key)
        if item.read_at < row.last_seen_at:
            continue
        row.body, row.reason = item.body, item.reason[:300]
        if item.read_at > row.last_seen_at:  # not so when it is only tried again
            row.last_seen_at = item.read_at
            row.seen_count += 1
    UnreadableRecord.objects.bulk_update(known, ["body", "reason", "last_seen_at", "seen_count"])
    new = [(item, stored(item.read_at)) for item in items.values()]
    _ADD_UNREADABLE.run([(item.key, item.body, item.reason[:300], at, at, 1, window_pk) for item, at in new])


def _forget_unreadable(items: list[Prepared]) -> None:
    """Let go of what these records replace; a newer one that could not be read is still what LivePerson has."""
    read_at = {item.key: item.read_at for item in items}
    kept = [pk for _, pk in named(UnreadableRecord, "key", read_at, "id")]
    if kept:
        rows = UnreadableRecord.objects.filter(pk__in=kept).values_list("pk", "key", "last_seen_at")
        replaced = [pk for pk, key, seen_at in rows if seen_at <= read_at[key]]
        UnreadableRecord.objects.filter(pk__in=replaced).delete()
