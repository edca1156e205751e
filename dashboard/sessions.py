"""Sessions end after twelve idle hours, not twelve hours after signing in."""

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# Writing the session on every request would queue each page behind a running import.
TOUCH_SECONDS = 300
_KEY = "seen_at"

Handler = Callable[[HttpRequest], HttpResponse]


def idle_sessions(get_response: Handler) -> Handler:
    """Moves the end of a session forward while its person works.

    Requests that a page sends by itself carry `X-Readback-Poll`: a tab left open is idle.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and "X-Readback-Poll" not in request.headers:
            now = int(time.time())
            if now - request.session.get(_KEY, 0) >= TOUCH_SECONDS:
                request.session[_KEY] = now
        return get_response(request)

    return handle


def readable_cookies(get_response: Handler) -> Handler:
    """A quoted cookie can spell NUL, which PostgreSQL refuses to look for: none of ours has one."""

    def handle(request: HttpRequest) -> HttpResponse:
        for name in [name for name, value in request.COOKIES.items() if "\0" in value]:
            del request.COOKIES[name]
        return get_response(request)

    return handle
