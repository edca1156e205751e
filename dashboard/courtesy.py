"""Files give way to pages: somebody waits for a page, and a file of a million rows comes by itself."""

import mmap
import struct
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.http import HttpRequest, HttpResponse

Thing = TypeVar("Thing")
Handler = Callable[[HttpRequest], HttpResponse]
# Seconds that a file waits at a time, so that it comes to its end however busy the others are.
LONGEST = 0.05
# Seconds for which people are taken to be about once a page was sent.
ABOUT = 2.0
# And how much longer than it works a file then rests. With rests of the same length ten readers beside a file and an
# importer waited up to twice as long (docs/benchmarks.md).
RESTS = 3.0


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
# When any web process last sent a page, in seconds of the machine's clock; they share it, as their worker's class is
# loaded before they part.
_sent = mmap.mmap(-1, struct.calcsize("d"))


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
            struct.pack_into("d", _sent, 0, time.monotonic())

    return handle


def _are_people_about() -> bool:
    (at,) = struct.unpack_from("d", _sent)
    return time.monotonic() - float(at) < ABOUT


@contextmanager
def sending() -> Iterator[None]:
    """A file, to its last line or until nobody takes it any more."""
    _files.begin()
    try:
        yield
    finally:
        _files.end()


class GivingWay:
    """One file that is written beside pages: it waits for those in hand, and rests longer than it works meanwhile.

    Pages are made by other processes too, which need a processor.
    """

    def __init__(self) -> None:
        self._began = time.monotonic()

    def among(self, things: Iterable[Thing], every: int) -> Iterator[Thing]:
        """The same, giving way before each `every` of them."""
        for number, thing in enumerate(things):
            if number % every == 0:
                self._give_way()
            yield thing

    def _give_way(self) -> None:
        worked = time.monotonic() - self._began
        _pages.wait()
        if _are_people_about():
            time.sleep(min(worked, LONGEST) * RESTS)
        self._began = time.monotonic()
