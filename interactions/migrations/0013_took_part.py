"""Who took part as one short text on the conversation; the index that holds it is made once it is filled."""

from django.db import migrations, models

from ._sqlite_alone import RemoveIndexOnSqlite


class Migration(migrations.Migration):
    dependencies = [("interactions", "0012_facet_index")]

    operations = [
        # Without a default, with which SQLite would have the whole table written anew.
        migrations.AddField(
            model_name="conversation",
            name="took_part",
            field=models.TextField(null=True),
        ),
        RemoveIndexOnSqlite(model_name="conversation", name="conversation_facets"),
        # With the flag inside, whoever is asked for by a rule of credit is found without looking at their parts.
        migrations.RemoveIndex(model_name="participation", name="participation_agent"),
        migrations.AddIndex(
            model_name="participation",
            index=models.Index(fields=["agent", "conversation", "is_counted"], name="participation_agent"),
        ),
    ]
