"""Is what I read fresh and complete, and if not, who does what."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dashboard.syncing import page


@require_safe
def sync(request: HttpRequest) -> HttpResponse:
    return render(request, "dashboard/sync.html", page.context(_is_operator(request)))


@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """The part of the page that changes while it is open."""
    return render(request, "dashboard/_sync_state.html", page.context(_is_operator(request)))


def _is_operator(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_staff", False))
