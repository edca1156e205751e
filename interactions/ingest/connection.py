"""The client as the settings describe it: the one place where settings and LivePerson meet."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from dotenv import dotenv_values

from interactions.ingest.gate import gated
from interactions.ingest.store import stored_as
from interactions.liveperson import ApplicationLogin, Client, OAuth1Key, UserLogin
from interactions.liveperson.credentials import Credentials

KEY_PARTS = (
    "LIVEPERSON_APP_KEY",
    "LIVEPERSON_APP_SECRET",
    "LIVEPERSON_ACCESS_TOKEN",
    "LIVEPERSON_ACCESS_TOKEN_SECRET",
)
SANDBOX_FILE = "sandbox.env"


class NotConfigured(Exception):
    """There is no account to read, or half of its credentials; says what to do."""


def connection_values() -> Mapping[str, str]:
    """The connection's settings, else those of the sandbox that `make run` left running."""
    names = ("LIVEPERSON_API_URL", "LIVEPERSON_ACCOUNT_ID", *KEY_PARTS, "LIVEPERSON_USERNAME", "LIVEPERSON_PASSWORD")
    values = {name: str(getattr(settings, name, "")) for name in names}
    return values if values["LIVEPERSON_ACCOUNT_ID"] else _sandbox_values()


def _sandbox_values() -> Mapping[str, str]:
    path = Path(settings.DATA_DIR) / SANDBOX_FILE
    if not settings.READBACK_SANDBOX or not path.exists():
        raise NotConfigured(
            "No LivePerson account is set and no sandbox is running: set LIVEPERSON_ACCOUNT_ID and its key, "
            "or start a sandbox with `make run` (or `manage.py sandbox`)."
        )
    return {name: value or "" for name, value in dotenv_values(path).items()}


def credentials(values: Mapping[str, str]) -> Credentials:
    """The key, or the login, or both together; raises NotConfigured for half a set."""
    key = [values.get(name, "") for name in KEY_PARTS]
    user, password = values.get("LIVEPERSON_USERNAME", ""), values.get("LIVEPERSON_PASSWORD", "")
    missing = [name for name, value in zip(KEY_PARTS, key, strict=True) if not value]
    if not missing:
        return ApplicationLogin(user, *key) if user and not password else OAuth1Key(*key)
    if len(missing) < len(KEY_PARTS):
        raise NotConfigured(f"The LivePerson key is incomplete: {' and '.join(missing)} must be set too.")
    if user and password:
        return UserLogin(user, password)
    raise NotConfigured("LivePerson needs credentials: set the four parts of a key (LIVEPERSON_APP_KEY ...).")


def credential_words() -> tuple[str, str]:
    """(what signs in, the names of its settings), for the sentence that says that it is refused."""
    key = f"{', '.join(KEY_PARTS[:-1])} and {KEY_PARTS[-1]}"
    try:
        given = credentials(connection_values())
    except NotConfigured:  # taken away since
        return "key", key
    if isinstance(given, UserLogin):
        return "login", "LIVEPERSON_USERNAME and LIVEPERSON_PASSWORD"
    if isinstance(given, ApplicationLogin):
        return "login by key", f"LIVEPERSON_USERNAME, {key}"
    return "key", key


def build_client(values: Mapping[str, str] | None = None, **options: Any) -> tuple[str, Client]:
    """(account id, client) for the configured account; `options` go to the client. Raises NotConfigured."""
    given = connection_values() if values is None else values
    account_id = given["LIVEPERSON_ACCOUNT_ID"]
    waits = {name: options[name] for name in ("timeout", "sleep") if name in options}
    options["transport"] = gated(options.get("transport"), **waits)
    client = Client(
        account_id,
        credentials=credentials(given),
        api_url=given.get("LIVEPERSON_API_URL") or settings.LIVEPERSON_API_URL,
        allowed_hosts=settings.LIVEPERSON_ALLOWED_HOSTS,
        known=stored_as,
        **options,
    )
    return account_id, client


def clock_of(client: Client) -> Callable[[], datetime]:
    """LivePerson's clock, as far as the client's answers have told it, also where this machine's is wrong.

    Everything that is planned, leased and compared goes by it: a state that was read in the future would keep every
    newer one out.
    """
    return lambda: timezone.now() + timedelta(seconds=client.seconds_ahead)
