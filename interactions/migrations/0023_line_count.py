"""How many lines a file had, beside what it was asked for. A column without a value rewrites no line of the audit."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('interactions', '0022_deleted_note'),
    ]

    operations = [
        migrations.AddField(
            model_name='auditline',
            name='line_count',
            field=models.IntegerField(null=True),
        ),
    ]
