"""Makes the copy anew when much has changed since the last one; the worker does it between two readings."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import connection, transaction
from django.utils import timezone

from interactions.models import ColumnarCopy, Conversation

from . import changes, files, pieces
from .copy import NONE

logger = logging.getLogger(__name__)
# Fewer are answered by the database in milliseconds, and more take as long to be compared as they take it.
LEAST, MOST = 50_000, 5_000_000
# Lines of changes after which a copy is made anew: some six for each conversation that was read again, so that a
# process holds a tenth of the table at most. A copy of a million takes some
# 25 s of CPU.
_LEAST_LINES = 120_000
_LINES_EACH = 0.6


def renew(goes_on: Callable[[], bool] = lambda: True) -> bool:
    """Makes a copy if that is due, unless another process is at it; whether one was made."""
    if not _is_due():
        return False
    with files.alone() as is_alone:
        if not is_alone or not _is_due():
            return False
        changes.forget_foreign()
        position, seq = changes.here(), changes.last()
        try:
            made = files.write(goes_on)
        except OverflowError as error:
            logger.error("no columnar copy was made", extra={"error": type(error).__name__})
            made = NONE, 0  # until much has changed, it would only be found out again
        except OSError as error:
            logger.error("no columnar copy was made", extra={"error": type(error).__name__})
            return False
        if made is None:
            return False
        token, size = made
        former = list(ColumnarCopy.objects.values_list("token", flat=True))
        if connection.vendor == "postgresql" and token != NONE:
            pieces.store(token)
        with transaction.atomic():
            ColumnarCopy.objects.all().delete()
            ColumnarCopy.objects.create(token=token, position=position, seq=seq, size=size, made_at=timezone.now())
        pieces.remove_but(token)
        files.remove_but(token, *former)
        changes.forget_before(position)
    if token == NONE:
        return False
    logger.info("a columnar copy was made", extra={"count": size})
    return True


def _is_due() -> bool:
    found = ColumnarCopy.objects.first()
    if found is not None and _is_of_use(found):
        lines = changes.last() - found.seq
        if lines < max(_LEAST_LINES, _LINES_EACH * found.size):
            return False
    # As many as the last key says; counted they are only where that is between the two.
    last = Conversation.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    return last >= LEAST and LEAST <= Conversation.objects.count() <= MOST


def _is_of_use(found: ColumnarCopy) -> bool:
    if found.position > changes.here():
        return False  # put back into another server, whose transactions have other numbers
    if connection.vendor == "sqlite" and found.token != NONE:
        return files.is_there(found.token)
    return True
