"""Celery's way in: the bell that wakes a worker; what there is to do stands in the database."""

import logging
import multiprocessing
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from celery import current_app, shared_task
from celery.signals import worker_ready, worker_shutting_down
from django.conf import settings
from django.utils import timezone

from interactions.ingest import account, connection, sync
from interactions.ingest.hands import Calling
from interactions.ingest.reading import Ending, Tools
from interactions.search.columnar import making

logger = logging.getLogger(__name__)
# Told to the worker's main process, read by the children that it forked. A byte without lock: a child that is killed
# while it looks leaves nothing locked.
_is_ending = multiprocessing.RawValue("b", 0)
_LOOK = 0.2
# Seconds before Celery's own limit, which cuts off wherever the task is: what the page in hand may still take, tried
# again and again and read at a crawl.
MARGIN = 1200


@shared_task
def wake() -> str:
    """Work on what is due for some minutes, then ring again if something is left."""
    shift = Shift()
    try:
        account_id, client = connection.build_client(sleep=shift.sleep)
        account.pin(account_id)
    except (connection.NotConfigured, account.OtherAccount) as reason:
        logger.error("nothing is read", extra={"reason": str(reason)})
        return str(reason)
    is_left = False
    with suppress(Ending), client:  # also to log out the client may have to wait for a call slot
        tools = Tools(clock=connection.clock_of(client), is_ending=shift.is_over, watch=Calling(ring))
        is_left = sync.run_due(client, tools)
    if is_left or shift.is_late():
        is_left = True
        ring()
    # After the bell: others go on reading meanwhile.
    making.renew(lambda: not _ends())
    return "More is left." if is_left else "Nothing is due."


def ring() -> None:
    """Wake one more worker, unless a bell hangs there unheard: then all are busy, and one of them will hear it."""
    try:
        with current_app.connection_for_write() as broker:
            if _unheard(broker) == 0:
                wake.delay()
    except Exception as error:  # the bell is a help; beat rings too, and what is to be read stands in the database
        logger.warning("no other worker was woken", extra={"error": type(error).__name__})


def _unheard(broker: Any) -> int:
    try:
        queue = broker.default_channel.queue_declare(current_app.conf.task_default_queue, passive=True)
    except broker.channel_errors:  # Redis forgets an empty queue
        return 0
    return int(queue.message_count)


class Shift:
    """The time of one task: a period that is read at a crawl goes on in the next one, from its last page on."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began = clock()

    def is_late(self) -> bool:
        return self._clock() - self._began > settings.CELERY_TASK_SOFT_TIME_LIMIT - MARGIN

    def is_over(self) -> bool:
        """Whether the reading is to end with the page in hand."""
        return _ends() or self.is_late()

    def sleep(self, seconds: float) -> None:
        """The pause before another try, which a task that is to end does not wait out."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if self.is_over():
                raise Ending
            time.sleep(min(left, _LOOK))


def _ends() -> bool:
    return bool(_is_ending.value)


@worker_shutting_down.connect
def end_soon(**_: Any) -> None:
    """The stop signal: reading ends after the page in hand, and what is left stays in the database."""
    _is_ending.value = 1


@worker_ready.connect
def start_at_once(**_: Any) -> None:
    """A worker that has just started does not wait for beat; on the embedded broker it is the only one."""
    if settings.CELERY_BROKER_URL.startswith("filesystem"):
        sync.resume(now=timezone.now())
    wake.delay()
