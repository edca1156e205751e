"""Markup that is made once: a form of which hardly a value differs from page to page took a quarter of a list's time.

The markup of equal values is kept, for as many different ones as are asked for by turns; the least used goes first.
"""

import threading
from collections import OrderedDict
from collections.abc import Hashable

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

register = template.Library()

Named = tuple[str, tuple[tuple[str, Hashable], ...]]
# Characters of markup in all: a form has some 40,000, nearly all of them alike for everybody; a box of a thousand
# agents has 120,000, and its values take as much memory again.
_MOST = 2_000_000


class _Kept:
    """Markup by the template and the values that it was made of."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: OrderedDict[Named, SafeString] = OrderedDict()
        self._size = 0

    def of(self, named: Named) -> SafeString:
        with self._lock:
            if (found := self._found.get(named)) is not None:
                self._found.move_to_end(named)
                return found
        made = _made(named)
        with self._lock:
            if named not in self._found and len(made) <= _MOST:
                self._found[named] = made
                self._size += len(made)
            while self._size > _MOST:
                self._size -= len(self._found.popitem(last=False)[1])
        return made

    def forget(self) -> None:
        with self._lock:
            self._found.clear()
            self._size = 0


_kept = _Kept()


@register.simple_tag
def once(name: str, **values: Hashable) -> SafeString:
    """`{% include name with … only %}`, for values of which equal ones look alike: what they hold never changes.

    No markup is among them, as a text that equals it would be taken for it. The template gets nothing else: no
    request, no token of a form, no time zone.
    """
    named = name, tuple(values.items())
    return _made(named) if settings.DEBUG else _kept.of(named)  # who writes templates sees them as they are


def _made(named: Named) -> SafeString:
    name, values = named
    return render_to_string(name, dict(values))
