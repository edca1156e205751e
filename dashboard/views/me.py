"""What a person chooses for themselves."""

from django.contrib import messages
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from dashboard.forms import PreferenceForm, default_zone, zone_names
from dashboard.models import Preference
from dashboard.saved.offers import offers
from interactions.models import Scope, scope_of


@require_http_methods(["GET", "HEAD", "POST"])
def me(request: HttpRequest) -> HttpResponse:
    user = request.user
    assert isinstance(user, User)
    preference = Preference.objects.filter(user=user).first() or Preference(user=user)
    scope = scope_of(user)
    zone = scope.zone if scope else ""
    views = [(offer.key, offer.name) for offer in offers(user)]
    form = PreferenceForm(request.POST or None, instance=preference, initial={"zone": zone}, views=views)
    if request.method == "POST" and form.is_valid():
        _save(user, form)
        messages.success(request, "Saved.")
        return redirect("me")
    context = {"form": form, "zones": zone_names(), "default_zone": default_zone()}
    return render(request, "dashboard/me.html", context, status=400 if form.errors else 200)


def _save(user: User, form: PreferenceForm) -> None:
    zone = form.cleaned_data["zone"]
    with transaction.atomic():
        form.save()
        # A scope made here grants nothing: no groups, not all groups.
        if zone or scope_of(user):
            Scope.objects.update_or_create(user=user, defaults={"zone": zone})
