"""The index in the order of the shown agents holds what keeps whole stretches of them out of a list: 2 s without."""

from django.db import migrations, models
from django.db.models.functions import Coalesce

HELD = [
    *["last_human_agent", "last_agent", "group", "skill", "has_human", "bot_message_count"],
    *["csat", "mcs", "mcs_band", "started_at"],
]


class Migration(migrations.Migration):
    dependencies = [("interactions", "0016_most_agent")]

    operations = [
        migrations.RemoveIndex(model_name="conversation", name="conversation_shown_agent"),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                Coalesce("last_human_agent", "last_agent"),
                "id",
                *HELD,
                condition=models.Q(message_count__gte=0),
                name="conversation_by_agent",
            ),
        ),
    ]
