"""What lists by agent are ordered by: names whatever their accents.

The column is added as it stands, since Django would make SQLite's table anew.
"""

from django.db import migrations

import interactions.models.ordering
from interactions.models.ordering import put_in_order


def _fill(apps, schema_editor):
    agents = list(apps.get_model("interactions", "Agent").objects.only("full_name", "nickname", "liveperson_id", "name_order"))
    for agent in agents:
        agent.name = agent.full_name or agent.nickname or agent.liveperson_id
    put_in_order(agents, "name_order")


class Migration(migrations.Migration):

    dependencies = [
        ('interactions', '0023_line_count'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE interactions_agent ADD COLUMN name_order text NOT NULL DEFAULT ''",
                    "ALTER TABLE interactions_agent DROP COLUMN name_order",
                ),
            ],
            state_operations=[
                migrations.AddField(
                    model_name='agent',
                    name='name_order',
                    field=interactions.models.ordering.OrderField(db_default='', editable=False),
                ),
            ],
        ),
        migrations.RunPython(_fill, migrations.RunPython.noop, elidable=True),
    ]
