"""The shell's way in: options, the lines it prints, and a clean stop."""

from __future__ import annotations

import argparse
import gc
import json
import signal
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from .account import Account
from .effects import Effects
from .server import RunningSandbox, serve


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=0, help="default: a free one")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--conversations", type=_positive, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--days", type=_positive, default=90, help="how far the conversations reach back")
    parser.add_argument("--live", action="store_true", help="time passes after the anchor")
    parser.add_argument("--anchor", type=_instant, help="ISO 8601; default: now, rounded down to ten minutes")
    parser.add_argument("--no-require-source", action="store_true", help="calls need neither source nor v")
    parser.add_argument("--effects", type=_effects, default="all", help="planted ones: all, none, or names and commas")
    parser.add_argument("--truth", type=Path, metavar="FILE", help="where to write what was planted, as JSON")
    parser.add_argument("--public-url", help="the address callers sign for; default: http://HOST:PORT")


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


def _instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("not an ISO 8601 instant") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _effects(text: str) -> Effects:
    try:
        return Effects.named(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def run(options: argparse.Namespace, out: IO[str]) -> int:
    """Serves until SIGINT or SIGTERM; returns the exit code."""
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    gc.disable()  # millions of lasting objects are made at once; looking through them again and again is half the start
    account = Account(
        seed=options.seed,
        conversations=options.conversations,
        days=options.days,
        anchor=options.anchor,
        live=options.live,
        effects=options.effects,
    )
    gc.enable()
    gc.freeze()
    if options.truth and not _written(options.truth, account.planted()):
        return 1
    try:
        running = serve(
            account,
            host=options.host,
            port=options.port,
            require_source=not options.no_require_source,
            public_url=options.public_url,
            keep_versions=False,
        )
    except OSError as error:
        sys.stderr.write(f"Cannot listen on {options.host}:{options.port}: {error.strerror}.\n")
        return 1
    with running:
        out.write(settings(running))
        out.flush()
        while not stopped.wait(1):
            pass
    return 0


def _written(path: Path, truth: dict[str, Any]) -> bool:
    try:
        path.write_text(json.dumps(truth, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        sys.stderr.write(f"Cannot write {path}: {error.strerror}.\n")
        return False
    return True


def settings(running: RunningSandbox) -> str:
    """`NAME=value` lines for an environment or a `.env` file."""
    key = running.credentials
    lines = {
        "LIVEPERSON_API_URL": running.url,
        "LIVEPERSON_ACCOUNT_ID": running.account.id,
        "LIVEPERSON_APP_KEY": key.app_key,
        "LIVEPERSON_APP_SECRET": key.app_secret,
        "LIVEPERSON_ACCESS_TOKEN": key.access_token,
        "LIVEPERSON_ACCESS_TOKEN_SECRET": key.access_token_secret,
        "# LIVEPERSON_USERNAME": key.username,
        "# LIVEPERSON_PASSWORD": key.password,
        "# anchor": running.account.anchor.isoformat(),
    }
    return "".join(f"{name}={value}\n" for name, value in lines.items())
