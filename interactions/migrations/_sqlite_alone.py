"""Indexes of the models that SQLite alone has; PostgreSQL answers as quickly without them.

The models know of them on either database, as SQLite makes a changed table anew, with the indexes of its model.
"""

from django.db import migrations


class _OnSqlite:
    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor == "sqlite":
            super().database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor == "sqlite":
            super().database_backwards(app_label, schema_editor, from_state, to_state)


class AddIndexOnSqlite(_OnSqlite, migrations.AddIndex):
    pass


class RemoveIndexOnSqlite(_OnSqlite, migrations.RemoveIndex):
    pass
