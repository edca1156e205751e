"""Fills who wrote most from the messages; apart from the column, so that it can be begun again where it was stopped."""

from itertools import groupby
from operator import itemgetter

from django.db import migrations

from ._in_pieces import fill_in_pieces

# Keys of conversations in one transaction, so that the log beside the database stays small.
STEP = 5_000
# As interactions/ingest/derive/credit.py has it: of two who wrote as many the later one, and none without a part.
WRITTEN = (
    "SELECT conversation_id, agent_id FROM interactions_message "
    "WHERE id >= %s AND id < %s AND speaker = 'agent' AND agent_id IS NOT NULL "
    "GROUP BY conversation_id, agent_id ORDER BY conversation_id, COUNT(*) DESC, MAX(id) DESC"
)
# What an import wrote meanwhile stands; one that was stopped leaves nothing to do twice.
FILL = (
    "UPDATE interactions_conversation SET most_agent_id = %s WHERE id = %s AND most_agent_id IS NULL AND EXISTS "
    "(SELECT 1 FROM interactions_participation WHERE conversation_id = %s AND agent_id = %s)"
)


def fill(apps, schema_editor):
    fill_in_pieces(schema_editor.connection, STEP, _fill)


def _fill(cursor, begin, end):
    cursor.execute(WRITTEN, [begin << 16, end << 16])
    busiest = [next(rows) for _, rows in groupby(cursor.fetchall(), key=itemgetter(0))]
    cursor.executemany(FILL, [(agent, pk, pk, agent) for pk, agent in busiest])


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("interactions", "0018_taken_off")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, atomic=False)]
