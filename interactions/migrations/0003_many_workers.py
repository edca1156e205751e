"""Comparisons, refreshes of one conversation, pausing, and call slots shared by all workers."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('interactions', '0002_transcript_index'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CallPace',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('allowed', models.FloatField(default=1.0)),
                ('slowed_at', models.DateTimeField(null=True)),
                ('slowed_count', models.PositiveIntegerField(default=0)),
                ('call_count', models.PositiveBigIntegerField(default=0)),
                ('failed_count', models.PositiveBigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='CallSlot',
            fields=[
                ('number', models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ('holder', models.CharField(blank=True, default='', max_length=32)),
                ('lease_until', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='RefreshRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('running', 'running'), ('complete', 'complete'), ('incomplete', 'incomplete'), ('failed', 'failed'), ('stopped', 'stopped')], default='waiting', max_length=10)),
                ('not_before', models.DateTimeField(null=True)),
                ('lease_until', models.DateTimeField(null=True)),
                ('fence', models.PositiveBigIntegerField(default=0)),
                ('attempt_count', models.PositiveIntegerField(default=0)),
                ('done_count', models.PositiveIntegerField(default=0)),
                ('total_count', models.PositiveIntegerField(null=True)),
                ('stop_requested', models.BooleanField(default=False)),
                ('conversation_id', models.CharField(max_length=128)),
                ('asked_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('result', models.CharField(blank=True, choices=[('changed', 'changed'), ('unchanged', 'unchanged'), ('not_found', 'not found'), ('failed', 'failed')], default='', max_length=9)),
                ('error', models.CharField(blank=True, default='', max_length=300)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='syncrun',
            name='sync_run_kind_known',
        ),
        migrations.RemoveConstraint(
            model_name='syncwindow',
            name='window_kind_known',
        ),
        migrations.AddField(
            model_name='account',
            name='history_paused_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='rawrecord',
            name='missing_since',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='syncrun',
            name='slowed_count',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='syncwindow',
            name='tier',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name='syncrun',
            name='kind',
            field=models.CharField(choices=[('configuration', 'users, skills and groups'), ('backfill', 'history'), ('refresh', 'refresh'), ('manual', 'manage.py sync'), ('sweep', 'comparison'), ('conversation', 'one conversation')], max_length=13),
        ),
        migrations.AlterField(
            model_name='syncwindow',
            name='kind',
            field=models.CharField(choices=[('backfill', 'history'), ('refresh', 'refresh'), ('manual', 'asked for by hand'), ('sweep', 'comparison')], max_length=8),
        ),
        migrations.AddIndex(
            model_name='rawrecord',
            index=models.Index(condition=models.Q(('missing_since__isnull', False)), fields=['missing_since'], name='raw_missing'),
        ),
        migrations.AddConstraint(
            model_name='syncrun',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['configuration', 'backfill', 'refresh', 'manual', 'sweep', 'conversation'])), name='sync_run_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='syncwindow',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['backfill', 'refresh', 'manual', 'sweep'])), name='window_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='callpace',
            constraint=models.CheckConstraint(condition=models.Q(('allowed__gte', 1)), name='call_pace_at_least_one'),
        ),
        migrations.AddField(
            model_name='refreshrequest',
            name='asked_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='refreshrequest',
            index=models.Index(fields=['conversation_id', '-asked_at'], name='refresh_request_newest'),
        ),
        migrations.AddConstraint(
            model_name='refreshrequest',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'running', 'complete', 'incomplete', 'failed', 'stopped'])), name='refresh_request_state_known'),
        ),
        migrations.AddConstraint(
            model_name='refreshrequest',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('conversation_id',), name='refresh_request_open_once'),
        ),
    ]
