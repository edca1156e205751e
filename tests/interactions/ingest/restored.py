"""A database looked at by itself: run as `python -m tests.interactions.ingest.restored`, prints what is wrong with it.

It changes the database: everything is rebuilt from the raw records and must come out as it was.
"""

import sys
from collections.abc import Iterator
from datetime import timedelta

import django


def trouble() -> Iterator[str]:
    from interactions.ingest import rederive
    from interactions.ingest.reading import Tools
    from interactions.models import Conversation, Message, RawRecord
    from tests.interactions.ingest.tables import astray, everything

    keys = set(Conversation.objects.values_list("pk", flat=True))
    if keys != set(RawRecord.objects.values_list("pk", flat=True)):
        yield "not every conversation has its record"
    if {pk >> 16 for pk in Message.objects.values_list("pk", flat=True)} - keys:
        yield "messages without conversation"
    yield from _progress()
    before = everything()
    rederive.forget_version()
    rederive.rederive(Tools())
    after = everything()
    yield from (f"{name} does not follow from the records" for name in before if before[name] != after[name])
    yield from (f"{ident} was taken part in by others than it says" for ident in astray())
    yield from _index()


def _progress() -> Iterator[str]:
    """Pages that count as read hold conversations that are stored, and complete periods all that were seen."""
    from interactions.ingest.reading import hashed
    from interactions.models import Conversation, SyncPage, SyncWindow, UnreadableRecord

    idents = [*Conversation.objects.values_list("conversation_id", flat=True)]
    stored = {hashed(ident) for ident in (*idents, *UnreadableRecord.objects.values_list("key", flat=True))}
    for page in SyncPage.objects.all():
        ids = bytes(page.ids)
        if not {ids[at : at + 8] for at in range(0, len(ids), 8)} <= stored:
            yield f"progress of window {page.window_id} says more than is stored"
    wider = timedelta(minutes=10)  # LivePerson widens what it is asked for, so a period sees some of its neighbours
    for window in SyncWindow.objects.filter(kind="backfill", state="complete"):
        least, most = (
            Conversation.objects.filter(
                started_at__gte=window.start_from - more, started_at__lt=window.start_to + more
            ).count()
            for more in (timedelta(0), wider)
        )
        if not least <= window.seen_count <= most:
            yield f"window {window.pk} is complete with {least} to {most} of {window.seen_count}"


def _index() -> Iterator[str]:
    from django.db import connection

    if connection.vendor != "sqlite":
        return
    table = "interactions_transcriptindex"
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        if (found := cursor.fetchone()[0]) != "ok":
            yield found
        # Against the table that it indexes too; raises when they differ.
        cursor.execute(f"INSERT INTO {table}({table}, rank) VALUES ('integrity-check', 1)")


if __name__ == "__main__":
    django.setup()
    found = list(trouble())
    print("\n".join(found))
    sys.exit(bool(found))
