"""Markup that is made once: a form of which hardly a value differs from page to page took a quarter of a list's time.

The markup of equal values is kept, for as many different ones as are asked for by turns; the least used goes first.
"""

from collections.abc import Hashable
from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

register = template.Library()

# Forms of a page have some forty parts, nearly all of them alike for everybody.
_KEPT = 256


@register.simple_tag
def once(name: str, **values: Hashable) -> SafeString:
    """`{% include name with … only %}`, for values of which equal ones look alike: what they hold never changes.

    No markup is among them, as a text that equals it would be taken for it. The template gets nothing else: no
    request, no token of a form, no time zone.
    """
    return _rendered(name, tuple(values.items()))


@lru_cache(_KEPT)
def _rendered(name: str, values: tuple[tuple[str, Hashable], ...]) -> SafeString:
    return render_to_string(name, dict(values))
