"""How long calls waited for a slot."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('interactions', '0003_many_workers'),
    ]

    operations = [
        migrations.AddField(
            model_name='callpace',
            name='waited_seconds',
            field=models.FloatField(default=0.0),
        ),
    ]
