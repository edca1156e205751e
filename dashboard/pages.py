"""What the pages over a query share: reading it from the address, and writing times in its zone."""

import dataclasses
from collections.abc import Collection
from contextlib import AbstractContextManager
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils import timezone

from dashboard import columns
from dashboard.formats import zone_name
from interactions.search import ConversationQuery, Parsed, parse
from interactions.search.filters import quoted


def asked(request: HttpRequest, *, apart: Collection[str] = ()) -> Parsed:
    """The address's parameters as a query, in the reader's zone; errors name the parameters that are wrong.

    Those named in `apart` are the page's own and no part of the question.
    """
    names = {name: request.GET.getlist(name) for name in request.GET if name not in apart}
    return _with_zone(_with_columns(parse(names, zone=zone_name())))


def asked_whole(request: HttpRequest, *, apart: Collection[str] = ()) -> Parsed:
    """The same for what has no pages: a file, a figure. `page` is ignored, whatever it holds, and so are `apart`."""
    names = {name: request.GET.getlist(name) for name in request.GET if name not in ("page", *apart)}
    return _with_columns(parse(names, zone=zone_name()))


def _with_zone(parsed: Parsed) -> Parsed:
    """Every address made of it names the zone where it decides what is found: opened elsewhere it is the same list."""
    if not parsed.query.depends_on_zone:
        return parsed
    return dataclasses.replace(parsed, query=parsed.query.with_zone())


def _with_columns(parsed: Parsed) -> Parsed:
    """`parsed` with an error where its address names a column that there is none of: which there are is ours to say."""
    unknown = columns.unknown(parsed.query.columns) if parsed.query.columns else []
    if not unknown:
        return parsed
    reason = f"`columns` names {quoted(unknown[0])}, and there is no such column."
    errors = {**parsed.errors, "columns": reason}
    query = dataclasses.replace(parsed.query, columns=None)
    return dataclasses.replace(parsed, query=query, errors=errors, invalid=parsed.invalid | {"columns"})


def in_zone(query: ConversationQuery) -> AbstractContextManager[None]:
    """Within it times are written in the query's zone, which `zone=` may have changed."""
    return timezone.override(ZoneInfo(query.zone))
