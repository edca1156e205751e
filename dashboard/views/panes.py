"""Closing and opening the panes of the reader, for good."""

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from dashboard import panes


@require_POST
def keep_pane(request: HttpRequest) -> HttpResponse:
    """`pane` is list or context, `open` 1 or 0; without JavaScript `next` is the reader to go back to."""
    name, state = request.POST.get("pane", ""), request.POST.get("open", "")
    if name not in panes.PANES or state not in ("0", "1"):
        return HttpResponseBadRequest("There is no such pane.", content_type="text/plain; charset=utf-8")
    assert isinstance(request.user, User)
    panes.keep(request.user, name, is_open=state == "1")
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith("/")
    return redirect(wanted) if is_ours else HttpResponse(status=204)
