"""Fills who took part from the participations, and makes the index along which SQLite counts facets with it inside."""

from itertools import groupby
from operator import itemgetter

from django.db import migrations, models

from ._in_pieces import fill_in_pieces
from ._sqlite_alone import AddIndexOnSqlite

# Keys of conversations in one transaction, so that the log beside the database stays small.
STEP = 5_000
PARTS = (
    "SELECT DISTINCT conversation_id, agent_id FROM interactions_participation "
    "WHERE conversation_id >= %s AND conversation_id < %s ORDER BY conversation_id, agent_id"
)
# What an import wrote meanwhile stands; one that was stopped leaves nothing to do twice.
FILL = "UPDATE interactions_conversation SET took_part = %s WHERE id = %s AND took_part IS NULL"
COUNTED = ["csat", "mcs_band", "status", "channel", "survey", "first_contact", "device", "language"]
HELD = [
    *["started_at", "took_part"],
    *["mcs", "skill", "group", "last_agent", "credited_agent", "has_human", "bot_message_count"],
    *["started_slot", "close_reason", "queue", "nps", "fcr", "mcs_fall"],
    *["duration_seconds", "first_response_seconds", "transfer_count"],
]


def fill(apps, schema_editor):
    fill_in_pieces(schema_editor.connection, STEP, _fill)


def _fill(cursor, begin, end):
    cursor.execute(PARTS, [begin, end])
    parts = groupby(cursor.fetchall(), key=itemgetter(0))
    cursor.executemany(FILL, [("".join(sign(agent) for _, agent in each), pk) for pk, each in parts])


def sign(agent):
    """The character of an agent's key, as interactions/models/together.py has it."""
    return chr(agent + 32) if agent + 32 < 0xD800 else chr(agent + 32 + 0x800)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("interactions", "0013_took_part")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop, atomic=False),
        AddIndexOnSqlite(
            model_name="conversation",
            index=models.Index(
                fields=[*COUNTED, *HELD], condition=models.Q(transfer_count__gte=0), name="conversation_facets"
            ),
        ),
    ]
