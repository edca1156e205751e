"""The index along which SQLite counts facets; PostgreSQL groups as quickly without it."""

from django.db import migrations, models


class _AddOnSqlite(migrations.AddIndex):
    """The model knows of it on either database, as SQLite makes a changed table anew, with the indexes of its model."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor == "sqlite":
            super().database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor == "sqlite":
            super().database_backwards(app_label, schema_editor, from_state, to_state)


COUNTED = ["csat", "mcs_band", "status", "channel", "survey", "first_contact", "device", "language"]
HELD = [
    *["started_at", "mcs", "skill", "group", "last_agent", "credited_agent", "has_human", "bot_message_count"],
    *["started_slot", "close_reason", "queue", "nps", "fcr", "mcs_fall"],
    *["duration_seconds", "first_response_seconds", "transfer_count"],
]


class Migration(migrations.Migration):
    dependencies = [("interactions", "0011_marks")]

    operations = [
        _AddOnSqlite(
            model_name="conversation",
            index=models.Index(
                fields=[*COUNTED, *HELD], condition=models.Q(transfer_count__gte=0), name="conversation_facets"
            ),
        ),
    ]
