"""Signing in and out."""

from typing import Any

from django.conf import settings
from django.contrib import auth
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from dashboard.forms import SignInForm
from dashboard.marks import kept
from dashboard.saved.start import home_url, preference_of

# Characters that the tables of django-axes hold.
LONGEST_NAME = 255


@login_not_required
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    if request.method != "POST" and request.user.is_authenticated:
        return HttpResponseRedirect(_destination(request))
    # From the page that says of too many tries, the words of a note come back without a name.
    is_sent = "username" in request.POST
    form = SignInForm(request, data=request.POST if is_sent else None)
    if is_sent and form.is_valid():
        auth.login(request, form.get_user())
        destination = _destination(request)
        kept.keep(request, destination)
        return HttpResponseRedirect(destination)
    asked_for = request.POST.get("next") or request.GET.get("next", "")
    context = {"form": form, "next": asked_for, "kept": kept.sent(request)}
    return render(request, "dashboard/login.html", context)


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """Instead of a page that takes a note: the sign-in, which leads back to it with the words that were sent."""
    context = {"form": SignInForm(request), "next": request.get_full_path(), "kept": kept.sent(request)}
    return render(request, "dashboard/login.html", context)


def _destination(request: HttpRequest) -> str:
    """Where `next` points, if that is a path of ours; else the person's start page."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours and wanted.startswith("/") else home_url(preference_of(request.user))


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    auth.logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


def name_counted(request: HttpRequest, credentials: dict[str, Any] | None) -> str | None:
    """The name under which django-axes counts failures: as much of it as its column takes."""
    given = credentials or request.POST
    name = given.get("username")
    return name and name[:LONGEST_NAME]


def locked_out(request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any]) -> HttpResponse:
    """What django-axes shows instead of the form after too many failures of one name from one address."""
    minutes = round(settings.AXES_COOLOFF_TIME * 60)
    context = {"minutes": minutes, "next": request.POST.get("next", ""), "kept": kept.sent(request)}
    return render(request, "dashboard/locked_out.html", context, status=429)
