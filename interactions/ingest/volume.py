"""How much is stored, told without counting: for machines that ask every few seconds."""

from django.db import connection
from django.db.models import Max

from interactions.models import Conversation

_SIZE = {
    "sqlite": "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
    "postgresql": "SELECT pg_database_size(current_database())",
}


def conversation_estimate() -> int:
    """About how many conversations there are; counting a million would take too long. At most two queries."""
    # Keys are given one after another, so the largest tells; on PostgreSQL a rolled back page leaves a gap in them,
    # and what the planner knows is better as soon as it knows something.
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT reltuples FROM pg_class WHERE oid = to_regclass(%s)", [Conversation._meta.db_table])
            row = cursor.fetchone()
        if row and row[0] > 0:
            return int(row[0])
    return Conversation.objects.aggregate(largest=Max("pk"))["largest"] or 0


def database_bytes() -> int | None:
    """The size of the database without its journal; None where it cannot be told. One query."""
    if (sql := _SIZE.get(connection.vendor)) is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(sql)
        row = cursor.fetchone()
    return int(row[0]) if row else None
