"""Lines of the access audit as its page shows them: filtered, newest first, paged by key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import chain
from typing import Any
from urllib.parse import quote, urlencode

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan
from django.urls import reverse
from django.utils import timezone

from dashboard.formats import plural
from interactions.models import AuditLine, Prefetch, person_name
from interactions.search import within
from interactions.search.filters import BadValue
from interactions.search.filters.reading import LONGEST_ID, day

ROWS = 100
# Seconds for looking through what no index leads to: a rare kind, an id among search results.
LONGEST = 3.0
# A line with more ids than this leads to a page of its own.
MOST_SHOWN = 60
AHEAD = "ahead"
UNNAMED = "unnamed"
# Lines that say that something was read, and, apart, what was fetched ahead and may never have been looked at.
KINDS = (
    ("", "Every reading"),
    *AuditLine.Kind.choices,
    (UNNAMED, "exported, conversations not named"),
    (AHEAD, "fetched ahead, not counted as read"),
)
_NAMES = ("person", "kind", "from", "to", "conversation", "before")
_PAGES = {
    "conversation-detail": "reader",
    "conversation-shown": "reader, fetched ahead",
    "conversation-print": "print",
    "conversation-text": "copy as text",
    "conversation-raw": "record as it came",
    "conversation-list": "list",
    "conversation-export": "conversations.csv",
    "message-export": "messages.csv",
    "trend-export": "trend.csv",
    "conversation-refresh": "reader",
    "sync-unreadable-record": "unreadable records",
}
# Files that hold conversations; those without names of any are too large for them, or from before they were kept.
_FILES = ("conversation-export", "message-export")
_UNNAMED = Q(kind=AuditLine.Kind.EXPORTED, page__in=_FILES, shown="") & (Q(line_count=None) | Q(line_count__gt=0))
_NAMING = (AuditLine.Kind.SEARCHED, AuditLine.Kind.EXPORTED)


@dataclass(frozen=True)
class Asked:
    """The filters as they were typed, and as they are meant."""

    given: dict[str, str]
    person: int | None = None
    first: date | None = None
    last: date | None = None
    before: int | None = None
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        return self.given.get("kind", "")

    @property
    def conversation(self) -> str:
        return self.given.get("conversation", "")

    @property
    def first_day(self) -> str:
        return self.given.get("from", "")

    @property
    def last_day(self) -> str:
        return self.given.get("to", "")


@dataclass(frozen=True)
class Shown:
    """One line; `conversations` are (id, address) of what was read.

    Where they are too many to show, `more` is their number and `more_url` leads to them. Of a file that is unnamed
    nothing says which it held.
    """

    at: datetime
    username: str
    what: str
    page: str
    conversations: list[tuple[str, str]]
    query: str
    query_key: str
    more: int = 0
    more_url: str = ""
    is_unnamed: bool = False

    @property
    def more_words(self) -> str:
        return plural(self.more, "conversation")


@dataclass(frozen=True)
class Page:
    """`is_whole` is False where looking through all lines would have taken too long.

    `unnamed_url` leads to files that may hold the conversation that is asked for, and do not say so.
    """

    lines: list[Shown]
    older_url: str
    is_whole: bool = True
    unnamed_url: str = ""


def asked(params: Mapping[str, str]) -> Asked:
    given = {name: params[name].strip() for name in _NAMES if params.get(name, "").strip()}
    errors = {name: f"`{name}` is not a name that the audit filters by." for name in params if name not in _NAMES}
    found: dict[str, Any] = {}
    for name, key in (("from", "first"), ("to", "last")):
        if name in given:
            try:
                found[key] = day(given[name])
            except BadValue as reason:
                errors[name] = f"`{name}` {reason}."
    for name in ("person", "before"):
        if name in given:
            if given[name].isascii() and given[name].isdigit() and len(given[name]) < 19:
                found[name] = int(given[name])
            else:
                errors[name] = f"`{name}` must be a number."
    if given.get("kind", "") not in dict(KINDS):
        errors["kind"] = "`kind` must be one of those offered."
    if len(given.get("conversation", "")) > LONGEST_ID or "\0" in given.get("conversation", ""):
        errors["conversation"] = f"`conversation` must be an id of at most {LONGEST_ID} characters."
    return Asked(given, errors=errors, **found)


def people() -> list[tuple[int, str]]:
    """Everyone who could have read something; who was deleted is found by the day or the conversation."""
    users = get_user_model().objects.order_by("username")
    return [(user.pk, f"{user.get_username()}{_full(user)}") for user in users]


def _full(user: Any) -> str:
    name = person_name(user)
    return f" ({name})" if name != user.get_username() else ""


def page(asked: Asked) -> Page:
    model: Any = Prefetch if asked.kind == AHEAD else AuditLine
    # Each index of the lines ends in their time, and so gives them in this order.
    every = model.objects.filter(_filter(asked))
    rows = every.filter(_before(asked, model)).order_by("-at", "-pk")
    answers = [_newest(rows.filter(q)) for q in _of_conversation(asked, model)]
    found = sorted(chain(*filter(None, answers)), key=lambda line: (line.at, line.pk), reverse=True)
    lines = [_shown(line, asked.conversation) for line in found[:ROWS]]
    older = _url({**asked.given, "before": str(found[ROWS - 1].pk)}) if len(found) > ROWS else ""
    return Page(lines, older, None not in answers, _unnamed_url(asked, every) if model is AuditLine else "")


def _unnamed_url(asked: Asked, rows: QuerySet[Any]) -> str:
    """ "" where no such file is among `rows`."""
    if not asked.conversation or within(LONGEST, lambda: rows.filter(_UNNAMED).exists()) is False:
        return ""
    kept = {name: value for name, value in asked.given.items() if name in ("person", "from", "to")}
    return _url(kept | {"kind": UNNAMED})


def conversations_of(pk: int) -> list[str]:
    """LivePerson's ids of everything that one line names."""
    line = AuditLine.objects.filter(pk=pk).first()
    return _ids(line) if line else []


