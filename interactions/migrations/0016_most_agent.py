"""Who wrote most, worked out once a conversation, not at each question (1.4 s of a million)."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("interactions", "0015_tag_keys")]

    operations = [
        migrations.AddField(
            model_name="conversation",
            name="most_agent",
            field=models.ForeignKey(
                null=True,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="wrote_most_in",
                to="interactions.agent",
            ),
        ),
    ]
