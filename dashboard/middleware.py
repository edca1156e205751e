"""What holds for every page: not stored by browsers, times in the reader's zone."""

from collections.abc import Callable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from interactions.models import Scope

Handler = Callable[[HttpRequest], HttpResponse]


def private_pages(get_response: Handler) -> Handler:
    """`no-store` on everything that is not a static file: pages hold other people's words."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return handle


def zone_of(request: HttpRequest) -> str:
    """The name of the signed-in person's time zone, else the default."""
    if not request.user.is_authenticated:
        return settings.TIME_ZONE
    name = Scope.objects.filter(user_id=request.user.pk).values_list("zone", flat=True).first()
    return name or settings.TIME_ZONE


def reader_zone(get_response: Handler) -> Handler:
    def handle(request: HttpRequest) -> HttpResponse:
        try:
            with timezone.override(ZoneInfo(zone_of(request))):
                return get_response(request)
        except (ZoneInfoNotFoundError, ValueError):
            return get_response(request)

    return handle
