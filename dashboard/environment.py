"""The environment read as typed values; a bad one stops the start with a sentence that names it."""

import json
import logging
import os
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import ImproperlyConfigured
from dotenv import load_dotenv

BASE_DIR = Path(__file__).resolve().parent.parent

# `.env` never overrides the environment. READBACK_ENV_FILE lets tests point elsewhere ("" reads none).
_env_file = os.environ.get("READBACK_ENV_FILE", str(BASE_DIR / ".env"))
if _env_file:
    load_dotenv(_env_file, override=False)


def text(name: str, default: str = "") -> str:
    """The variable without surrounding blanks; empty counts as not set."""
    return os.environ.get(name, "").strip() or default


def number(name: str, default: int, *, least: int = 0, most: int | None = None) -> int:
    raw = text(name)
    if not raw:
        return default
    try:
        value = int(raw)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {raw!r}.") from None
    if value < least:
        raise ImproperlyConfigured(f"{name} must be at least {least}, not {value}.")
    if most is not None and value > most:
        raise ImproperlyConfigured(f"{name} must be at most {most}, not {value}.")
    return value


def switch(name: str, default: bool) -> bool:
    raw = text(name).lower()
    if not raw:
        return default
    if raw in {"1", "true", "yes", "on"}:
        return True
    if raw in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {raw!r}.")


def words(name: str) -> list[str]:
    """A comma or blank separated list."""
    return text(name).replace(",", " ").split()


def keys(name: str) -> list[str]:
    """A list of keys: separated by commas or blanks, or as JSON, since a key may hold either."""
    try:
        listed = json.loads(text(name))
    except ValueError:
        return words(name)
    is_list = isinstance(listed, list) and all(isinstance(key, str) and key for key in listed)
    return listed if is_list else words(name)


def zone(name: str, default: str) -> str:
    """A time zone's name, such as Europe/Paris."""
    value = text(name, default)
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ImproperlyConfigured(f"{name} must be a time zone such as Europe/Paris, not {value!r}.") from None
    return value


def level(name: str, default: str) -> str:
    value = text(name, default).upper()
    if value not in logging.getLevelNamesMapping():
        raise ImproperlyConfigured(f"{name} must be one of DEBUG, INFO, WARNING and ERROR, not {value!r}.")
    return value


def one_of(name: str, default: str, values: Sequence[str]) -> str:
    value = text(name, default).lower()
    if value not in values:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(values)}, not {value!r}.")
    return value


def site(name: str, default: str) -> str:
    """The address people type: http or https, a host, no path."""
    value = text(name, default).rstrip("/")
    try:
        parts = urlsplit(value)
        is_site = parts.scheme in ("http", "https") and bool(parts.hostname) and not (parts.path or parts.query)
    except ValueError:
        is_site = False
    if not is_site:
        raise ImproperlyConfigured(f"{name} must be an address such as https://readback.example, not {value!r}.")
    return value
