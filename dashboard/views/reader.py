"""The reader: one conversation, whole, inside the list it was opened from."""

import secrets
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from dashboard import asking, auditing, reading
from dashboard.bell import ring_soon
from dashboard.completeness import completeness_of, words
from dashboard.frame import frame_for
from dashboard.links import link, list_tail, path, reader_url
from dashboard.listpane import list_pane
from dashboard.marks.page import marks_of
from dashboard.models import Preference
from dashboard.pages import asked, in_zone
from dashboard.panes import panes_of
from dashboard.rawrecord import may_see_record
from dashboard.transcript.scores import largest_fall
from interactions.ingest import one
from interactions.models import Conversation
from interactions.search import ConversationQuery, Parsed, newest
from interactions.search.sorts import LARGEST_SEED

# Seconds that counting may take when it is asked for by itself.
ALONE = 10.0


def found(request: HttpRequest, conversation_id: str) -> Conversation:
    """The conversation; unknown and invisible answer alike."""
    conversation = reading.find(request.user, conversation_id)
    if conversation is None:
        raise Http404
    return conversation


@require_safe
def conversation_detail(request: HttpRequest, conversation_id: str) -> HttpResponse:
    parsed = asked(request)
    if not parsed.is_valid:
        return refused(request, parsed)
    query = parsed.query
    if parsed.needs_seed:
        return redirect(reader_url(conversation_id, query.replace(seed=secrets.randbelow(LARGEST_SEED))))
    conversation = found(request, conversation_id)
    auditing.opened_or_ahead(request, conversation, query)
    with in_zone(query):
        return render(request, "dashboard/conversation_detail.html", _context(request, conversation, query))


@require_safe
def conversation_place(request: HttpRequest, conversation_id: str) -> JsonResponse:
    """Where a conversation stands in a list that is long to count; "" after ten seconds."""
    parsed = asked(request)
    if not parsed.is_valid:
        return JsonResponse({"errors": parsed.errors}, status=400)
    beside = parsed.query.neighbours(request.user, found(request, conversation_id), ALONE)
    count = beside.count
    return JsonResponse({"place": reading.place_words(beside.rank, count), "count": count})


@require_http_methods(["GET", "HEAD", "POST"])
def conversation_refresh(request: HttpRequest, conversation_id: str) -> HttpResponse:
    """POST: ask LivePerson for the conversation anew. GET: what became of it, for the page that waits for it."""
    conversation = found(request, conversation_id)
    parsed = asked(request)
    shown_at = reader_url(conversation.conversation_id, parsed.query if request.GET and parsed.is_valid else None)
    if request.method == "POST":
        auditing.write(request, auditing.Kind.REFRESHED, conversation_id=conversation.conversation_id)
        one.ask(conversation.conversation_id, request.user, timezone.now())
        ring_soon()
    elif "X-Readback-Poll" in request.headers:
        context = {"asked": asking.asked(conversation.conversation_id, timezone.now()), "newer_url": shown_at}
        return render(request, "dashboard/_asked.html", context)
    return redirect(f"{shown_at}#context-record")


def refused(request: HttpRequest, parsed: Parsed) -> HttpResponse:
    """What is wrong with the list's parameters, and no transcript."""
    context = {"errors": parsed.errors, "without": link(parsed.query)}
    return render(request, "dashboard/conversation_refused.html", context, status=400)


def _context(request: HttpRequest, conversation: Conversation, query: ConversationQuery) -> dict[str, object]:
    now = timezone.now()
    # Looked at before the conversation is read: what it calls changed is then in what is shown.
    asked_anew = asking.asked(conversation.conversation_id, now)
    page = reading.read(request.user, conversation, query, now)
    # Without a parameter there is no list: the conversation stands alone, as from a file or another page.
    around = _in_list(request, conversation, query, now) if request.GET else {}
    own = query if request.GET else None
    pane = around.get("pane")
    marks = marks_of(request, conversation, query, has_next=bool(pane and pane.next_url))
    if auditing.is_ahead(request):
        marks.last = None  # by the time it is shown another mark is the last: its Undo would take back the wrong one
    marks.attach(page.transcript.lines)
    return {
        "page": page,
        "marks": marks,
        "conversation": conversation,
        "title": reading.title(page, str(around.get("place", ""))),
        **around,
        "opens_at": _opens_at(request, page),
        "asked": asked_anew,
        "refresh_url": reader_url(conversation.conversation_id, own, "conversation-refresh"),
        "new_url": reader_url(conversation.conversation_id, own, "conversation-new") if conversation.is_open else "",
        "text_url": reader_url(conversation.conversation_id, own, "conversation-text"),
        "print_url": reader_url(conversation.conversation_id, own, "conversation-print"),
        # Copied and sent on, it opens the same days for whoever follows it.
        "link": reader_url(conversation.conversation_id, query.with_zone() if own else None),
        "incomplete": words(completeness_of(query, frame_for(request).state)) if own else "",
        "panes": panes_of(request.user),
        "may_see_record": may_see_record(request.user),
    }


def _in_list(
    request: HttpRequest, conversation: Conversation, query: ConversationQuery, now: datetime
) -> dict[str, Any]:
    """Where the conversation stands in the list, and what stands around it."""
    beside = query.neighbours(request.user, conversation)
    pane = list_pane(request.user, conversation, query, beside, now)
    tail = list_tail(query)
    is_late = beside.count is None or (beside.rank is None and not beside.is_outside)
    return {
        "pane": pane,
        "place": reading.place_words(beside.rank, beside.count),
        "count": beside.count,
        "is_outside": beside.is_outside,
        # Asked for behind the transcript where counting would have held it up.
        "place_url": reader_url(conversation.conversation_id, query, "conversation-place") if is_late else "",
        "count_url": f"{path('conversation-count')}?{tail}",
        "newest": newest(),
        # The page on which this row stands by now, which need not be the one it was opened from.
        "list_url": f"{link(query.replace(page=beside.page()))}#row-{conversation.conversation_id}",
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
