"""The full-text index over TranscriptText: FTS5 on SQLite, one tsvector per column on PostgreSQL."""

from django.db import migrations

COLUMNS = ("consumer", "agent", "bot", "note", "comment")
TABLE = "interactions_transcripttext"
INDEX = "interactions_transcriptindex"


def _sqlite(names, news, olds):
    insert = f"INSERT INTO {INDEX}(rowid, {names}) VALUES (new.id, {news});"
    delete = f"INSERT INTO {INDEX}({INDEX}, rowid, {names}) VALUES ('delete', old.id, {olds});"
    yield (
        f"CREATE VIRTUAL TABLE {INDEX} USING fts5({names}, content='{TABLE}', content_rowid='id', "
        "tokenize=\"unicode61 remove_diacritics 0 categories 'L* N* Co M*'\", prefix='3 4')"
    )
    yield f"CREATE TRIGGER {INDEX}_insert AFTER INSERT ON {TABLE} BEGIN {insert} END"
    yield f"CREATE TRIGGER {INDEX}_delete AFTER DELETE ON {TABLE} BEGIN {delete} END"
    yield f"CREATE TRIGGER {INDEX}_update AFTER UPDATE ON {TABLE} BEGIN {delete} {insert} END"


def _postgresql():
    for name in COLUMNS:
        yield (
            f"ALTER TABLE {TABLE} ADD COLUMN {name}_tsv tsvector "
            f"GENERATED ALWAYS AS (to_tsvector('simple', {name})) STORED"
        )
        yield f"CREATE INDEX transcript_{name}_tsv ON {TABLE} USING gin ({name}_tsv)"


def build(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        names = ", ".join(COLUMNS)
        statements = _sqlite(names, ", ".join(f"new.{n}" for n in COLUMNS), ", ".join(f"old.{n}" for n in COLUMNS))
    else:
        statements = _postgresql()
    for statement in statements:
        schema_editor.execute(statement, params=None)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for event in ("insert", "delete", "update"):
            schema_editor.execute(f"DROP TRIGGER {INDEX}_{event}", params=None)
        schema_editor.execute(f"DROP TABLE {INDEX}", params=None)
    else:
        for name in COLUMNS:
            schema_editor.execute(f"ALTER TABLE {TABLE} DROP COLUMN {name}_tsv", params=None)


class Migration(migrations.Migration):
    dependencies = [("interactions", "0001_initial")]
    operations = [migrations.RunPython(build, drop)]
