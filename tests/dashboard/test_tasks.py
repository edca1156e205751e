"""Ended sessions and old sign-ins are forgotten."""

from datetime import timedelta

from axes.models import AccessLog
from django.contrib.sessions.models import Session
from django.utils import timezone

from dashboard.tasks import tidy


def test_forgets_ended_sessions_and_keeps_running_ones(db: None) -> None:
    now = timezone.now()
    for key, hours in (("ended", -1), ("running", 1)):
        Session.objects.create(session_key=key, session_data="", expire_date=now + timedelta(hours=hours))
    tidy()
    assert list(Session.objects.values_list("session_key", flat=True)) == ["running"]


def test_forgets_old_sign_ins(db: None) -> None:
    for name, days in (("old", 40), ("new", 2)):
        row = AccessLog.objects.create(username=name)
        AccessLog.objects.filter(pk=row.pk).update(attempt_time=timezone.now() - timedelta(days=days))
    tidy()
    assert list(AccessLog.objects.values_list("username", flat=True)) == ["new"]
