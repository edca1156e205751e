"""The list: which conversations match, said in a sentence and shown row by row."""

import secrets

from django.db.models import Sum
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from dashboard import completeness, emptiness, listing
from dashboard.filterbar import FilterBar
from dashboard.formats import plural
from dashboard.pages import asked, in_zone
from interactions.search import ConversationQuery, Parsed

SEEDS = 1_000_000


@require_safe
def conversation_list(request: HttpRequest) -> HttpResponse:
    parsed = asked(request)
    if not parsed.is_valid:
        return _refuse(request, parsed)
    query = parsed.query
    if parsed.needs_seed:
        return redirect(listing.link(query.replace(seed=secrets.randbelow(SEEDS))))
    with in_zone(query):
        return render(request, "dashboard/conversation_list.html", _context(request, query))


@require_safe
def conversation_count(request: HttpRequest) -> JsonResponse:
    """How many match now: an open list asks, so that it can say what arrived meanwhile."""
    parsed = asked(request)
    if not parsed.is_valid:
        return JsonResponse({"errors": parsed.errors}, status=400)
    return JsonResponse({"count": parsed.query.count(request.user)})


def _refuse(request: HttpRequest, parsed: Parsed) -> HttpResponse:
    """What is wrong and why; no rows, the rest of the question kept in the form."""
    bar = FilterBar(request.GET, parsed.invalid, request.user, parsed.query.sort)
    context = {
        "bar": bar,
        "errors": parsed.errors,
        "query": parsed.query,
        "without": listing.link(parsed.query),
        "facets_tail": parsed.query.querystring(),
    }
    return render(request, "dashboard/conversation_list.html", context, status=400)


def _context(request: HttpRequest, query: ConversationQuery) -> dict[str, object]:
    page = query.rows(request.user)
    total = query.count(request.user)
    parts = query.describe(request.user)
    first_row = page.start_of(total)
    return {
        "bar": FilterBar(request.GET, (), request.user, query.sort),
        "facets_tail": query.replace().querystring(),
        "query": query,
        "count": total,
        "count_words": plural(total, "conversation") if total else "No conversations",
        "sentence": query.sentence(total, request.user),
        "parts": [(part.text, listing.link(part.without)) for part in parts],
        "headers": listing.headers(query),
        "rows": listing.rows(query, page.rows, timezone.now()),
        "first_row": first_row,
        "last_row": first_row + len(page.rows) - 1 if first_row else None,
        "steps": listing.steps(query, page),
        "incomplete": _incomplete(query, total),
        "count_url": f"{reverse('conversation-count')}?{query.querystring()}",
        # A file's address is passed on: with the zone in it, it stays the same days for whoever opens it.
        "file_tail": query.with_zone().replace().querystring(),
        "message_count": _messages(request, query) if total else 0,
        "nothing": None if total else emptiness.explain(query, request.user, parts),
    }


def _incomplete(query: ConversationQuery, total: int) -> str:
    found = completeness.completeness_of(query)
    return completeness.words(found) if total else completeness.words_of_nothing(query, found, timezone.now())


def _messages(request: HttpRequest, query: ConversationQuery) -> int:
    return query.filtered(request.user).aggregate(all=Sum("message_count"))["all"] or 0