def _newest(rows: QuerySet[Any]) -> list[Any] | None:
    return within(LONGEST, lambda: list(rows[: ROWS + 1]))


def _of_conversation(asked: Asked, model: Any) -> list[Q]:
    """What an index leads to, and what has to be looked through, are asked for apart."""
    if not asked.conversation:
        return [Q()]
    opened = Q(conversation_id=asked.conversation)
    return [opened, _among_results(asked.conversation)] if model is AuditLine else [opened]


def _filter(asked: Asked) -> Q:
    q = Q()
    if asked.person is not None:
        q &= Q(user_pk=asked.person)
    if asked.kind == UNNAMED:
        q &= _UNNAMED
    elif asked.kind and asked.kind != AHEAD:
        q &= Q(kind=asked.kind)
    if asked.first:
        q &= Q(at__gte=_midnight(asked.first))
    if asked.last:
        q &= Q(at__lt=_midnight(asked.last + timedelta(days=1)))
    return q


def _before(asked: Asked, model: Any) -> Q:
    """Lines older than the one that the page before ended with."""
    if asked.before is None:
        return Q()
    at = model.objects.filter(pk=asked.before).values_list("at", flat=True).first()
    # One that is no line has no time: those written before it by number, never all.
    return Q(pk__lt=asked.before) if at is None else Q(at__lt=at) | Q(at=at, pk__lt=asked.before)


def _among_results(conversation_id: str) -> Q:
    # Not LIKE, to which on SQLite "A-1" is "a-1".
    place = StrIndex("shown", Value(f"\n{conversation_id}\n"))
    return Q(kind__in=_NAMING) & Q(GreaterThan(place, 0))


def _midnight(at: date) -> datetime:
    return timezone.make_aware(datetime.combine(at, time.min))


def _ids(line: AuditLine) -> list[str]:
    return [each for each in (line.conversation_id, *line.shown.split("\n")) if each]


def _shown(line: Any, wanted: str) -> Shown:
    """`wanted` is the one conversation that is asked for, if any: of many it is the one to show."""
    if isinstance(line, Prefetch):
        what, page, ids, query, key = "fetched ahead", "reader", [line.conversation_id], "", ""
    else:
        ids = _ids(line)
        what, page = _what(line), _PAGES.get(line.page, line.page)
        query, key = line.query, line.query_key
    more = len(ids) if len(ids) > MOST_SHOWN else 0
    if more:
        ids = [each for each in ids if each == wanted]
    # Below the list's address: a page names thousands of them, and `reverse` takes a millisecond for each.
    base = reverse("conversation-list")
    conversations = [(each, f"{base}{quote(each, safe='')}/") for each in ids]
    shown = Shown(line.at, line.username, what, page, conversations, query, key)
    more_url = reverse("audit-conversations", args=[line.pk]) if more else ""
    return replace(shown, more=more, more_url=more_url, is_unnamed=_is_unnamed(line))


def _what(line: AuditLine) -> str:
    label = str(AuditLine.Kind(line.kind).label)
    return label if line.line_count is None else f"{label}, {plural(line.line_count, 'line')}"


def _is_unnamed(line: Any) -> bool:
    is_file = isinstance(line, AuditLine) and line.page in _FILES
    return is_file and not line.shown and line.line_count != 0


def _url(params: Mapping[str, str]) -> str:
    return f"{reverse('audit')}?{urlencode(params)}"
