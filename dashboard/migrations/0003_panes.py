from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dashboard", "0002_saved_views")]

    operations = [
        migrations.AddField(
            model_name="preference",
            name="list_pane",
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name="preference",
            name="context_pane",
            field=models.BooleanField(default=True),
        ),
    ]
