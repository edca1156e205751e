"""A sandbox account in a process of its own, so that its time and memory are not the worker's."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psutil


@contextmanager
def sandbox(count: int, days: int = 365) -> Iterator[tuple[dict[str, str], float, float]]:
    """(connection settings, seconds until it listened, its memory in MB)."""
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
        yield values, seconds, psutil.Process(process.pid).memory_info().rss / 2**20
    finally:
        process.terminate()
        process.wait(20)
