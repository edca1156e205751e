"""Makes the copy anew when much has changed since the last one; the worker does it between two readings."""

from __future__ import annotations

import fcntl
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.utils import timezone

from interactions.models import ColumnarCopy, Conversation, ConversationChange

from . import copy, files
from .copy import NONE

logger = logging.getLogger(__name__)
# Fewer are answered by the database in milliseconds, and more take as long to be compared as they take it.
LEAST, MOST = 50_000, 5_000_000
# Lines of changes after which a copy is made anew: some six for each conversation that was read again, so that a
# process holds a tenth of the table at most. Making a copy of a million takes a quarter of a minute.
_LEAST_LINES = 120_000
_LINES_EACH = 0.6
# Lines taken away in one transaction.
_STEP = 10_000


def renew(goes_on: Callable[[], bool] = lambda: True) -> bool:
    """Makes a copy if that is due, unless another process is at it; whether one was made."""
    if connection.vendor != "sqlite" or not _is_due():
        return False
    with _alone() as is_alone:
        if not is_alone or not _is_due():
            return False
        seq = copy.latest_change()
        try:
            made = files.write(goes_on)
        except OverflowError as error:
            logger.error("no columnar copy was made", extra={"error": type(error).__name__})
            made = NONE, 0  # until much has changed, it would only be found out again
        if made is None:
            return False
        token, size = made
        former = list(ColumnarCopy.objects.values_list("token", flat=True))
        with transaction.atomic():
            ColumnarCopy.objects.all().delete()
            ColumnarCopy.objects.create(token=token, seq=seq, size=size, made_at=timezone.now())
        files.remove_but(token, *former)
        _forget_lines(seq)
    if token == NONE:
        return False
    logger.info("a columnar copy was made", extra={"count": size})
    return True


def _is_due() -> bool:
    found = ColumnarCopy.objects.first()
    if found is not None and found.token != NONE and not files.is_there(found.token):
        found = None
    lines = copy.latest_change() - found.seq if found is not None else 0
    if found is not None and lines < max(_LEAST_LINES, _LINES_EACH * found.size):
        return False
    # As many as the last key says; counted they are only where that is between the two.
    last = Conversation.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    return last >= LEAST and LEAST <= Conversation.objects.count() <= MOST


def _forget_lines(seq: int) -> None:
    """Takes away the lines that the copy knows of, some thousand at a time."""
    while True:
        first = ConversationChange.objects.order_by("seq").values_list("seq", flat=True).first()
        if first is None or first > seq:
            return
        ConversationChange.objects.filter(seq__lte=min(seq, first + _STEP))._raw_delete("default")


@contextmanager
def _alone() -> Iterator[bool]:
    files.folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    with (files.folder() / files.LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
