"""Files of exactly the list, conversations.csv and messages.csv, and of the overview's trend."""

import secrets
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any
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
from interactions.models import Account
from interactions.search import ConversationQuery
from interactions.search.filters import quoted
from interactions.search.sorts import LARGEST_SEED
from interactions.search.sums import Total

PLAIN = "text/plain; charset=utf-8"
# A file may begin with the byte order mark, by which some spreadsheets know UTF-8.
MARK = "bom"
Contents = tuple[Sequence[Column], Iterator[Sequence[Any]], int]


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
    pages = export.conversation_pages(query.keyset(request.user), directory)
    return columns, pages, query.count(request.user)


def _messages(request: HttpRequest, query: ConversationQuery, clock: Clock) -> Contents:
    total = query.facts(request.user).whole({"messages": Total("message_count")})["messages"]
    pages = export.message_pages(query.keyset(request.user), Directory.read())
    return export.message_columns(clock), pages, total


def _trend(request: HttpRequest, query: ConversationQuery, clock: Clock) -> Contents:
    spans = trend_of(query, query.facts(request.user)).spans
    return export.trend_columns(), iter([spans]), len(spans)


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
    columns, pages, total = contents(request, query, clock)
    auditing.write(request, auditing.Kind.EXPORTED, query)
    lines = export.csv_stream(columns, pages, total, clock, has_mark=_has_mark(request))
    return StreamingHttpResponse(lines, headers=headers)


def _has_mark(request: HttpRequest) -> bool:
    return request.GET.get(MARK) == "1"


def _wrong_mark(request: HttpRequest) -> list[str]:
    given = [value for value in request.GET.getlist(MARK) if value not in ("", "0", "1")]
    return [f"`{MARK}` is '{quoted(value)}': it must be 0 or 1." for value in given[:1]]


def _refuse(wrong: list[str]) -> HttpResponse:
    lines = [*wrong, "Nothing is in this file until that is put right."]
    return HttpResponse("\n".join(lines) + "\n", content_type=PLAIN, status=400)


def _headers(request: HttpRequest, what: str, query: ConversationQuery) -> dict[str, str]:
    """What the file is called and how far it can be trusted: never said in a line of its own."""
    account = Account.objects.first()
    zone = ZoneInfo(query.zone)
    whole = completeness_of(query)
    name = export.file_name(
        what,
        # What somebody searched for can be private words.
        (part.text for part in query.describe(request.user) if "q" not in part.names),
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
