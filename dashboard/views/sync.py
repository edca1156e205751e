"""Is what I read fresh and complete, and if not, who does what."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dashboard.bell import ring_soon
from dashboard.syncing import page, windows
from dashboard.views.operators import is_operator, operators_only
from interactions.ingest import control
from interactions.models import SyncWindow


@require_safe
def sync(request: HttpRequest) -> HttpResponse:
    return render(request, "dashboard/sync.html", page.context(is_operator(request)))


@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """The part of the page that changes while it is open."""
    return render(request, "dashboard/_sync_state.html", page.context(is_operator(request)))


@require_POST
@operators_only
def pause(request: HttpRequest) -> HttpResponse:
    is_done = control.pause_history(timezone.now())
    said = "History is paused. What is new is still read." if is_done else "History was paused already."
    messages.success(request, said)
    return redirect("sync")


@require_POST
@operators_only
def resume(request: HttpRequest) -> HttpResponse:
    is_done = control.resume_history()
    ring_soon()
    messages.success(request, "History goes on where it was." if is_done else "History was not paused.")
    return redirect("sync")


@require_POST
@operators_only
def try_now(request: HttpRequest, pk: int) -> HttpResponse:
    """Make an incomplete period due; a worker takes it as soon as it has a hand free."""
    if control.try_now(pk):
        ring_soon()
        waits = control.is_paused() and windows.waits_for_history(SyncWindow.objects.filter(pk=pk).first())
        when = "when history goes on: it is paused" if waits else "as soon as a worker is free"
        messages.success(request, f"This period is asked for again {when}.")
    else:
        messages.info(request, "This period does not wait any more: it is being read, or was read meanwhile.")
    return redirect("sync")
