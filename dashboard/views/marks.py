"""Marks: reviewed, flag, tags, notes. Each is a form that is posted, by a script or without one."""

import uuid
from collections.abc import Callable
from functools import wraps

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from dashboard import auditing, reading
from dashboard.marks import answers, kept, leaving
from dashboard.marks.forms import NoteForm, TagForm
from dashboard.marks.last import Last
from dashboard.marks.offers import matching_tags
from dashboard.marks.page import MESSAGE, tail_of
from dashboard.pages import asked_whole
from dashboard.views.access import sign_in_first
from dashboard.views.errors import signed_out
from interactions.models import Conversation, Note
from interactions.search import ConversationQuery

View = Callable[..., HttpResponse]
# Whose page a script sends a mark from: it may have waited for the connection while somebody else signed in.
PERSON = "X-Readback-Person"


def marking(view: View) -> View:
    """Asked for by GET they lead to the reader: so does a sign-in that a mark was sent to first."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def marked(request: HttpRequest, *args: object, **named: object) -> HttpResponse:
        if request.headers.get(PERSON, str(request.user.pk)) != str(request.user.pk):
            return signed_out(HttpResponse(status=403))
        try:
            return view(request, *args, **named)
        except Conversation.DoesNotExist:  # removed meanwhile: as if it had been so before
            raise Http404 from None

    return marked


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _found(request: HttpRequest, conversation_id: str) -> tuple[Conversation, ConversationQuery]:
    """The conversation and the list it is read in; of an address that is wrong, every conversation's."""
    conversation = reading.find(request.user, conversation_id)
    if conversation is None:
        raise Http404
    parsed = asked_whole(request, apart=(MESSAGE,))
    is_good = parsed.is_valid and not parsed.needs_seed
    return conversation, parsed.query if is_good else ConversationQuery()


@marking
def review(request: HttpRequest, conversation_id: str) -> HttpResponse:
    """Reviewed, and on to the next of the list; `reviewed=0` takes it off."""
    conversation, query = _found(request, conversation_id)
    if request.method != "POST":
        return redirect(answers.reader_url(conversation, tail_of(request, query)))
    if request.POST.get("reviewed") == "0":
        token = leaving.unreview(conversation, _person(request), timezone.now())
        return answers.answer(request, conversation, query, answers.last_of("unreview", token, conversation))
    token = leaving.review(conversation, _person(request), timezone.now())
    last = answers.last_of("review", token, conversation)
    return answers.answer(request, conversation, query, last, to=answers.following(request, conversation, query))


@marking
def flag(request: HttpRequest, conversation_id: str) -> HttpResponse:
    conversation, query = _found(request, conversation_id)
    if request.method != "POST":
        return redirect(answers.reader_url(conversation, tail_of(request, query)))
    if request.POST.get("flagged") == "0":
        last = answers.last_of("unflag", leaving.unflag(conversation, _person(request), timezone.now()), conversation)
    else:
        last = answers.last_of("flag", leaving.flag(conversation, _person(request), timezone.now()), conversation)
    return answers.answer(request, conversation, query, last)


@marking
def tags(request: HttpRequest, conversation_id: str) -> HttpResponse:
    """`tag` puts one on, `remove` takes one off."""
    conversation, query = _found(request, conversation_id)
    if request.method != "POST":
        return redirect(answers.reader_url(conversation, tail_of(request, query)))
    if removed := request.POST.get("remove", "").replace("\0", ""):  # which PostgreSQL refuses to look for
        token = leaving.untag(conversation, removed, _person(request), timezone.now())
        return answers.answer(request, conversation, query, answers.last_of("untag", token, conversation))
    form = TagForm(request.POST)
    if not form.is_valid():
        return _refuse(request, conversation, query, form, "dashboard/tag_form.html")
    token = leaving.tag(conversation, form.cleaned_data["tag"], _person(request), timezone.now())
    return answers.answer(request, conversation, query, answers.last_of("tag", token, conversation))


@require_safe
def known_tags(request: HttpRequest) -> JsonResponse:
    """{"tags": names}, at most 50, that hold what is typed in `tag`."""
    return JsonResponse({"tags": matching_tags(request.GET.get("tag", ""))})


@kept.through_sign_in(sign_in_first)
@marking
def notes(request: HttpRequest, conversation_id: str) -> HttpResponse:
    """GET: a page to write one on, about the message that the address names, where there are no scripts."""
    conversation, query = _found(request, conversation_id)
    if request.method != "POST":
        words = kept.take(request)
        form = NoteForm(initial={"message": request.GET.get(MESSAGE, "")} | words)
        context = _page(request, conversation, query, form) | {"is_kept": bool(words)}
        return render(request, "dashboard/note_form.html", context)
    form = NoteForm(request.POST, conversation=conversation)
    if not form.is_valid():
        return _refuse(request, conversation, query, form, "dashboard/note_form.html")
    given = form.cleaned_data
    note = leaving.note(
        conversation,
        given["text"],
        _person(request),
        timezone.now(),
        message_id=given["message"],
        nonce=given["nonce"],
    )
    last = answers.last_of("note", f"note:{note.pk}", conversation)
    return answers.answer(request, conversation, query, last, message_id=note.message_id)


