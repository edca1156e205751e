"""The reader: one conversation, whole, inside the list it was opened from."""

import secrets

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from dashboard import asking, auditing, listing, reading
from dashboard.bell import ring_soon
from dashboard.completeness import completeness_of, words
from dashboard.marks.page import marks_of
from dashboard.models import Preference
from dashboard.pages import asked, in_zone
from dashboard.transcript.scores import largest_fall
from interactions.ingest import one
from interactions.models import Conversation
from interactions.search import ConversationQuery, Parsed
from interactions.search.sorts import LARGEST_SEED


@require_safe
def conversation_detail(request: HttpRequest, conversation_id: str) -> HttpResponse:
    parsed = asked(request)
    if not parsed.is_valid:
        return _refuse(request, parsed)
    query = parsed.query
    if parsed.needs_seed:
        return redirect(_address(conversation_id, query.replace(seed=secrets.randbelow(LARGEST_SEED))))
    conversation = reading.find(request.user, conversation_id)
    if conversation is None:
        raise Http404
    auditing.opened(request, conversation, query)
    with in_zone(query):
        return render(request, "dashboard/conversation_detail.html", _context(request, conversation, query))


@require_http_methods(["GET", "HEAD", "POST"])
def conversation_refresh(request: HttpRequest, conversation_id: str) -> HttpResponse:
    """POST: ask LivePerson for the conversation anew. GET: what became of it, for the page that waits for it."""
    conversation = reading.find(request.user, conversation_id)
    if conversation is None:
        raise Http404
    parsed = asked(request)
    shown_at = _address(conversation.conversation_id, parsed.query if parsed.is_valid else ConversationQuery())
    if request.method == "POST":
        auditing.write(request, auditing.Kind.REFRESHED, conversation_id=conversation.conversation_id)
        one.ask(conversation.conversation_id, request.user, timezone.now())
        ring_soon()
    elif "X-Readback-Poll" in request.headers:
        context = {"asked": asking.asked(conversation.conversation_id, timezone.now()), "newer_url": shown_at}
        return render(request, "dashboard/_asked.html", context)
    return redirect(f"{shown_at}#context-record")


def _refuse(request: HttpRequest, parsed: Parsed) -> HttpResponse:
    context = {"errors": parsed.errors, "without": listing.link(parsed.query)}
    return render(request, "dashboard/conversation_refused.html", context, status=400)


def _context(request: HttpRequest, conversation: Conversation, query: ConversationQuery) -> dict[str, object]:
    now = timezone.now()
    # Looked at before the conversation is read: what it calls changed is then in what is shown.
    asked_anew = asking.asked(conversation.conversation_id, now)
    page = reading.read(request.user, conversation, query, now)
    beside = query.neighbours(request.user, conversation)
    count = beside.count
    place = reading.place_words(beside.rank, count)
    marks = marks_of(request, conversation, query, has_next=beside.next is not None)
    marks.attach(page.transcript.lines)
    return {
        "page": page,
        "marks": marks,
        "conversation": conversation,
        "title": reading.title(page, place),
        "place": place,
        "count": count,
        "previous_url": _beside(beside.previous, query),
        "next_url": _beside(beside.next, query),
        "opens_at": _opens_at(request, page),
        "asked": asked_anew,
        "refresh_url": _address(conversation.conversation_id, query, "conversation-refresh"),
        "incomplete": words(completeness_of(query)),
        # The page on which this row stands by now, which need not be the one it was opened from.
        "list_url": f"{listing.link(query.replace(page=beside.page()))}#row-{conversation.conversation_id}",
    }


def _opens_at(request: HttpRequest, page: reading.Page) -> str:
    """The anchor of the first match, else that at which this person wants transcripts to open; "" is the start."""
    if page.matches:
        return page.matches[0]
    preference = getattr(request.user, "preference", None)
    if preference is None or preference.opens_at != Preference.OpensAt.FALL:
        return ""
    fall = largest_fall(page.transcript.scores)
    return fall.anchor if fall else ""


def _beside(conversation: Conversation | None, query: ConversationQuery) -> str:
    return _address(conversation.conversation_id, query) if conversation else ""


def _address(conversation_id: str, query: ConversationQuery, route: str = "conversation-detail") -> str:
    url, tail = reverse(route, args=[conversation_id]), query.replace().querystring()
    return f"{url}?{tail}" if tail else url
