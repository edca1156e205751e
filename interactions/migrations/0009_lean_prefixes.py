"""SQLite's index keeps prefixes of three letters alone, and merges its pieces sixteen at a time."""

from django.db import migrations

COLUMNS = "consumer, agent, bot, note, comment"
TABLE = "interactions_transcripttext"
INDEX = "interactions_transcriptindex"
# Rows indexed in one transaction, so that the log beside the database stays small.
STEP = 20_000


def _rebuilt(schema_editor, prefixes, merged):
    connection = schema_editor.connection
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        # The triggers name the table and are not touched: nobody writes while the schema changes.
        cursor.execute(f"DROP TABLE IF EXISTS {INDEX}")
        cursor.execute(
            f"CREATE VIRTUAL TABLE {INDEX} USING fts5({COLUMNS}, content='{TABLE}', content_rowid='id', "
            f"tokenize=\"unicode61 remove_diacritics 0 categories 'L* N* Co M*'\", prefix='{prefixes}')"
        )
        cursor.execute(f"INSERT INTO {INDEX}({INDEX}, rank) VALUES ('automerge', {merged})")
        last = -1
        while (end := _end_of_step(cursor, last)) is not None:
            cursor.execute(
                f"INSERT INTO {INDEX}(rowid, {COLUMNS}) SELECT id, {COLUMNS} FROM {TABLE} WHERE id > %s AND id <= %s",
                [last, end],
            )
            last = end


def _end_of_step(cursor, last):
    cursor.execute(
        f"SELECT MAX(id) FROM (SELECT id FROM {TABLE} WHERE id > %s ORDER BY id LIMIT {STEP})",
        [last],
    )
    return cursor.fetchone()[0]


def lean(apps, schema_editor):
    _rebuilt(schema_editor, "3", 16)


def full(apps, schema_editor):
    _rebuilt(schema_editor, "3 4", 4)


class Migration(migrations.Migration):
    # A step is whole by itself, and one that was stopped begins with an empty index again.
    atomic = False
    dependencies = [("interactions", "0008_comment_index")]
    operations = [migrations.RunPython(lean, full, atomic=False)]
