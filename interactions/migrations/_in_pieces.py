"""Filling a new column of all conversations, some thousand in a transaction, so that it can be stopped and repeated."""

from django.db import transaction


def fill_in_pieces(connection, step, fill):
    """Calls `fill(cursor, begin, end)` for stretches of `step` keys of conversations, each in a transaction of its own."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT MIN(id), MAX(id) FROM interactions_conversation")
        first, last = cursor.fetchone()
    for begin in range(first, last + 1, step) if first is not None else ():
        with transaction.atomic(connection.alias), connection.cursor() as cursor:
            fill(cursor, begin, begin + step)
