"""Lines of what changed, written by the database itself, so that no way to write a row can forget them."""

from django.db import migrations, models

TABLES = {
    "interactions_conversation": "id",
    "interactions_conversationdetail": "conversation_id",
    "interactions_participation": "conversation_id",
}
EVENTS = {"insert": ("new",), "update": ("old", "new"), "delete": ("old",)}
LINES = "interactions_conversationchange"


def _name(table, event):
    return f"{table}_changed_by_{event}"


def on_sqlite():
    """Without AUTOINCREMENT, which would write a second table for every line: the last line is never taken away.

    The index of the model is made afterwards.
    """
    yield f"DROP TABLE {LINES}"
    yield (
        f"CREATE TABLE {LINES} "
        "(seq integer NOT NULL PRIMARY KEY, xid bigint NULL, conversation bigint NOT NULL)"
    )
    for table, key in TABLES.items():
        for event, (first, *others) in EVENTS.items():
            insert = f"INSERT INTO {LINES} (conversation)"
            body = f"{insert} VALUES ({first}.{key});"
            for side in others:
                body += f" {insert} SELECT {side}.{key} WHERE {side}.{key} IS NOT {first}.{key};"
            yield f"CREATE TRIGGER {_name(table, event)} AFTER {event} ON {table} BEGIN {body} END"


def on_postgresql():
    """Once for each statement, which writes a page of conversations."""
    for table, key in TABLES.items():
        for event, sides in EVENTS.items():
            name = _name(table, event)
            keys = " UNION ".join(f"SELECT {key} FROM {side}_rows" for side in sides)
            rows = " ".join(f"{side} TABLE AS {side}_rows" for side in sides)
            yield (
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"INSERT INTO {LINES} (xid, conversation) SELECT pg_current_xact_id()::text::bigint, found.key "
                f"FROM ({keys.replace('SELECT ' + key, 'SELECT ' + key + ' AS key')}) found; RETURN NULL; END $$"
            )
            yield (
                f"CREATE TRIGGER {name} AFTER {event} ON {table} REFERENCING {rows} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
            )


def forwards(apps, schema_editor):
    for statement in {"sqlite": on_sqlite, "postgresql": on_postgresql}[schema_editor.connection.vendor]():
        schema_editor.execute(statement, params=None)


def backwards(apps, schema_editor):
    for table in TABLES:
        for event in EVENTS:
            name = _name(table, event)
            if schema_editor.connection.vendor == "postgresql":
                schema_editor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
                schema_editor.execute(f"DROP FUNCTION IF EXISTS {name}()")
            else:
                schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")


class Migration(migrations.Migration):
    dependencies = [("interactions", "0020_tombstone")]

    operations = [
        migrations.CreateModel(
            name="ConversationChange",
            fields=[
                ("seq", models.BigAutoField(primary_key=True, serialize=False)),
                ("xid", models.BigIntegerField(null=True)),
                ("conversation", models.BigIntegerField()),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("xid__isnull", False)), fields=["xid", "seq"], name="change_xid"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ColumnarCopy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token", models.CharField(max_length=32, unique=True)),
                ("server", models.CharField(default="", max_length=40)),
                ("position", models.BigIntegerField()),
                ("seq", models.BigIntegerField()),
                ("size", models.BigIntegerField()),
                ("made_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="ColumnarPiece",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token", models.CharField(max_length=32)),
                ("name", models.CharField(max_length=40)),
                ("number", models.IntegerField()),
                ("body", models.BinaryField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("token", "name", "number"), name="columnar_piece_once")
                ],
            },
        ),
        migrations.RunPython(forwards, backwards),
    ]
