"""Who took part as one short text on the conversation; the index that holds it is made once it is filled."""

from django.db import migrations, models


class _RemoveOnSqlite(migrations.RemoveIndex):
    """The index is SQLite's alone; the model knows of it on either database (0012)."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor == "sqlite":
            super().database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor == "sqlite":
            super().database_backwards(app_label, schema_editor, from_state, to_state)


class Migration(migrations.Migration):
    dependencies = [("interactions", "0012_facet_index")]

    operations = [
        # Without a default, with which SQLite would have the whole table written anew.
        migrations.AddField(
            model_name="conversation",
            name="took_part",
            field=models.TextField(null=True),
        ),
        _RemoveOnSqlite(model_name="conversation", name="conversation_facets"),
        # With the flag inside, whoever is asked for by a rule of credit is found without looking at their parts.
        migrations.RemoveIndex(model_name="participation", name="participation_agent"),
        migrations.AddIndex(
            model_name="participation",
            index=models.Index(fields=["agent", "conversation", "is_counted"], name="participation_agent"),
        ),
    ]
