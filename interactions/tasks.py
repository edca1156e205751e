"""Celery's way in: the bell that wakes a worker; what there is to do stands in the database."""

import logging
from typing import Any

from celery import shared_task
from celery.signals import worker_ready
from django.conf import settings
from django.utils import timezone

from interactions.ingest import account, connection, sync

logger = logging.getLogger(__name__)


@shared_task
def wake() -> str:
    """Work on what is due for some minutes, then ring again if something is left."""
    try:
        account_id, client = connection.build_client()
        account.pin(account_id)
    except (connection.NotConfigured, account.OtherAccount) as reason:
        logger.error("%s", reason)
        return str(reason)
    with client:
        is_left = sync.run_due(client)
    if is_left:
        wake.delay()
    return "More is left." if is_left else "Nothing is due."


@worker_ready.connect
def start_at_once(**_: Any) -> None:
    """A worker that has just started does not wait for beat; on the embedded broker it is the only one."""
    if settings.CELERY_BROKER_URL.startswith("filesystem"):
        sync.resume(now=timezone.now())
    wake.delay()
