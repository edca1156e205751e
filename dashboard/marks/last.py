"""The last mark, which can be taken back: remembered in a cookie, so that nothing is written for it."""

from __future__ import annotations

from dataclasses import dataclass

from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE = "readback-last-mark"
_SALT = "readback.last-mark"
_PATH = "/"
# Later nobody means it any more; the marks themselves can be taken off beside the transcript at any time.
SECONDS = 15 * 60
# What cannot be taken back is only said, on the page that follows: half a minute later it would seem to be of another.
_SAID_SECONDS = 10


@dataclass(frozen=True)
class Last:
    """`token` names what was done, `said` says it, to the conversation with this id of LivePerson's.

    A mark that was taken back has no token: it cannot be taken back again.
    """

    said: str
    conversation_id: str
    token: str = ""


def remember(response: HttpResponse, request: HttpRequest, last: Last) -> None:
    value = signing.dumps([request.user.pk, last.said, last.conversation_id, last.token], salt=_SALT)
    seconds = SECONDS if last.token else _SAID_SECONDS
    response.set_cookie(
        COOKIE, value, max_age=seconds, path=_PATH, secure=request.is_secure(), httponly=True, samesite="Lax"
    )


def read(request: HttpRequest) -> Last | None:
    """The last mark of whoever is signed in, not of who was before."""
    try:
        user, said, conversation_id, token = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Last(said, conversation_id, token) if user == request.user.pk else None
