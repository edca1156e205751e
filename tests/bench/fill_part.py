"""A database of any size, filled through the product's parse, derive and store without the network; goes on where it
was stopped. The conversations are those of the sandbox's account of this size, over thirteen months."""

import os
import sys
import time
from datetime import UTC, datetime

import django

from tests.bench.measure import line, peak_megabytes

ANCHOR = datetime(2026, 11, 20, tzinfo=UTC)
DAYS = 395
PAGE = 100
SAID_EVERY = 50_000


def main() -> int:
    django.setup()
    from django.core.management import call_command

    from interactions.models import Conversation

    call_command("migrate", verbosity=0)
    count = int(os.environ["BENCH_COUNT"])
    begin = Conversation.objects.count() // PAGE * PAGE
    if begin < count:
        fill(begin, count)
    line("stored", f"{Conversation.objects.count():,} conversations")
    return 0


def fill(begin: int, count: int) -> None:
    from django.db import transaction

    from interactions.ingest import account as stored_account
    from interactions.ingest.derive import AutomaticTexts
    from interactions.ingest.reading import rare_collections
    from interactions.ingest.store import prepare, stored_as, write
    from interactions.liveperson import Answer
    from interactions.liveperson.pages import page_of
    from interactions.sandbox import Account

    account = Account(seed=1, conversations=count, days=DAYS, anchor=ANCHOR)
    now, automatic, began = account.refresh(), AutomaticTexts(), time.monotonic()
    stored_account.pin(account.id)
    with rare_collections():
        for at in range(begin, count, PAGE):
            records = account.records(list(range(at, min(at + PAGE, count))), now=now, by_id=False)
            head = b'{"_metadata":{"count":%d},"conversationHistoryRecords":[' % count
            answer = Answer(200, body=head + b",".join(records) + b"]}")
            page = page_of(answer, "", offset=0, known=stored_as)
            items = prepare(page.records, ANCHOR, automatic, stored=page.stored)
            with transaction.atomic():
                write(items, automatic)
            if (at + PAGE) % SAID_EVERY == 0:
                line(f"after {time.monotonic() - began:,.0f} s", f"{at + PAGE:,} conversations")
    line("worker's peak memory, the sandbox's account included", f"{peak_megabytes():.0f} MB")


if __name__ == "__main__":
    sys.exit(main())
