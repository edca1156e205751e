"""Saved views: the page that lists them, opening one, and what is done with one by pressing a button."""

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dashboard.formats import zone_name
from dashboard.models import Preference, SavedView
from dashboard.pages import asked
from dashboard.saved import page
from dashboard.saved.forms import SavedViewForm
from dashboard.saved.offers import Offer, find
from dashboard.saved.shown import Shown
from dashboard.saved.start import start_url
from interactions.search import ConversationQuery, within

# Seconds that a count may take; beside a name it is a help, not the answer.
LONGEST = 5.0


@require_safe
def view_list(request: HttpRequest) -> HttpResponse:
    """With counts as far as they are quick; scripts ask for the others, and `?count=all` waits for them."""
    is_asked = request.GET.get("count") == "all"
    context = page.context(request.user, page.ASKED_FOR if is_asked else page.AT_ONCE)
    return render(request, "dashboard/saved_views.html", context | {"is_asked": is_asked})


@require_safe
def open_view(request: HttpRequest, key: str) -> HttpResponse:
    """To the list that it shows: there the address says everything, also how it is changed from there on."""
    return redirect(_found(request, key).address(zone_name()))


@require_safe
def count(request: HttpRequest, key: str) -> JsonResponse:
    """How many of the reader's own conversations it holds; null where that takes too long, or a parameter is wrong."""
    parsed = _found(request, key).parsed(zone_name())
    found = within(LONGEST, lambda: parsed.query.count(request.user)) if parsed.is_valid else None
    return JsonResponse({"count": found})


def _found(request: HttpRequest, key: str) -> Offer:
    offer = find(request.user, key)
    if offer is None:
        raise Http404
    return offer


@require_http_methods(["GET", "HEAD", "POST"])
def new_view(request: HttpRequest) -> HttpResponse:
    """Keeps the list that the parameters ask for, in the columns in which it is shown."""
    parsed = asked(request)
    if not parsed.is_valid or parsed.needs_seed:
        return redirect(f"{reverse('conversation-list')}?{request.GET.urlencode()}")  # which says what is wrong
    assert isinstance(request.user, User)
    form = SavedViewForm(request.POST or None, instance=SavedView(owner=request.user))
    if request.method == "POST" and form.is_valid():
        _take(form.instance, request, parsed.query)
        if form.keep():
            return redirect("saved-view", form.instance.pk)
    context = {
        "form": form,
        "sentence": parsed.query.sentence(None, request.user),
        "zone": parsed.query.zone if parsed.query.depends_on_zone else "",
        "tail": request.GET.urlencode(),
    }
    return render(request, "dashboard/saved_view_form.html", context, status=400 if form.errors else 200)


@require_POST
def update_view(request: HttpRequest, pk: int) -> HttpResponse:
    """The view from now on shows what the parameters ask for."""
    view = _changeable(request, pk)
    parsed = asked(request)
    if not parsed.is_valid or parsed.needs_seed:
        return redirect(f"{reverse('conversation-list')}?{request.GET.urlencode()}")
    _take(view, request, parsed.query)
    view.save(update_fields=["querystring", "columns", "updated_at"])
    return redirect("saved-view", pk)


def _take(view: SavedView, request: HttpRequest, query: ConversationQuery) -> None:
    view.querystring = query.asked_for().querystring()
    view.columns = list(Shown(request.user, query).columns)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Another name, or for other people."""
    view = _changeable(request, pk)
    old_name = view.name
    form = SavedViewForm(request.POST or None, instance=view)
    if request.method == "POST" and form.is_valid() and form.keep():
        messages.success(request, "Saved.")
        return redirect("saved-views")
    context = {"form": form, "name": old_name, "is_edit": True}
    return render(request, "dashboard/saved_view_form.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def delete_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first, on a page of its own."""
    view = _changeable(request, pk)
    if request.method != "POST":
        return render(request, "dashboard/saved_view_delete.html", {"view": view})
    view.delete()
    messages.success(request, f"{view.name} is deleted.")
    return redirect("saved-views")


def _changeable(request: HttpRequest, pk: int) -> SavedView:
    return get_object_or_404(SavedView.objects.changeable_by(request.user), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """GET: go to the own start page. POST: make the view named by `view` that page, or with none the overview."""
    if request.method != "POST":
        return redirect(start_url(request.user))
    key = request.POST.get("view", "")
    if key:
        _found(request, key)
    assert isinstance(request.user, User)
    Preference.objects.update_or_create(user=request.user, defaults={"start_view": key})
    messages.success(request, "You start there from now on." if key else "You start on the overview from now on.")
    return redirect("saved-views")