@kept.through_sign_in(sign_in_first)
@marking
def edit_note(request: HttpRequest, pk: int) -> HttpResponse:
    """A page of its own: other words for a note, or none of it at all."""
    if _is_gone(request, pk):
        return _anew(request, *_found(request, request.POST["conversation"]))
    note, conversation, query = _own_note(request, pk)
    words = kept.take(request)
    form = NoteForm(request.POST or None, initial={"text": note.text, "message": note.message_id} | words)
    if request.method == "POST" and form.is_valid():
        if not leaving.change(note, form.cleaned_data["text"], timezone.now()):
            return _anew(request, conversation, query)
        last = Last("Note changed.", conversation.conversation_id)
        return answers.answer(request, conversation, query, last, message_id=note.message_id)
    context = _page(request, conversation, query, form) | {"note": note, "is_kept": bool(words)}
    return render(request, "dashboard/note_form.html", context, status=400 if form.errors else 200)


def _is_gone(request: HttpRequest, pk: int) -> bool:
    """Deleted before this was sent; the forms of a note name its conversation, so that they lead back even so."""
    return "conversation" in request.POST and not Note.objects.filter(pk=pk).exists()


def _anew(request: HttpRequest, conversation: Conversation, query: ConversationQuery) -> HttpResponse:
    """Other words for a note that was deleted meanwhile are not lost."""
    form = NoteForm(request.POST, conversation=conversation)
    form.add_error("text", "This note was deleted meanwhile. Saved now, these words are a new one.")
    return _refuse(request, conversation, query, form, "dashboard/note_form.html")


@marking
def delete_note(request: HttpRequest, pk: int) -> HttpResponse:
    if request.method != "POST":
        return redirect("note-edit", pk)
    if _is_gone(request, pk):
        conversation, query = _found(request, request.POST["conversation"])
        message_id = request.POST.get("message", "")
    else:
        note, conversation, query = _own_note(request, pk)
        message_id = note.message_id
    token = leaving.delete_note(conversation, pk, _person(request), timezone.now())
    last = answers.last_of("unnote", token, conversation)
    return answers.answer(request, conversation, query, last, message_id=message_id.replace("\0", ""))


def _own_note(request: HttpRequest, pk: int) -> tuple[Note, Conversation, ConversationQuery]:
    """A note of one's own on a conversation that one may (still) read."""
    note = get_object_or_404(Note.objects.select_related("conversation"), pk=pk, user=_person(request))
    conversation, query = _found(request, note.conversation.conversation_id)
    return note, conversation, query


@marking
def undo(request: HttpRequest) -> HttpResponse:
    """Takes one mark back, which the form names, and leads to the conversation that it was left on."""
    if request.method != "POST":
        return redirect("conversation-list")
    conversation, query = _found(request, request.POST.get("conversation", ""))
    token = request.POST.get("mark", "")
    message_id = leaving.message_of(token, conversation)
    was_there = leaving.undo(token, conversation, _person(request), timezone.now())
    last = Last("Taken back." if was_there else "There was nothing to take back.", conversation.conversation_id)
    is_here = request.POST.get("here") == conversation.conversation_id
    to = None if is_here else conversation
    return answers.answer(request, conversation, query, last, to=to, message_id=message_id)


@marking
def shown(request: HttpRequest, conversation_id: str) -> HttpResponse:
    """A transcript that was fetched ahead is on the screen now; answered with the marks as they are by now.

    It is on record also for who may not read it any more: they had it by then.
    """
    if request.method == "POST" and reading.find(request.user, conversation_id) is None:
        auditing.shown_late(request, conversation_id)
    conversation, query = _found(request, conversation_id)
    if request.method != "POST":
        return redirect(answers.reader_url(conversation, tail_of(request, query)))
    auditing.shown(request, conversation, query)
    return answers.answer(request, conversation, query, None)


def _refuse(
    request: HttpRequest,
    conversation: Conversation,
    query: ConversationQuery,
    form: TagForm | NoteForm,
    template: str,
) -> HttpResponse:
    error = str(next(iter(form.errors.values()))[0])
    page = render(request, template, _page(request, conversation, query, form), status=400)
    return answers.refuse(request, error, page)


def _page(
    request: HttpRequest, conversation: Conversation, query: ConversationQuery, form: TagForm | NoteForm
) -> dict[str, object]:
    tail = tail_of(request, query)
    message_id = (form.data.get("message") or form.initial.get("message", "")).replace("\0", "")
    return {
        "form": form,
        "nonce": form.data.get("nonce") or form.initial.get("nonce") or str(uuid.uuid4()),
        "conversation": conversation,
        "tail": tail,
        "back_url": answers.reader_url(conversation, tail, answers.anchor(conversation, message_id)),
    }
