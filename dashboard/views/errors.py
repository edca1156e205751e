"""Our own error pages: Django's carry inline style, which the policy forbids."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "dashboard/csrf_failure.html", {"reason": reason}, status=403)
