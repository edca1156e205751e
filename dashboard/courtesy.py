"""Files give way to pages: somebody waits for a page, and a file of a million rows comes by itself."""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.http import HttpRequest, HttpResponse

Thing = TypeVar("Thing")
Handler = Callable[[HttpRequest], HttpResponse]
# Seconds that a file waits at a time, so that it comes to its end however busy the others are.
LONGEST = 0.05


class _InHand:
    """Pages that this process has in hand, or files that it sends once their page has been answered."""

    def __init__(self) -> None:
        self._number = 0
        self._lock = threading.Lock()
        self._are_none = threading.Event()
        self._are_none.set()

    def begin(self) -> None:
        with self._lock:
            self._number += 1
            self._are_none.clear()

    def end(self) -> None:
        with self._lock:
            self._number -= 1
            if not self._number:
                self._are_none.set()

    def are_there(self) -> bool:
        return not self._are_none.is_set()

    def wait(self) -> None:
        self._are_none.wait(LONGEST)


_pages, _files = _InHand(), _InHand()


def has_pages() -> bool:
    """Whether this process has pages in hand."""
    return _pages.are_there()


def has_files() -> bool:
    """Whether this process sends files."""
    return _files.are_there()


def counted_pages(get_response: Handler) -> Handler:
    def handle(request: HttpRequest) -> HttpResponse:
        _pages.begin()
        try:
            return get_response(request)
        finally:
            _pages.end()

    return handle


@contextmanager
def sending() -> Iterator[None]:
    """A file, to its last line or until nobody takes it any more."""
    _files.begin()
    try:
        yield
    finally:
        _files.end()


def giving_way(things: Iterable[Thing], every: int) -> Iterator[Thing]:
    """The same, waiting for pages before each `every` of them."""
    for number, thing in enumerate(things):
        if number % every == 0:
            _pages.wait()
        yield thing
