"""Marks of people on conversations, and the access audit, whose lines the database refuses to change."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TABLES = ("interactions_auditline", "interactions_prefetch")


def _sqlite(table):
    for event in ("update", "delete"):
        yield (
            f"CREATE TRIGGER {table}_no_{event} BEFORE {event.upper()} ON {table} "
            "BEGIN SELECT RAISE(ABORT, 'lines of the access audit are only ever added'); END"
        )


def _postgresql(table):
    yield (
        f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'lines of the access audit are only ever added'; END $$"
    )
    yield (
        f"CREATE TRIGGER {table}_only_added BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_refuse()"
    )


def seal(apps, schema_editor):
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    for table in TABLES:
        for statement in _sqlite(table) if is_sqlite else _postgresql(table):
            schema_editor.execute(statement, params=None)


def unseal(apps, schema_editor):
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    for table in TABLES:
        if is_sqlite:
            schema_editor.execute(f"DROP TRIGGER {table}_no_update", params=None)
            schema_editor.execute(f"DROP TRIGGER {table}_no_delete", params=None)
        else:
            schema_editor.execute(f"DROP TRIGGER {table}_only_added ON {table}", params=None)
            schema_editor.execute(f"DROP FUNCTION {table}_refuse()", params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('interactions', '0010_shown_agent'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('user_pk', models.BigIntegerField()),
                ('username', models.CharField(max_length=150)),
                ('conversation_id', models.CharField(blank=True, default='', max_length=128)),
                ('kind', models.CharField(choices=[('opened', 'opened'), ('searched', 'shown in search results'), ('exported', 'exported'), ('refreshed', 'refreshed from LivePerson'), ('raw', 'raw record')], max_length=9)),
                ('page', models.CharField(max_length=40)),
                ('query', models.TextField(blank=True, default='')),
                ('query_key', models.CharField(blank=True, default='', max_length=16)),
                ('shown', models.TextField(blank=True, default='')),
            ],
            options={
                'indexes': [models.Index(fields=['at', 'id'], name='audit_at'), models.Index(fields=['user_pk', 'at'], name='audit_of_person'), models.Index(fields=['conversation_id', 'at'], name='audit_of_conversation')],
            },
        ),
        migrations.CreateModel(
            name='Flag',
            fields=[
                ('conversation', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='flag', serialize=False, to='interactions.conversation')),
                ('flagged_at', models.DateTimeField()),
                ('user', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Prefetch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('user_pk', models.BigIntegerField()),
                ('username', models.CharField(max_length=150)),
                ('conversation_id', models.CharField(blank=True, default='', max_length=128)),
            ],
            options={
                'indexes': [models.Index(fields=['at', 'id'], name='prefetch_at')],
            },
        ),
        migrations.CreateModel(
            name='Tag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40)),
                ('key', models.CharField(max_length=120, unique=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), models.Q(('key', ''), _negated=True)), name='tag_has_name')],
            },
        ),
        migrations.CreateModel(
            name='Note',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('message_id', models.CharField(blank=True, default='', max_length=200)),
                ('text', models.TextField()),
                ('written_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField(null=True)),
                ('nonce', models.CharField(max_length=36)),
                ('conversation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='interactions.conversation')),
                ('user', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('conversation', 'user', 'nonce'), name='note_once'), models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='note_has_text')],
            },
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reviewed_at', models.DateTimeField()),
                ('conversation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='reviews', to='interactions.conversation')),
                ('user', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='reviews', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['user', 'conversation'], name='review_of_person')],
                'constraints': [models.UniqueConstraint(fields=('conversation', 'user'), name='review_once')],
            },
        ),
        migrations.CreateModel(
            name='Tagging',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tagged_at', models.DateTimeField()),
                ('conversation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='taggings', to='interactions.conversation')),
                ('tag', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='taggings', to='interactions.tag')),
                ('user', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['tag', 'conversation'], name='tagging_of_tag')],
                'constraints': [models.UniqueConstraint(fields=('conversation', 'tag'), name='tagging_once')],
            },
        ),
        migrations.RunPython(seal, unseal),
    ]
