"""Import without the network: bytes of pages through parse, derive, store and index, stage by stage.

Beside it the floor: `orjson.loads` and one `executemany` (or COPY) per table of the very same rows. CPU of this
process alone, the best of several runs on an empty database each, because the machine is rarely ours alone.
"""

import argparse
import gc
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import django
import orjson

from tests.bench.measure import line

ANCHOR = datetime(2026, 8, 1, tzinfo=UTC)
PAGE = 100
RUNS = 3
# Of the sandbox's conversations, which have 19 messages on average, those that have about 15.
MIDDLING = range(11, 20)


def bodies(count: int, *, is_natural: bool) -> tuple[list[bytes], float]:
    """Answers of 100 records each as LivePerson sends them, and the mean number of messages in a record."""
    from interactions.sandbox import Account

    account = Account(seed=1, conversations=count * 2, days=30, anchor=ANCHOR)
    now, chosen, messages = account.refresh(), [], 0
    for row in range(count * 2):
        [record] = account.records([row], now=now, by_id=False)
        said = record.count(b'"messageData"')
        if is_natural or said in MIDDLING:
            chosen.append(record)
            messages += said
        if len(chosen) == count:
            break
    head = b'{"_metadata":{"count":%d},"conversationHistoryRecords":[' % len(chosen)
    pages = [head + b",".join(chosen[at : at + PAGE]) + b"]}" for at in range(0, len(chosen), PAGE)]
    return pages, messages / len(chosen)


def _made_apart(count: int, *, is_natural: bool) -> tuple[list[bytes], float]:
    """`bodies` from a process of their own: a worker has no sandbox's leavings strewn over its memory."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as other:
        return other.submit(bodies, count, is_natural=is_natural).result()


class Stages:
    """CPU seconds by stage."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        began = time.process_time()
        try:
            yield
        finally:
            self.seconds[name] += time.process_time() - began


def imported(pages: list[bytes]) -> dict[str, float]:
    """One import of all pages by the product's own functions."""
    from django.db import transaction

    from interactions.ingest.derive import AutomaticTexts
    from interactions.ingest.reading import rare_collections
    from interactions.ingest.store import prepare, stored_as, write
    from interactions.liveperson import Answer
    from interactions.liveperson.pages import page_of

    stage, automatic = Stages(), AutomaticTexts()
    gc.collect()
    with rare_collections(), stage("all"):
        for body in pages:
            with stage("cut, decode, parse"):
                page = page_of(Answer(200, body=body), "", offset=0, known=stored_as)
            with stage("hash, compare, derive"):
                items = prepare(page.records, ANCHOR, automatic, stored=page.stored)
            with stage("write and commit"), transaction.atomic():
                write(items, automatic)
    return dict(stage.seconds)


def recorded(pages: list[bytes]) -> list[tuple[Any, list[Any]]]:
    """Every statement with its rows that an import of these pages writes."""
    from interactions.ingest.store.sql import Insert

    found: list[tuple[Any, list[Any]]] = []
    usual = Insert.run

    def run(insert: Any, rows: Any, **how: Any) -> None:
        found.append((insert, list(rows)))
        usual(insert, rows, **how)

    Insert.run = run  # type: ignore[method-assign]
    try:
        imported(pages)
    finally:
        Insert.run = usual  # type: ignore[method-assign]
    return found


def floor(pages: list[bytes], statements: list[tuple[Any, list[Any]]], *, by_copy: bool) -> dict[str, float]:
    """The same bytes decoded and the same rows written, a transaction per page, with nothing around it."""
    from django.db import connection, transaction

    stage = Stages()
    each = -(-len(statements) // len(pages))
    gc.collect()
    gc.freeze()
    with stage("all"):
        for body in pages:
            with stage("orjson.loads"):
                orjson.loads(body)
        for at in range(0, len(statements), each):
            with transaction.atomic(), connection.cursor() as cursor:
                for insert, rows in statements[at : at + each]:
                    with stage(insert.model._meta.model_name):
                        (_copied if by_copy else _executed)(cursor, insert, rows)
    return dict(stage.seconds)


def _executed(cursor: Any, insert: Any, rows: list[Any]) -> None:
    cursor.executemany(insert._sql(1, "%s"), rows)


def _copied(cursor: Any, insert: Any, rows: list[Any]) -> None:
    columns = ", ".join(f'"{column}"' for column in insert.columns)
    with cursor.cursor.copy(f"COPY {insert.model._meta.db_table} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def emptied() -> None:
    from django.core.management import call_command

    call_command("flush", interactive=False, verbosity=0)


def best(runs: int, call: Callable[[], dict[str, float]]) -> dict[str, float]:
    """Stage by stage the least of several runs, each on an empty database."""
    found: dict[str, float] = {}
    for _ in range(runs):
        emptied()
        for name, seconds in call().items():
            found[name] = min(seconds, found.get(name, seconds))
    return found


def report(title: str, seconds: dict[str, float], count: int) -> None:
    total = seconds.pop("all")
    line(title, f"{count / total:,.0f} conversations per CPU second, {total / count * 1000:.2f} ms each")
    for name, spent in seconds.items():
        if spent / count > 5e-6:
            line(f"  {name}", f"{spent / count * 1000:.3f} ms")


def measure(count: int, runs: int, *, is_natural: bool) -> None:
    from django.db import connection

    pages, messages = _made_apart(count, is_natural=is_natural)
    size = sum(map(len, pages)) / count / 1024
    print(f"  {connection.vendor}: {count:,} conversations of {messages:.1f} messages, {size:.1f} KB each", flush=True)
    report("import", best(runs, lambda: imported(pages)), count)
    report(
        "the same again, nothing changed", min((imported(pages) for _ in range(runs)), key=lambda s: s["all"]), count
    )
    emptied()
    statements = recorded(pages)
    report("floor", best(runs, lambda: floor(pages, statements, by_copy=False)), count)
    if connection.vendor == "postgresql":
        report("floor by COPY", best(runs, lambda: floor(pages, statements, by_copy=True)), count)


def _child(arguments: list[str], url: str) -> int:
    command = [sys.executable, "-m", "tests.bench.store_part", *arguments, "--here"]
    return subprocess.run(command, env=os.environ | {"DATABASE_URL": url}, check=False).returncode


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.bench.store_part")
    parser.add_argument("--count", type=int, default=5000)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--natural", action="store_true", help="the sandbox's mix instead of about 15 messages")
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    parser.add_argument("--here", action="store_true", help="measure in the database that the environment names")
    options = parser.parse_args()
    if options.here:
        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        measure(options.count, options.runs, is_natural=options.natural)
        return 0
    arguments = ["--count", str(options.count), "--runs", str(options.runs), *["--natural"] * options.natural]
    failed = 0
    if options.only != "postgresql":
        with tempfile.TemporaryDirectory(prefix="rb-bench-") as folder:
            failed |= _child(arguments, f"sqlite:///{Path(folder) / 'bench.sqlite3'}")
    if options.only != "sqlite":
        from tests.servers import postgresql

        with postgresql() as url:
            failed |= _child(arguments, url)
    return failed


if __name__ == "__main__":
    sys.exit(main())
