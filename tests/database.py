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


def other_backends() -> list[int]:
    """The processes of PostgreSQL that serve others in the test's own database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return [pid for (pid,) in cursor.fetchall()]
