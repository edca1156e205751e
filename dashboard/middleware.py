"""What holds for every page: not stored by browsers, times in the reader's zone."""

from collections.abc import Callable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from interactions.models import scope_of

Handler = Callable[[HttpRequest], HttpResponse]


def private_pages(get_response: Handler) -> Handler:
    """`no-store` on everything that is not a static file: pages hold other people's words."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return handle


def zone_of(user: AbstractBaseUser | AnonymousUser) -> ZoneInfo:
    """The signed-in person's time zone, else the default."""
    scope = scope_of(user)
    try:
        return ZoneInfo((scope and scope.zone) or settings.TIME_ZONE)
    except (ZoneInfoNotFoundError, ValueError):  # written by hand in the admin, or gone from tzdata since
        return ZoneInfo(settings.TIME_ZONE)


def reader_zone(get_response: Handler) -> Handler:
    """Times of the page in the reader's zone. A stream runs after this has ended: it takes its zone along."""

    def handle(request: HttpRequest) -> HttpResponse:
        with timezone.override(zone_of(request.user)):
            return get_response(request)

    return handle
