"""A note that is sent when the session has ended: without scripts its words go along through the sign-in.

Until somebody is signed in they stand in the form of the sign-in alone: nothing is stored for strangers.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

from interactions.models import LONGEST_NOTE

from .answers import is_scripted

View = Callable[..., HttpResponse]
# Whose words they are, as the form of the note says it, and what else it holds.
WRITER = "writer"
_FIELDS = ("text", "message", "nonce", WRITER)
_KEY = "kept_note"


def through_sign_in(ask: Callable[[HttpRequest], HttpResponse]) -> Callable[[View], View]:
    """For a view that takes a note; `ask` is the page of the sign-in, which sends along what `sent` gives."""

    def decorate(view: View) -> View:
        @wraps(view)
        def kept(request: HttpRequest, *args: object, **named: object) -> HttpResponse:
            if request.user.is_authenticated:
                return view(request, *args, **named)
            # A script keeps them itself, and knows by the redirection that it has to.
            if request.POST.get("text") and not is_scripted(request):
                return ask(request)
            return redirect_to_login(request.get_full_path())

        return login_not_required(kept)

    return decorate


def sent(request: HttpRequest) -> list[tuple[str, str]]:
    """The words of a note and what belongs to them, as hidden fields hold them."""
    return [(name, request.POST[name]) for name in _FIELDS if name in request.POST]


def keep(request: HttpRequest, page: str) -> None:
    """Signed in: for the page of the note, to which `page` leads, and for nobody but their writer."""
    fields = dict(sent(request))
    # Much more than a note may hold is nobody's note, and a session is read with every page.
    is_note = 0 < len(fields.get("text", "")) <= 4 * LONGEST_NOTE and len(str(fields)) <= 8 * LONGEST_NOTE
    if is_note and fields.pop(WRITER, "") == str(request.user.pk):
        request.session[_KEY] = {"page": page, "fields": fields}


def take(request: HttpRequest) -> dict[str, str]:
    """What was kept for this page, once; {} mostly."""
    if request.method != "GET" or request.session.get(_KEY, {}).get("page") != request.get_full_path():
        return {}
    fields: dict[str, str] = request.session.pop(_KEY)["fields"]
    return fields
