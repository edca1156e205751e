"""A sandbox account in a process of its own, so that its time and memory are not the worker's."""

import itertools
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psutil
import requests
from requests_oauthlib import OAuth1

from tests.bench.measure import repeat


@contextmanager
def sandbox(count: int, days: int = 365) -> Iterator[tuple[dict[str, str], float, psutil.Process]]:
    """(connection settings, seconds until it listened, its process)."""
    began = time.perf_counter()
    command = [sys.executable, "manage.py", "sandbox", "--conversations", str(count), "--days", str(days)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ)
    try:
        values: dict[str, str] = {}
        assert process.stdout is not None
        for line in process.stdout:
            name, found, value = line.strip().partition("=")
            if found and not name.startswith("#"):
                values[name] = value
            if "LIVEPERSON_PASSWORD" in name:
                break
        seconds = time.perf_counter() - began
        yield values, seconds, psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(20)


def page_of_hundred(values: dict[str, str], process_seconds: Callable[[], float]) -> tuple[float, float, float]:
    """What a search for 100 whole records takes: (median wall ms, mean CPU ms of the server, MB)."""
    parts = ("APP_KEY", "APP_SECRET", "ACCESS_TOKEN", "ACCESS_TOKEN_SECRET")
    session, account_id = requests.Session(), values["LIVEPERSON_ACCOUNT_ID"]
    session.auth = OAuth1(*(values[f"LIVEPERSON_{part}"] for part in parts))
    path = f"/messaging_history/api/account/{account_id}/conversations/search"
    url = f"{values['LIVEPERSON_API_URL']}{path}?v=2&limit=100&source=Bench&sort=start:asc"
    days, sizes, now = itertools.count(3), [], int(time.time() * 1000)

    def ask() -> None:
        begin = now - 86_400_000 * next(days)
        answer = session.post(url, json={"start": {"from": begin, "to": begin + 5 * 86_400_000}})
        answer.raise_for_status()
        sizes.append(len(answer.content))

    before, times = process_seconds(), 40
    median, _ = repeat(ask, times)
    spent = (process_seconds() - before) / (times + 2)
    return median, spent * 1000, sum(sizes) / len(sizes) / 1e6
