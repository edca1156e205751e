"""The access audit, for administrators: who has read what."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dashboard import auditlist


@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    if not getattr(request.user, "is_superuser", False):
        raise PermissionDenied
    asked = auditlist.asked(request.GET)
    context = {
        "asked": asked,
        "kinds": auditlist.KINDS,
        "people": auditlist.people(),
        "page": auditlist.page(asked) if not asked.errors else None,
    }
    return render(request, "dashboard/audit.html", context, status=400 if asked.errors else 200)
