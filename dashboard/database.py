"""How the database is reached: SQLite in the data folder, or PostgreSQL by DATABASE_URL, each with its limits."""

from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

EXAMPLE = "postgresql://readback:...@localhost/readback"
# Milliseconds. A page that takes this long has lost its reader; a command or a worker may index a big table.
PAGE_LIMIT = 15_000
COMMAND_LIMIT = 600_000
OTHER_LIMITS = "-c lock_timeout=20000 -c idle_in_transaction_session_timeout=60000"
# Compiling what is expected to take long takes 0.1 to 0.3 s, and what is expected of ranges of keys is wrong. What
# matches a common word is remembered by row, not by page, up to some hundred thousand rows: the default is 4 MB.
PLANS = "-c jit=off -c work_mem=32MB"

# KiB of the database that a connection keeps. Each thread of a web process has one of its own, and most lists are read
# from the columnar copy; the system's cache of files has the rest.
CACHE, PAGE_CACHE = 32_768, 4_096
# Pages of the log that SQLite takes into its file with a commit. What an importer wrote fell to whoever opened a
# transcript then, for up to 1.4 s: it is left to the workers, whose 1,000 pages come first.
PAGE_CHECKPOINT = 16_384

SQLITE = {
    # WAL alone failed 88 % of read-then-write transactions in a trial; with IMMEDIATE none did.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA journal_size_limit=67108864;"
        f"PRAGMA mmap_size=0;PRAGMA cache_size=-{CACHE};PRAGMA temp_store=MEMORY;"
    ),
}


def describe(url: str, default: Path) -> dict[str, Any]:
    """The entry of Django's DATABASES; a sentence without the address where it cannot be one (it holds a password)."""
    if not url:
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": default, "CONN_MAX_AGE": None, "OPTIONS": SQLITE}
    try:
        described: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True))
    except ValueError:
        described = {}
    engine = described.get("ENGINE", "")
    # A database in memory would be another one for each process.
    if engine.endswith(".sqlite3") and described.get("NAME") not in (None, "", ":memory:"):
        return {**described, "CONN_MAX_AGE": None, "OPTIONS": SQLITE}
    if not engine.endswith(".postgresql") or not described.get("NAME"):
        raise ImproperlyConfigured(
            f"DATABASE_URL is not the address of a PostgreSQL or SQLite database, such as {EXAMPLE}."
        )
    options = {**described.get("OPTIONS", {})}
    options["options"] = f"{_limits(COMMAND_LIMIT)} {PLANS} {options.get('options', '')}".strip()
    # A cursor held on the server would outlive its page, and poolers do not keep it.
    return {**described, "OPTIONS": options, "DISABLE_SERVER_SIDE_CURSORS": True}


def _limits(statement: int) -> str:
    return f"-c statement_timeout={statement} {OTHER_LIMITS}"


def limit_pages(databases: dict[str, Any]) -> None:
    """Give the web server's connections the shorter limit and the smaller cache; called before it opens one.

    On SQLite they also leave it to the workers to bring the log to its end.
    """
    options = databases["default"].get("OPTIONS", {})
    if "options" in options:
        options["options"] = options["options"].replace(_limits(COMMAND_LIMIT), _limits(PAGE_LIMIT))
    elif "init_command" in options:
        smaller = options["init_command"].replace(f"cache_size=-{CACHE};", f"cache_size=-{PAGE_CACHE};")
        later = f"PRAGMA wal_autocheckpoint={PAGE_CHECKPOINT};"
        databases["default"]["OPTIONS"] = {**options, "init_command": smaller + later}
