"""Waking a worker from a page."""

import threading
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from dashboard.bell import ring_soon
from interactions.models import Account
from tests import factories
from tests.product import wait_for


def _bells() -> list[Path]:
    """What hangs in the embedded broker unheard."""
    folder = Path(settings.CELERY_BROKER_TRANSPORT_OPTIONS["data_folder_in"])
    return [path for path in folder.iterdir() if path.suffix == ".msg"]


@pytest.fixture
def operator(db: None) -> Client:
    Account.objects.create(account_id="sandbox-1", created_at=timezone.now(), history_paused_at=timezone.now())
    client = Client()
    client.force_login(factories.user("operator"))
    return client


def test_wakes_a_worker_when_a_button_is_pressed(operator: Client) -> None:
    for path in _bells():
        path.unlink()
    operator.post("/sync/resume/")
    assert wait_for(_bells)


def test_does_not_wait_for_a_broker_that_does_not_answer() -> None:
    answered = threading.Event()
    for _ in range(3):
        ring_soon(answered.wait)
    assert _ringing() == 1
    answered.set()
    wait_for(lambda: _ringing() == 0)


def _ringing() -> int:
    return [thread.name for thread in threading.enumerate()].count("bell")
