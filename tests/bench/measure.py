"""Percentiles of repeated calls and the peak memory of this process."""

import os
import resource
import statistics
import time
from collections.abc import Callable

# On a machine that others use at the same time the CPU of this process tells more; the database's own is in it where
# that is SQLite.
CLOCK = time.process_time if os.environ.get("BENCH_CLOCK") == "cpu" else time.perf_counter


def peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def repeat(call: Callable[[], object], times: int = 30) -> tuple[float, float]:
    """Median and 95th percentile of `times` calls in milliseconds, after two that warm up."""
    call()
    call()
    spans = []
    for _ in range(times):
        began = CLOCK()
        call()
        spans.append((CLOCK() - began) * 1000)
    return statistics.median(spans), statistics.quantiles(spans, n=20)[-1]


def pace() -> float:
    """Milliseconds that Python alone takes for the same sum, best of five: hours of a shared machine differ twofold."""
    spans = []
    for _ in range(5):
        began = time.perf_counter()
        sum(number * number for number in range(1_000_000))
        spans.append((time.perf_counter() - began) * 1000)
    return min(spans)


def line(name: str, value: str) -> None:
    print(f"  {name:<58} {value}", flush=True)
