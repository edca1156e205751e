"""Lines of what changed, written by the database itself, so that no way to write a row can forget them."""

from django.db import migrations, models

TABLES = {
    "interactions_conversation": "id",
    "interactions_conversationdetail": "conversation_id",
    "interactions_participation": "conversation_id",
}
ROWS = {"insert": ("NEW",), "update": ("OLD", "NEW"), "delete": ("OLD",)}


def triggers():
    for table, key in TABLES.items():
        for event, sides in ROWS.items():
            keys = " UNION ".join(f"SELECT {side}.{key}" for side in sides)
            yield f"{table}_changed_by_{event}", (
                f"CREATE TRIGGER {table}_changed_by_{event} AFTER {event.upper()} ON {table} BEGIN "
                f"INSERT INTO interactions_conversationchange (conversation) {keys}; END"
            )


def forwards(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for _, statement in triggers():
            schema_editor.execute(statement)


def backwards(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for name, _ in triggers():
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")


class Migration(migrations.Migration):
    dependencies = [("interactions", "0020_tombstone")]

    operations = [
        migrations.CreateModel(
            name="ConversationChange",
            fields=[
                ("seq", models.BigAutoField(primary_key=True, serialize=False)),
                ("conversation", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="ColumnarCopy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token", models.CharField(max_length=32, unique=True)),
                ("seq", models.BigIntegerField()),
                ("size", models.BigIntegerField()),
                ("made_at", models.DateTimeField()),
            ],
        ),
        migrations.RunPython(forwards, backwards),
    ]
