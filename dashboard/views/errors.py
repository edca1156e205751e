"""Our own error pages: Django's carry inline style, which the policy forbids, and lead nowhere."""

import logging
import secrets
import sys

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from interactions.search import is_cut_off

logger = logging.getLogger(__name__)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Unknown and invisible answer alike."""
    is_conversation = request.path.startswith(("/conversations/", "/refresh/"))
    return render(request, "404.html", {"is_conversation": is_conversation}, status=404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return signed_out(render(request, "dashboard/csrf_failure.html", status=403))


def signed_out(response: HttpResponse) -> HttpResponse:
    """Tells a script that the session is over or somebody else's: a 403 alone may be a proxy's."""
    response["X-Readback-Signed-Out"] = "1"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Stands alone: whatever failed (database, session, static files) must not fail again here."""
    kind, error, _ = sys.exc_info()
    if is_cut_off(error):
        logger.warning("page was cut off", extra={"path": request.path})
        return HttpResponse(render_to_string("too_long.html", {"static_url": settings.STATIC_URL}), status=503)
    error_id = secrets.token_hex(2).upper()
    found = {"error_id": error_id, "error": kind.__name__ if kind else "unknown", "path": request.path}
    logger.error("page failed", extra=found)
    page = render_to_string("500.html", {"error_id": error_id, "static_url": settings.STATIC_URL})
    return HttpResponse(page, status=500)
