"""A transcript to take along: on paper, as text, as LivePerson's own record; and whether it has grown."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from dashboard import auditing, plaintext, reading
from dashboard.links import reader_url
from dashboard.pages import asked_whole, in_zone
from dashboard.rawrecord import may_see_record
from dashboard.syncing import unreadable
from dashboard.transcript.choice import CHOICES, Choice
from dashboard.views.reader import found, refused
from interactions.models import Conversation, RawRecord
from interactions.search import ConversationQuery


@dataclass(frozen=True)
class _Taken:
    """What is taken along: `own` is the list around it, None for a conversation that stands alone."""

    conversation: Conversation
    page: reading.Page
    own: ConversationQuery | None
    choice: Choice


def _taken(request: HttpRequest, conversation: Conversation, query: ConversationQuery) -> _Taken:
    choice = Choice.of(request.GET)
    page = reading.read(request.user, conversation, query.replace(q=None), timezone.now())
    in_list = any(name not in CHOICES for name in request.GET)
    return _Taken(conversation, page, query if in_list else None, choice)


@require_safe
def conversation_print(request: HttpRequest, conversation_id: str) -> HttpResponse:
    """The transcript for paper, with or without private notes and automatic lines."""
    parsed = asked_whole(request, apart=CHOICES)
    if not parsed.is_valid:
        return refused(request, parsed)
    conversation = found(request, conversation_id)
    auditing.opened(request, conversation, parsed.query)
    with in_zone(parsed.query):
        taken = _taken(request, conversation, parsed.query)
        context = {
            "page": taken.page,
            "conversation": conversation,
            "title": reading.title(taken.page, ""),
            "lines": taken.choice.lines(taken.page.transcript.lines),
            "choice": taken.choice,
            "kept": taken.own.params() if taken.own else [],
            "back_url": reader_url(conversation.conversation_id, taken.own),
            "printed_at": timezone.now(),
        }
        return render(request, "dashboard/conversation_print.html", context)


@require_safe
def conversation_text(request: HttpRequest, conversation_id: str) -> HttpResponse:
    """The same as plain text, for a mail or a ticket."""
    parsed = asked_whole(request, apart=CHOICES)
    if not parsed.is_valid:
        return HttpResponse("\n".join(parsed.errors.values()), status=400, content_type="text/plain; charset=utf-8")
    conversation = found(request, conversation_id)
    auditing.opened(request, conversation, parsed.query)
    with in_zone(parsed.query):
        taken = _taken(request, conversation, parsed.query)
        lines = taken.choice.lines(taken.page.transcript.lines)
        text = plaintext.transcript(conversation, reading.title(taken.page, ""), lines)
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@require_safe
def conversation_raw(request: HttpRequest, conversation_id: str) -> HttpResponse:
    """The record as LivePerson gave it. Who looks at it is logged, by ids."""
    conversation = found(request, conversation_id)
    if not may_see_record(request.user):
        raise PermissionDenied
    record = RawRecord.objects.filter(conversation=conversation).first()
    if record is None:
        raise Http404
    auditing.write(request, auditing.Kind.RAW, conversation_id=conversation.conversation_id)
    number = request.GET.get("part", "")
    part = unreadable.part(record, int(number) if number.isdecimal() and len(number) < 7 else 1)
    context = {"conversation": conversation, "record": record, "part": part}
    context["back_url"] = reader_url(conversation.conversation_id)
    return render(request, "dashboard/conversation_raw.html", context)


@require_safe
def conversation_new(request: HttpRequest, conversation_id: str) -> JsonResponse:
    """How many messages an open conversation has by now, and whether it is open still: for the page that shows it."""
    conversation = found(request, conversation_id)
    return JsonResponse({"count": conversation.message_count, "is_open": conversation.is_open})
