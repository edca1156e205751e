"""The worker's way in."""

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging, worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")
app = Celery("readback")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["dashboard", "interactions"])


@setup_logging.connect
def keep_ours(**_: Any) -> None:
    """A receiver keeps Celery from raising the level to its own, and from lines of its own form beside ours."""


@worker_init.connect
def leave_cores_to_pages(**_: Any) -> None:
    """Its processes inherit it."""
    from interactions.jobs.priority import step_back  # its room has models, which are not there yet when this is read

    step_back()
