"""What a mark is answered with: the fresh pieces of the page for its script, else the way back to the page."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse

from dashboard.listpane import row_marks
from dashboard.reading import place_words
from interactions.models import Conversation, Message, told_apart
from interactions.search import ConversationQuery

from . import rows
from .last import Last, remember
from .page import Marks, marks_of, tail_of

# The script of the page says so; everybody else is led back.
SCRIPTED = "X-Readback-Marks"
_SAID = {
    "review": "Reviewed.",
    "unreview": "Not reviewed any more.",
    "flag": "Flagged.",
    "unflag": "Flag taken down.",
    "tag": "Tagged.",
    "untag": "Tag taken off.",
    "note": "Note saved.",
    "unnote": "Note deleted.",
}
# Of a mark that somebody left first, or that was left from another page.
_SAID_BEFORE = {
    "review": "You have reviewed it before.",
    "unreview": "It was not reviewed by you.",
    "flag": "It was flagged already.",
    "unflag": "There was no flag any more.",
    "tag": "It had this tag already.",
    "untag": "It did not have this tag any more.",
    "unnote": "This note was deleted already.",
}


def reader_url(conversation: Conversation, tail: str, anchor: str = "") -> str:
    """`tail` are the parameters of the list that it is read in; without any it stands alone."""
    url = reverse("conversation-detail", args=[conversation.conversation_id])
    return f"{url}{f'?{tail}' if tail else ''}{f'#{anchor}' if anchor else ''}"


def following(request: HttpRequest, conversation: Conversation, query: ConversationQuery) -> Conversation | None:
    """The next of the list; one that is read by itself has none."""
    return query.neighbours(request.user, conversation).next if tail_of(request, query) else None


def is_scripted(request: HttpRequest) -> bool:
    return SCRIPTED in request.headers


def last_of(what: str, token: str, conversation: Conversation) -> Last:
    """`token` names what was done; "" where it was so already, which is said too."""
    return Last((_SAID if token else _SAID_BEFORE)[what], conversation.conversation_id, token)


def answer(
    request: HttpRequest,
    conversation: Conversation,
    query: ConversationQuery,
    last: Last | None,
    *,
    to: Conversation | None = None,
    message_id: str = "",
) -> HttpResponse:
    """`last` is what was done just now, None where nothing changed; `to` is read next instead of the one in hand."""
    response: HttpResponse
    tail = tail_of(request, query)
    if not is_scripted(request):
        response = redirect(reader_url(to or conversation, tail, "" if to else anchor(conversation, message_id)))
    elif to is None:
        response = JsonResponse(_pieces(request, conversation, query, last, message_id))
    else:
        response = JsonResponse({"go": reader_url(to, tail), **_left(request, conversation, query, to)})
    if last is not None:
        remember(response, request, last)
    return response


def refuse(request: HttpRequest, error: str, page: HttpResponse) -> HttpResponse:
    return JsonResponse({"error": error}, status=400) if is_scripted(request) else page


def anchor(conversation: Conversation, message_id: str) -> str:
    messages = Message.objects.of(conversation.pk).only("conversation", "message_id", "dialog", "seq")
    every = told_apart(messages) if message_id else []
    return next((message.anchor for message in every if message.message_id == message_id), "")


def _pieces(
    request: HttpRequest, conversation: Conversation, query: ConversationQuery, last: Last | None, message_id: str
) -> dict[str, object]:
    has_next = following(request, conversation, query) is not None
    marks = marks_of(request, conversation, query, has_next=has_next)
    marks.last = last or marks.last
    context = {"marks": marks, "csrf_token": get_token(request)}
    return {
        **_place(request, conversation, query),
        "bar": render_to_string("dashboard/_mark_bar.html", context),
        "section": render_to_string("dashboard/_marks.html", context),
        "row": _row(conversation, marks.user),
        "progress": marks.progress,
        "end": marks.end_words,
        "message": message_id,
        "notes": _notes(marks, message_id) if message_id else "",
    }


def _row(conversation: Conversation, user: User | AnonymousUser) -> str:
    return row_marks(rows.marks_of([conversation.pk], user).get(conversation.pk, rows.NONE))


def _place(request: HttpRequest, conversation: Conversation, query: ConversationQuery) -> dict[str, object]:
    """Where it stands in its list by now: its page may have been fetched before. Nothing where counting takes long."""
    if not tail_of(request, query):
        return {}
    beside = query.neighbours(request.user, conversation)
    place = place_words(beside.rank, beside.count)
    known = place or beside.is_outside
    return {"place": place, "count": beside.count, "is_outside": beside.is_outside} if known else {}


def _left(
    request: HttpRequest, conversation: Conversation, query: ConversationQuery, to: Conversation
) -> dict[str, object]:
    """What the next page may have been fetched too early to show. `left`: the list has lost the one that was marked."""
    fresh = {**_place(request, to, query), "row": _row(conversation, request.user)}
    if to.pk == conversation.pk:  # the one whose mark was taken back
        return fresh
    return {**fresh, "left": query.neighbours(request.user, conversation).is_outside}


def _notes(marks: Marks, message_id: str) -> str:
    return render_to_string("dashboard/_notes.html", {"notes": marks.by_message.get(message_id, [])})
