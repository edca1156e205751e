"""SQLite's full-text index keeps the words of deleted rows in its older parts until these are merged."""

from collections.abc import Callable
from typing import Any

from django.db import connection

from interactions.ingest.turns import write_turn

_INDEX = "interactions_transcriptindex"
# Of some 4 KB, written by one statement: pages and importers get their turn in between.
_PAGES = 500
# Of this many parts of one level on merging goes on. With FTS5's own four, two or three large parts that were being
# merged were left as they were once as many newer ones had come.
_FEWEST = 2


def merge(watch: Callable[[int], object] = lambda megabytes: None) -> bool:
    """Merge all parts into one; says whether there was anything to merge. PostgreSQL's VACUUM needs no help.

    `watch` is told how many megabytes were written. Stopped at any moment it can begin anew; what is imported meanwhile
    makes parts of its own.
    """
    if connection.vendor != "sqlite":
        return False
    _go_on_with(_FEWEST)
    merged = 0
    # A negative number begins with all parts, whatever their size; positive ones go on.
    pages = -_PAGES
    while _has_merged(pages):
        pages = _PAGES
        merged += _PAGES
        watch(merged * 4 // 1000)
    return merged > 0


def _go_on_with(fewest: int) -> None:
    """Kept in the index, where it matters to nothing but these statements."""
    with write_turn(), connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {_INDEX}({_INDEX}, rank) VALUES ('usermerge', %s)", [fewest])


def _has_merged(pages: int) -> bool:
    """Whether there was anything to merge: by FTS5's documentation two rows or more have changed then."""
    with write_turn(), connection.cursor() as cursor:
        before = _changes(cursor)
        cursor.execute(f"INSERT INTO {_INDEX}({_INDEX}, rank) VALUES ('merge', %s)", [pages])
        return _changes(cursor) - before >= 2


def _changes(cursor: Any) -> int:
    cursor.execute("SELECT total_changes()")
    return int(cursor.fetchone()[0])
