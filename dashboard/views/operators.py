"""Pages and buttons of those who run Readback: everyone else is refused."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

View = Callable[..., HttpResponse]


def is_operator(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_staff", False))


def operators_only(view: View) -> View:
    """403 for who is not staff."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_operator(request):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded
