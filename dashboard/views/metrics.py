"""Figures for Prometheus: by token, or without one from this machine alone."""

import ipaddress
import logging

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from dashboard.exposition import exposition

logger = logging.getLogger(__name__)
PLAIN = "text/plain; charset=utf-8"
# A proxy on this machine calls from loopback too, for anybody.
FORWARDED = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP")


@login_not_required
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus' text format; 401 or 403 for strangers, 503 when the database cannot be read."""
    if settings.METRICS_TOKEN and not _has_token(request):
        words = "This needs METRICS_TOKEN as bearer token.\n"
        return HttpResponse(words, status=401, content_type=PLAIN, headers={"WWW-Authenticate": "Bearer"})
    if not settings.METRICS_TOKEN and not _is_from_here(request):
        words = "Without METRICS_TOKEN this answers on the machine itself only.\n"
        return HttpResponse(words, status=403, content_type=PLAIN)
    try:
        return HttpResponse(exposition(timezone.now()), content_type=CONTENT_TYPE_LATEST)
    except DatabaseError as error:
        logger.error("database not read", extra={"error": type(error).__name__})
        return HttpResponse("The database cannot be read.\n", status=503, content_type=PLAIN)


def _has_token(request: HttpRequest) -> bool:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return scheme.lower() == "bearer" and constant_time_compare(token.strip(), settings.METRICS_TOKEN)


def _is_from_here(request: HttpRequest) -> bool:
    if any(name in request.headers for name in FORWARDED):
        return False
    try:
        address = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:  # a Unix socket has no address
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback
