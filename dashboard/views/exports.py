"""Files of exactly the list, conversations.csv and messages.csv, and of the overview's trend."""

import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from dashboard import auditing, export
from dashboard.completeness import completeness_of
from dashboard.export import Clock, Column, Directory
from dashboard.overview.trendtable import trend_of
from dashboard.pages import asked_whole
from interactions.models import Account, Conversation
from interactions.models.among import among_keys
from interactions.search import DEFAULT_SORT, ConversationQuery
from interactions.search.filters import quoted
from interactions.search.sorts import LARGEST_SEED
from interactions.search.sums import Total

PLAIN = "text/plain; charset=utf-8"
# A file may begin with the byte order mark, by which some spreadsheets know UTF-8.
MARK = "bom"
# A file of more conversations names none of them in the audit: a line of it would be longer than 200 kB.
MOST_NAMED = 5000


class Contents(NamedTuple):
    """`ids` are LivePerson's of the conversations in the file, as far as they are named."""

    columns: Sequence[Column]
    pages: Iterator[Sequence[Any]]
    total: int
    ids: Sequence[str] = ()


@require_safe
def conversation_export(request: HttpRequest) -> HttpResponseBase:
    return _download(request, "conversations", _conversations)


@require_safe
def message_export(request: HttpRequest) -> HttpResponseBase:
    return _download(request, "messages", _messages)


@require_safe
def trend_export(request: HttpRequest) -> HttpResponseBase:
    return _download(request, "trend", _trend)


def _conversations(request: HttpRequest, query: ConversationQuery, clock: Clock) -> Contents:
    directory = Directory.read()
    columns = export.conversation_columns(clock, directory, f"{settings.SITE_URL}{reverse('conversation-list')}")
    total = query.count(request.user)
    keys, ids = _taken(request, query, total)
    return Contents(columns, export.conversation_pages(keys, directory), total, ids)


def _messages(request: HttpRequest, query: ConversationQuery, clock: Clock) -> Contents:
    total = query.facts(request.user).whole({"messages": Total("message_count")})["messages"]
    keys, ids = _taken(request, query, query.count(request.user))
    return Contents(export.message_columns(clock), export.message_pages(keys, Directory.read()), total, ids)


def _taken(request: HttpRequest, query: ConversationQuery, count: int) -> tuple[Iterable[Sequence[int]], list[str]]:
    """Keys of the conversations in a file, in its order, and the ids of those that are named."""
    keys = query.keyset(request.user)
    if count > MOST_NAMED:
        return keys, []
    # Read once, before the line is written: what it names is what the file holds, whatever arrives meanwhile.
    pages = list(keys)
    return pages, [ident for page in pages for ident in _ids(page)]


def _ids(keys: Sequence[int]) -> list[str]:
    known = dict(Conversation.objects.filter(pk__in=among_keys(keys)).values_list("pk", "conversation_id"))
    return [known[pk] for pk in keys if pk in known]


def _trend(request: HttpRequest, query: ConversationQuery, clock: Clock) -> Contents:
    spans = trend_of(query, query.facts(request.user)).spans
    return Contents(export.trend_columns(), iter([spans]), len(spans))


def _download(
    request: HttpRequest, what: str, contents: Callable[[HttpRequest, ConversationQuery, Clock], Contents]
) -> HttpResponseBase:
    parsed = asked_whole(request, apart=(MARK,))
    wrong = [*parsed.errors.values(), *_wrong_mark(request)]
    if wrong:
        return _refuse(wrong)
    query = parsed.query
    if parsed.needs_seed:
        tail = query.replace(seed=secrets.randbelow(LARGEST_SEED)).querystring()
        return redirect(f"{request.path}?{tail}{f'&{MARK}=1' if _has_mark(request) else ''}")
    headers = _headers(request, what, query)
    if request.method == "HEAD":
        # Streamed although empty: a plain answer would give the file's length as 0.
        return StreamingHttpResponse((), headers=headers)
    clock = Clock(query.zone)
    found = contents(request, query, clock)
    auditing.write(request, auditing.Kind.EXPORTED, query, shown=found.ids, line_count=found.total)
    lines = export.csv_stream(found.columns, found.pages, found.total, clock, has_mark=_has_mark(request))
    return StreamingHttpResponse(lines, headers=headers)


def _has_mark(request: HttpRequest) -> bool:
    return request.GET.get(MARK) == "1"


def _wrong_mark(request: HttpRequest) -> list[str]:
    given = [value for value in request.GET.getlist(MARK) if value not in ("", "0", "1")]
    return [f"`{MARK}` is '{quoted(value)}': it must be 0 or 1." for value in given[:1]]


def _refuse(wrong: list[str]) -> HttpResponse:
    lines = [*wrong, "Nothing is in this file until that is put right."]
    return HttpResponse("\n".join(lines) + "\n", content_type=PLAIN, status=400)


def _said(request: HttpRequest, what: str, query: ConversationQuery) -> list[export.Said]:
    """What the file's name says of it; what somebody searched for can be private words."""
    parts = [(part.text, part.short) for part in query.describe(request.user) if "q" not in part.names]
    # A trend has no order, and the usual one goes without saying.
    is_ordered = what != "trend" and query.sort != DEFAULT_SORT
    return [*parts, (query.order_words(), query.order_words())] if is_ordered else parts


def _headers(request: HttpRequest, what: str, query: ConversationQuery) -> dict[str, str]:
    """What the file is called and how far it can be trusted: never said in a line of its own."""
    account = Account.objects.first()
    zone = ZoneInfo(query.zone)
    whole = completeness_of(query)
    name = export.file_name(
        what,
        _said(request, what, query),
        timezone.now().astimezone(zone).date(),
        is_sandbox=account is not None and account.is_sandbox,
        is_complete=whole.is_complete,
    )
    return {
        "Content-Type": "text/csv; charset=utf-8",
        "Content-Disposition": content_disposition_header(True, name) or "attachment",
        "X-Readback-Account": account.account_id if account else "",
        "X-Readback-Complete-Since": _instant(whole.complete_since, zone),
    }


def _instant(at: datetime | None, zone: ZoneInfo) -> str:
    return at.astimezone(zone).isoformat() if at is not None else ""
