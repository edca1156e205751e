"""The worker's way in."""

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")
app = Celery("readback")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["dashboard", "interactions"])


@setup_logging.connect
def keep_ours(**_: Any) -> None:
    """A receiver keeps Celery from raising the level to its own, and from lines of its own form beside ours."""
