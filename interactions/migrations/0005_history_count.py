"""How much history there is, and whether the clock is right."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('interactions', '0004_wait_on_slots'),
    ]

    operations = [
        migrations.AddField(
            model_name='account',
            name='clock_ahead_seconds',
            field=models.IntegerField(default=0),
        ),
        migrations.AddField(
            model_name='account',
            name='history_count',
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
    ]
