"""What the pages over a query share: reading it from the address, and writing times in its zone."""

from contextlib import AbstractContextManager
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils import timezone

from dashboard.formats import zone_name
from interactions.search import ConversationQuery, Parsed, parse


def asked(request: HttpRequest) -> Parsed:
    """The address's parameters as a query, in the reader's zone; errors name the parameters that are wrong."""
    return parse(request.GET, zone=zone_name())


def asked_whole(request: HttpRequest, *, apart: str = "") -> Parsed:
    """The same for what has no pages: a file, a figure. `page` is ignored, whatever it holds, and so is `apart`."""
    names = {name: request.GET.getlist(name) for name in request.GET if name not in ("page", apart)}
    return parse(names, zone=zone_name())


def in_zone(query: ConversationQuery) -> AbstractContextManager[None]:
    """Within it times are written in the query's zone, which `zone=` may have changed."""
    return timezone.override(ZoneInfo(query.zone))
