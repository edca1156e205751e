"""The access audit, for administrators: who has read what."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dashboard import auditlist, formats
from dashboard.views.exports import MOST_NAMED


def _only_administrators(request: HttpRequest) -> None:
    if not getattr(request.user, "is_superuser", False):
        raise PermissionDenied


@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    _only_administrators(request)
    asked = auditlist.asked(request.GET)
    context = {
        "asked": asked,
        "kinds": auditlist.KINDS,
        "people": auditlist.people(),
        "most_named": formats.count(MOST_NAMED),
        "page": auditlist.page(asked) if not asked.errors else None,
    }
    return render(request, "dashboard/audit.html", context, status=400 if asked.errors else 200)


@require_safe
def audit_conversations(request: HttpRequest, pk: int) -> HttpResponse:
    """What one line names, an id in each: of a file they can be thousands."""
    _only_administrators(request)
    ids = auditlist.conversations_of(pk)
    if not ids:
        raise Http404
    return HttpResponse("".join(f"{ident}\n" for ident in ids), content_type="text/plain; charset=utf-8")
