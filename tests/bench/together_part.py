"""Writes and reads of a person at a page while workers import: what one waits, with one worker and with three."""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import django
from django.core.management import call_command

from tests.bench.account import sandbox
from tests.bench.measure import line

WORKERS = (1, 3)
EVERY = 0.03
CHOICES = {"zone": "UTC", "theme": "system", "row_height": "dense", "opens_at": "start"}


def measure(workers: int, count: int) -> None:
    """Import `count` conversations, and save a preference and open the list all the while."""
    call_command("migrate", verbosity=0)
    if os.environ.get("DATABASE_URL", "").startswith("postgres"):
        call_command("flush", interactive=False, verbosity=0)
    reader = _reader()
    spans: dict[str, list[float]] = {"write": [], "list": []}
    with sandbox(count) as (values, _, _):
        began = time.perf_counter()
        command = [sys.executable, "-m", "tests.interactions.ingest.worker", "--beside"]
        env = os.environ | values
        started = [subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL) for _ in range(workers)]
        while any(process.poll() is None for process in started):
            _timed(spans["write"], lambda: reader.post("/me/", CHOICES), 302)
            _timed(spans["list"], lambda: reader.get("/conversations/"), 200)
            time.sleep(EVERY)
        seconds = time.perf_counter() - began
    print(f"  {workers} worker{'s' * (workers > 1)}, {count:,} conversations in {seconds:.0f} s")
    for what, found in spans.items():
        cuts = statistics.quantiles(found, n=100)
        waits = f"median {cuts[49]:.0f} ms   p99 {cuts[98]:.0f} ms   max {max(found):.0f} ms"
        line(f"  {what}, {len(found)} times", waits)


def _reader() -> Any:
    from django.contrib.auth import get_user_model
    from django.test import Client

    from interactions.models import Scope

    user, _ = get_user_model().objects.get_or_create(username="bench-together")
    Scope.objects.update_or_create(user=user, defaults={"all_groups": True})
    client = Client(headers={"host": "localhost"})
    client.force_login(user, backend="dashboard.people.PeopleBackend")
    return client


def _timed(spans: list[float], call: Any, status: int) -> None:
    began = time.perf_counter()
    answer = call()
    spans.append((time.perf_counter() - began) * 1000)
    assert answer.status_code == status, (answer.status_code, answer.content[:500])


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.bench.together_part")
    parser.add_argument("--count", type=int, default=5000)
    parser.add_argument("--here", type=int, help="so many workers, in the database that the environment names")
    options = parser.parse_args()
    if options.here:
        django.setup()
        measure(options.here, options.count)
        return 0
    failed = 0
    for workers in WORKERS:
        with tempfile.TemporaryDirectory(prefix="rb-bench-") as folder:
            url = os.environ.get("DATABASE_URL") or f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
            command = [sys.executable, "-m", "tests.bench.together_part", "--count", str(options.count)]
            env = os.environ | {"DATABASE_URL": url}
            failed |= subprocess.run([*command, "--here", str(workers)], env=env, check=False).returncode
    return failed


if __name__ == "__main__":
    sys.exit(main())
