"""Files wait while a page is in hand, and come to their end however busy the process is."""

import multiprocessing
import threading
import time

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from dashboard import courtesy
from dashboard.courtesy import GivingWay, counted_pages
from interactions.models import Conversation
from tests import factories


@pytest.fixture
def page():
    """A page that is in hand until it is let go."""
    begun, go = threading.Event(), threading.Event()

    def view(request):
        begun.set()
        assert go.wait(30)
        return HttpResponse()

    thread = threading.Thread(target=counted_pages(view), args=[RequestFactory().get("/")])
    thread.start()
    assert begun.wait(30)
    yield go
    go.set()
    thread.join(30)


def test_a_file_waits_for_a_page(page, monkeypatch):
    monkeypatch.setattr(courtesy, "LONGEST", 30)
    written: list[int] = []
    file = threading.Thread(target=lambda: written.extend(GivingWay().among(range(5), every=2)))
    file.start()
    file.join(0.3)
    assert written == [] and file.is_alive()
    page.set()
    file.join(30)
    assert written == [0, 1, 2, 3, 4]


def test_a_file_comes_to_its_end_beside_a_page_that_does_not(page, monkeypatch):
    monkeypatch.setattr(courtesy, "LONGEST", 0.01)
    assert list(GivingWay().among(range(5), every=2)) == [0, 1, 2, 3, 4]


def test_a_page_that_fails_is_in_hand_no_more(monkeypatch):
    monkeypatch.setattr(courtesy, "LONGEST", 30)

    def view(request):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        counted_pages(view)(RequestFactory().get("/"))
    assert list(GivingWay().among(range(2), every=1)) == [0, 1]


def _send_a_page():
    counted_pages(lambda request: HttpResponse())(RequestFactory().get("/"))


def _work():
    until = time.monotonic() + 0.02
    while time.monotonic() < until:
        pass


def test_a_file_rests_longer_than_it_works_while_another_process_sends_pages(monkeypatch):
    rests: list[float] = []
    monkeypatch.setattr(courtesy.time, "sleep", rests.append)
    monkeypatch.setattr(courtesy, "ABOUT", 0.0)
    for _ in GivingWay().among(range(4), every=1):
        _work()
    assert rests == []
    monkeypatch.setattr(courtesy, "ABOUT", 60.0)
    other = multiprocessing.get_context("fork").Process(target=_send_a_page)
    other.start()
    other.join()
    assert other.exitcode == 0
    for _ in GivingWay().among(range(4), every=1):
        _work()
    assert len(rests) == 4 and all(0.06 <= rest <= 3 * courtesy.LONGEST for rest in rests[1:])


@pytest.mark.django_db
def test_what_is_streamed_is_no_page_that_it_would_wait_for(client: Client, analyst, monkeypatch):
    monkeypatch.setattr(courtesy, "LONGEST", 30)
    factories.conversation()
    client.force_login(analyst)
    lines = client.get("/conversations.csv").getvalue().splitlines()
    assert len(lines) == 1 + Conversation.objects.count()
