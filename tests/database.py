"""The database of the test that is running."""

from urllib.parse import quote

from django.db import connection


def database_url() -> str:
    """Where the test's own database is, for a process of its own."""
    given = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{given['NAME']}"
    host, port = quote(str(given["HOST"]), safe=""), given["PORT"] or ""
    name = f"{quote(given['USER'])}:{quote(given['PASSWORD'] or '')}"
    return f"postgresql://{name}@{host}:{port}/{given['NAME']}"
