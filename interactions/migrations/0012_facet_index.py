"""The index along which SQLite counts facets; PostgreSQL groups as quickly without it."""

from django.db import migrations, models

from ._sqlite_alone import AddIndexOnSqlite


COUNTED = ["csat", "mcs_band", "status", "channel", "survey", "first_contact", "device", "language"]
HELD = [
    *["started_at", "mcs", "skill", "group", "last_agent", "credited_agent", "has_human", "bot_message_count"],
    *["started_slot", "close_reason", "queue", "nps", "fcr", "mcs_fall"],
    *["duration_seconds", "first_response_seconds", "transfer_count"],
]


class Migration(migrations.Migration):
    dependencies = [("interactions", "0011_marks")]

    operations = [
        AddIndexOnSqlite(
            model_name="conversation",
            index=models.Index(
                fields=[*COUNTED, *HELD], condition=models.Q(transfer_count__gte=0), name="conversation_facets"
            ),
        ),
    ]
