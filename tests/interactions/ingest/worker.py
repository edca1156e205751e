"""A worker as a process of its own: says `ready`, and `page` with its records whenever it has stored one.

Run as `python -m tests.interactions.ingest.worker`; `Worker` starts it against a served account.
"""

import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.database import database_url
from tests.environment import clean

ROOT = Path(__file__).parents[3]
PATIENCE = 120.0


class Worker:
    """One worker in a process group of its own, on the database of the test that is running."""

    def __init__(self, importer: Any, *arguments: str, **settings: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.interactions.ingest.worker", *arguments],
            env=environment(importer, **settings),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.said = ""

    def until_ready(self) -> "Worker":
        assert self.line() == "ready\n", self.said
        return self

    def line(self) -> str:
        """What it says next; "" when it has ended."""
        assert self.process.stdout is not None
        said = self.process.stdout.readline()
        self.said += said
        return said

    def send(self, number: int) -> None:
        os.killpg(self.process.pid, number)

    def until_ended(self, patience: float = PATIENCE) -> int:
        """Its exit code; `said` has all that it printed."""
        self.said += self.process.communicate(timeout=patience)[0]
        return self.process.returncode

    def end(self) -> None:
        if self.process.poll() is None:
            self.send(signal.SIGKILL)
            self.until_ended()


def environment(importer: Any, **settings: str) -> dict[str, str]:
    """What a program is started with that is to work on the account and the database of a test."""
    key = importer.served.credentials
    parts = ("app_key", "app_secret", "access_token", "access_token_secret")
    signing = {f"LIVEPERSON_{part.upper()}": getattr(key, part) for part in parts}
    return clean(
        LIVEPERSON_API_URL=importer.served.url,
        LIVEPERSON_ACCOUNT_ID=importer.account.id,
        DJANGO_SETTINGS_MODULE="dashboard.settings",
        SECRET_KEY="only-for-tests",
        **{"DATABASE_URL": database_url(), "BACKFILL_DAYS": "21", "POLL_SECONDS": "5", **signing, **settings},
    )


class Stepped:
    """This machine's clock, set forward or back by some seconds once so many pages are stored."""

    def __init__(self, pages: int, seconds: float) -> None:
        self.pages, self.seconds = pages, seconds

    def __call__(self) -> float:
        return time.time() + (self.seconds if self.pages <= 0 else 0)


def work(options: argparse.Namespace) -> None:
    from django.utils import timezone

    from interactions.ingest import account, connection, sync
    from interactions.ingest.reading import Reading, Tools
    from interactions.jobs import claims
    from interactions.jobs.priority import step_back
    from tests.interactions.ingest import variants

    step_back()
    variants.apply(options.variant)
    if options.lease:
        claims.LEASE = timedelta(seconds=options.lease)
    epoch = Stepped(options.step_after, options.step)
    name, client = connection.build_client(clock=epoch)
    account.pin(name)
    if not options.beside:
        sync.resume(now=timezone.now())

    def say(reading: Reading) -> None:
        epoch.pages -= 1
        print("page", len(reading.last_ids), flush=True)

    def clock() -> datetime:
        return datetime.fromtimestamp(epoch() + client.seconds_ahead, UTC)

    print("ready", flush=True)
    goes_on: Callable[[], bool] = lambda: sync.run_due(client, Tools(clock=clock, watch=say))  # noqa: E731
    while goes_on():
        pass


def main() -> None:
    parser = argparse.ArgumentParser(prog="worker")
    parser.add_argument("--variant", default="", help="one of variants.py")
    parser.add_argument("--lease", type=float, default=0, help="seconds, instead of the usual")
    parser.add_argument("--beside", action="store_true", help="others may be at work: take over nothing at the start")
    parser.add_argument("--step", type=float, default=0, help="seconds by which the clock is set ...")
    parser.add_argument("--step-after", type=int, default=0, help="... after so many pages")
    options = parser.parse_args()
    import django

    django.setup()
    work(options)


if __name__ == "__main__":
    main()
