"""The key of TranscriptText tells the conversation: its pk << 15 | part; long transcripts are found by an index."""

from django.db import migrations, models

TABLE = "interactions_transcripttext"


class Migration(migrations.Migration):
    dependencies = [("interactions", "0006_refresh_window_once")]
    operations = [
        # By way of negative keys, which no row has: a new key may be another row's old one.
        migrations.RunSQL(
            [f"UPDATE {TABLE} SET id = -(conversation_id * 32768 + part)", f"UPDATE {TABLE} SET id = -id"],
            migrations.RunSQL.noop,
        ),
        migrations.AddIndex(
            model_name="transcripttext",
            index=models.Index(
                fields=["conversation", "part"], condition=models.Q(("part__gt", 0)), name="transcript_text_long"
            ),
        ),
    ]
