"""Rules about the settings, each with one sentence that says what is wrong and what to do."""

import errno
import socket
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError, connection

from interactions.models import Account

ACCOUNT = "LIVEPERSON_ACCOUNT_ID"
KEY = ("LIVEPERSON_APP_KEY", "LIVEPERSON_APP_SECRET", "LIVEPERSON_ACCESS_TOKEN", "LIVEPERSON_ACCESS_TOKEN_SECRET")
LOGIN = ("LIVEPERSON_USERNAME", "LIVEPERSON_PASSWORD")
SAFE_SQLITE = (3, 51, 3)


def credential_trouble(values: Mapping[str, str]) -> str | None:
    """What is wrong with an account's settings: half a key, half a login, either without the other part."""
    given = {name for name in (*KEY, *LOGIN) if values.get(name)}
    if not values.get(ACCOUNT):
        return f"There is no {ACCOUNT} to go with {_listed(sorted(given))}: set it too." if given else None
    for whole in (KEY, LOGIN):
        missing = [name for name in whole if name not in given]
        if missing and len(missing) < len(whole) and not _signs_in_with_key(given):
            verb = "is" if len(missing) == 1 else "are"
            return f"{ACCOUNT} has half a set of credentials: {_listed(missing)} {verb} missing."
    if not given:
        return f"{ACCOUNT} is set without credentials: set {_listed(KEY)}, or {_listed(LOGIN)}."
    return None


def _signs_in_with_key(given: set[str]) -> bool:
    """A whole key beside a user name without password: LivePerson's application login."""
    return given == {*KEY, LOGIN[0]}


def _listed(names: Sequence[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def liveperson_settings() -> dict[str, str]:
    return {name: getattr(settings, name) for name in (ACCOUNT, *KEY, *LOGIN)}


@register(Tags.security)
def credentials(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    trouble = credential_trouble(liveperson_settings())
    return [Error(trouble, id="readback.E001")] if trouble else []


def missing_account() -> str | None:
    """Why a start without an account is refused; None where there is one or the sandbox may stand in."""
    if settings.LIVEPERSON_ACCOUNT_ID or settings.READBACK_SANDBOX:
        return None
    return f"There is no account to read: READBACK_SANDBOX is 0 and {ACCOUNT} is not set."


def other_account(wanted: str) -> str | None:
    """Why a database that belongs to another account is refused."""
    held = Account.objects.values_list("account_id", flat=True).first()
    if held is None or held == wanted:
        return None
    return (
        f"This database holds account {held}, but the account to read is {wanted}: give {wanted} a database of its "
        f"own (DATA_DIR, or DATABASE_URL), or go back to {held}."
    )


def database_trouble() -> str | None:
    """Why the database cannot be used, in the first line of its own words, which hold no password."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        return f"The database cannot be used ({'DATABASE_URL' if _is_server() else 'DATA_DIR'}): {reason}"
    return None


def _is_server() -> bool:
    return connection.vendor != "sqlite"


def port_trouble(host: str, port: int) -> str | None:
    """Why the web server could not listen there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the web server does
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return f"Port {port} on {host} is in use: stop what holds it, or choose one: make run PORT={port + 1}"
            return f"Readback cannot listen on {host}, port {port}: {error.strerror or error}."
    return None


def sqlite_warning() -> str | None:
    if _is_server() or sqlite3.sqlite_version_info >= SAFE_SQLITE:
        return None
    return (
        f"Note: this Python carries SQLite {sqlite3.sqlite_version}; before 3.51.3 a rare fault can damage a busy "
        "database. For more than a pilot use PostgreSQL (README, DATABASE_URL)."
    )
