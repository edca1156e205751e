"""`make bench`: prints the figures of docs/benchmarks.md. `N` conversations, `PART` one part alone.

Each part runs in a process of its own, so that its peak memory is its own. The database is filled once per N
through the real sandbox, client and import, and is reused afterwards; `PART=import` fills it anew. Above a size that
would take hours over HTTP, and in the database that DATABASE_URL names, it is filled without the network.
"""

import argparse
import os
import platform
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.measure import pace

PARTS = ("import", "fill", "store", "together", "pages", "find", "crowd", "files", "weight")
# Conversations that are read over HTTP; more are given to the product's own functions.
MOST_OVER_HTTP = 200_000
BASE = Path(__file__).resolve().parents[2]


def machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}, {datetime.now(UTC):%d %b %Y}"


def environment(folder: Path, count: int) -> dict[str, str]:
    """The benchmark's own data folder: never the database somebody works with."""
    return os.environ | {
        "DATA_DIR": str(folder),
        "READBACK_ENV_FILE": "",
        "DJANGO_SETTINGS_MODULE": "dashboard.settings",
        "LOG_LEVEL": "ERROR",
        "BENCH_COUNT": str(count),
    }


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("count", type=int, nargs="?", default=100_000)
    parser.add_argument("part", choices=PARTS, nargs="?", default=None)
    options = parser.parse_args()
    folder = BASE / "var" / f"bench-{options.count}"
    filled = folder / "filled"
    is_quiet = options.count > MOST_OVER_HTTP or "DATABASE_URL" in os.environ
    parts = [options.part] if options.part else [part for part in PARTS if part not in ("import", "fill")]
    if is_quiet:
        parts = ["fill", *(part for part in parts if part not in ("import", "fill"))]
    elif options.part == "import" or not filled.exists():
        shutil.rmtree(folder, ignore_errors=True)
        parts = ["import", *(part for part in parts if part != "import")]
    print(f"{options.count:,} conversations; {machine()}", flush=True)
    env = environment(folder, options.count)
    collect = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
    subprocess.run(collect, env=env, cwd=BASE, check=True)
    for part in parts:
        print(f"\n{part}; a million squares added up in {pace():.0f} ms", flush=True)
        command = [sys.executable, "-m", f"tests.bench.{part}_part"]
        done = subprocess.run(command, env=env, cwd=BASE, check=False)
        if done.returncode:
            return done.returncode
        if part == "import":
            filled.touch()
    return 0


if __name__ == "__main__":
    sys.exit(main())
