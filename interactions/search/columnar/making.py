"""Makes the copy anew when much has changed since the last one; the worker does it between two readings."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection
from django.utils import timezone

from interactions.models import ColumnarCopy, Conversation, ConversationChange

from . import changes, files, pieces
from .copy import NONE

logger = logging.getLogger(__name__)
# Fewer are answered by the database in milliseconds, and more take as long to be compared as they take it.
LEAST, MOST = 50_000, 5_000_000
# Lines of changes after which a copy is made anew: some six for each conversation that was read again, so that a
# process holds a tenth of the table at most. A copy of a million takes some 25 s of CPU.
_LEAST_LINES, _MOST_LINES = 120_000, 1_200_000
_LINES_EACH = 0.6
_LOCK = 0x72656164636F6C  # of advisory locks, which are numbers
_LOOK = 0.5


def renew(goes_on: Callable[[], bool] = lambda: True) -> bool:
    """Makes a copy if that is due, unless somebody is at it; whether one was made. What fails is logged."""
    try:
        with _alone() as is_alone:
            return is_alone and _is_due() and _made(goes_on)
    except (OSError, DatabaseError) as error:
        logger.error("no columnar copy was made", extra={"error": type(error).__name__})
        return False


def drop() -> None:
    """Takes the copy away with all that it holds; lists are answered by the database until there is another.

    Whoever is making one ends first.
    """
    while True:
        with _alone() as is_alone:
            if is_alone:
                _drop()
                return
        time.sleep(_LOOK)


def _drop() -> None:
    here = changes.here()
    ColumnarCopy.objects.all().delete()
    pieces.remove_but(NONE)
    files.remove_but()
    changes.forget_before(here)


def _made(goes_on: Callable[[], bool]) -> bool:
    former = ColumnarCopy.objects.values_list("token", flat=True).first()
    changes.forget_foreign()
    position, seq = changes.here(), changes.last()
    try:
        made = files.write(goes_on)
    except OverflowError as error:
        logger.error("no columnar copy was made", extra={"error": type(error).__name__})
        made = NONE, 0  # until much has changed, it would only be found out again
    if made is None:
        return False
    token, size = made
    if connection.vendor == "postgresql" and token != NONE:
        pieces.store(token)
    row = {"token": token, "server": changes.server(), "position": position, "seq": seq, "size": size}
    if not _put(former, {**row, "made_at": timezone.now()}):
        files.remove_but(*ColumnarCopy.objects.values_list("token", flat=True))
        return False
    pieces.remove_but(token)
    files.remove_but(token)
    changes.forget_before(position)
    if token != NONE:
        logger.info("a columnar copy was made", extra={"count": size})
    return token != NONE


def _put(former: str | None, row: dict[str, object]) -> bool:
    """Lets a copy count in place of the former one; not if that was taken away or replaced meanwhile."""
    if former is not None:
        return ColumnarCopy.objects.filter(pk=ColumnarCopy.ONLY, token=former).update(**row) == 1
    _, is_new = ColumnarCopy.objects.get_or_create(pk=ColumnarCopy.ONLY, defaults=row)
    return is_new


def _is_due() -> bool:
    found = ColumnarCopy.objects.first()
    if found is not None and _is_of_use(found):
        lines = changes.last() - found.seq
        if lines < min(max(_LEAST_LINES, _LINES_EACH * found.size), _MOST_LINES):
            return False
    # As many as the last key says; counted they are only where that is enough.
    last = Conversation.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    if last >= LEAST and LEAST <= Conversation.objects.count() <= MOST:
        return True
    if found is not None or ConversationChange.objects.exists():
        _drop()
    return False


def _is_of_use(found: ColumnarCopy) -> bool:
    if found.server != changes.server() or found.position > changes.here():
        return False  # put back from another server, whose transactions have other numbers
    if connection.vendor == "sqlite" and found.token != NONE:
        try:
            files.opened(found.token, found.size)
        except (OSError, ValueError, KeyError):
            return False
    return True


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether nobody else makes a copy, on this host or on another."""
    with files.alone() as is_alone:
        if not is_alone or connection.vendor == "sqlite":
            yield is_alone
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
            is_held = bool(cursor.fetchone()[0])
            try:
                yield is_held
            finally:
                if is_held:
                    cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
