"""Addresses of the conversations behind a number."""

from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import quote_plus

from django.urls import get_script_prefix, reverse

from interactions.metrics import Params
from interactions.search import DEFAULT_SORT, PARAMETERS, ConversationQuery, can_hold

# A list that nothing narrows has no parameters; the reader inside it needs one to know that there is a list.
WHOLE_LIST = f"sort={DEFAULT_SORT}"


# What pages put into a query from rows, which may hold ids and days that no address can.
_FROM_ROWS = tuple(
    name for name, each in PARAMETERS.items() if each.kind in ("id", "code", "date") and each.read is not str
)


def path(name: str) -> str:
    """The address of a page that takes no arguments; a page of a transcript asks for thirty."""
    return _path(name, get_script_prefix())


@lru_cache(128)
def _path(name: str, prefix: str) -> str:
    return reverse(name)


def list_path() -> str:
    """The whole list's address, with which a hundred links of a page begin."""
    return path("conversation-list")


def link(query: ConversationQuery) -> str:
    """The list that `query` asks for."""
    return _with(list_path(), query)


def list_url(query: ConversationQuery | None) -> str:
    """The list that `query` selects; empty for None, and what has no address is not shown as a link."""
    return link(query) if query and _has_address(query) else ""


def _has_address(query: ConversationQuery) -> bool:
    for name in _FROM_ROWS:
        given = getattr(query, name)
        if given and not all(can_hold(name, str(each)) for each in (given if isinstance(given, tuple) else (given,))):
            return False
    return True


def overview_url(query: ConversationQuery) -> str:
    return _with(path("overview"), query)


def list_tail(query: ConversationQuery) -> str:
    """The list's parameters as a reader inside it carries them; without the page, which the row tells."""
    return query.replace().querystring() or WHOLE_LIST


def reader_url(conversation_id: str, query: ConversationQuery | None = None, route: str = "conversation-detail") -> str:
    """A conversation inside the list of `query`, or standing alone."""
    url = reverse(route, args=[conversation_id])
    return url if query is None else f"{url}?{list_tail(query)}"


def _with(path: str, query: ConversationQuery) -> str:
    querystring = query.querystring()
    return f"{path}?{querystring}" if querystring else path


def narrowed(query: ConversationQuery, params: Params) -> ConversationQuery | None:
    """`query` with `params` as well; None where both together can hold for no conversation.

    Repeated values mean *or*, so a filter that is there already is cut down to what both name, never widened.
    """
    changes: dict[str, Any] = {}
    for name, wanted in params.items():
        found = _both(getattr(query, name), wanted)
        if found is None or _exceeds(query, name, found):
            return None
        changes[name] = found
    return query.replace(**changes)


def _both(current: Any, wanted: int | tuple[str, ...]) -> Any:
    if isinstance(wanted, int):  # a lower bound: the higher one holds
        return wanted if current is None else max(current, wanted)
    if not current:
        return wanted
    return tuple(value for value in wanted if value in current) or None


def _exceeds(query: ConversationQuery, name: str, least: Any) -> bool:
    most = getattr(query, f"{name.removesuffix('_min')}_max", None) if name.endswith("_min") else None
    return most is not None and least > most


class AgentLinks:
    """Lists of one agent's conversations, of which a page shows many: written once, ids put in."""

    def __init__(self, query: ConversationQuery) -> None:
        written = list_url(query.replace(agent=(_SOMEBODY,)))
        self._before, self._has_address, self._behind = written.partition(f"agent={_SOMEBODY}")

    def url(self, liveperson_id: str) -> str:
        """As `list_url(query.replace(agent=(liveperson_id,)))`."""
        if not (self._has_address and can_hold("agent", liveperson_id)):
            return ""
        return f"{self._before}agent={quote_plus(liveperson_id)}{self._behind}"


# To be replaced; the first of its kind, as "=" is escaped in all that stands before.
_SOMEBODY = "somebody"


class DayLinks:
    """Lists of many spans of days, of which a page shows hundreds: written once for each narrowing, days put in."""

    def __init__(self, query: ConversationQuery) -> None:
        self._query = started_between(query, *_SOME_DAYS)
        self._written: dict[tuple[tuple[str, Any], ...], str] = {}

    def url(self, first: date, last: date, params: Params) -> str:
        """As `list_url(narrowed(started_between(query, first, last), params))`."""
        key = tuple(params.items())
        if key not in self._written:
            self._written[key] = list_url(narrowed(self._query, params))
        if not (can_hold("started_from", str(first)) and can_hold("started_to", str(last))):
            return ""
        from_some, to_some = _SOME_DAYS
        written = self._written[key].replace(f"started_from={from_some}", f"started_from={first}", 1)
        return written.replace(f"started_to={to_some}", f"started_to={last}", 1)


# Days to be replaced; of what else stands in an address "=" is escaped.
_SOME_DAYS = date(2001, 2, 3), date(2001, 2, 4)


def started_between(query: ConversationQuery, first: date, last: date) -> ConversationQuery:
    """`query` over other start days, both included, in its own zone."""
    return query.replace(period=None, started_from=first, started_to=last)
