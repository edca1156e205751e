"""Import: the whole account over HTTP into the database, then a refresh in which nothing changed."""

import os
import sys
import time

import django
from django.core.management import call_command
from django.db import connection

from tests.bench.account import page_of_hundred, sandbox
from tests.bench.measure import line, peak_megabytes


def main() -> int:
    django.setup()
    from interactions.ingest import account, sync
    from interactions.ingest import connection as liveperson
    from interactions.ingest.reading import Tools
    from interactions.models import Conversation, Message, SyncWindow

    if connection.vendor == "postgresql":
        call_command("flush", interactive=False, verbosity=0)
    call_command("migrate", verbosity=0)
    count = int(os.environ["BENCH_COUNT"])
    with sandbox(count) as (values, seconds, process):
        line("sandbox: start", f"{seconds:.1f} s, {process.memory_info().rss / 2**20:.0f} MB")
        wall, cpu, size = page_of_hundred(values, lambda: sum(process.cpu_times()[:2]))
        line("sandbox: page of 100", f"{cpu:.0f} ms of its CPU, {wall:.0f} ms median until it is here, {size:.1f} MB")
        account_id, client = liveperson.build_client(values)
        account.pin(account_id)
        began, cpu_began = time.perf_counter(), time.process_time()
        while sync.run_due(client, Tools()):
            pass
        wall, cpu = time.perf_counter() - began, time.process_time() - cpu_began
        stored, messages = Conversation.objects.count(), Message.objects.count()
        line("stored", f"{stored:,} conversations, {messages:,} messages ({messages / max(stored, 1):.1f} each)")
        line("import, end to end", f"{stored / cpu:,.0f} conversations per CPU second, {wall:.0f} s in all")
        line("windows not complete", str(SyncWindow.objects.exclude(state="complete").count()))
        again = SyncWindow.objects.filter(kind="backfill").order_by("-start_from")[:16]
        oldest = min(window.start_from for window in again)
        SyncWindow.objects.filter(kind="backfill", start_from__gte=oldest).update(state="waiting")
        known, cpu_began = Conversation.objects.filter(started_at__gte=oldest).count(), time.process_time()
        while sync.run_due(client, Tools()):
            pass
        cpu = time.process_time() - cpu_began
        line("the newest windows again, nothing changed", f"{known / cpu:,.0f} conversations per CPU second")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    line("worker's peak memory", f"{peak_megabytes():.0f} MB")
    _sizes(stored)
    return 0


def _sizes(stored: int) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
        else:
            cursor.execute("SELECT pg_database_size(current_database())")
        total = cursor.fetchone()[0]
    line("disk", f"{total / 2**20:,.0f} MB, {total / max(stored, 1) * 1e6 / 2**30:.1f} GiB per million conversations")


if __name__ == "__main__":
    sys.exit(main())
