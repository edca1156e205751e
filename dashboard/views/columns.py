"""Which columns the list has and in what order: a form of numbered rows."""

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from dashboard import columns
from dashboard.links import link
from dashboard.models import ColumnChoice
from dashboard.pages import asked
from dashboard.saved.shown import Shown, column_rows
from interactions.search import ConversationQuery


@dataclass(frozen=True)
class _Filled:
    """The form as it was sent: every column in order, and which of them are ticked."""

    order: columns.Keys
    chosen: columns.Keys

    @classmethod
    def read(cls, request: HttpRequest) -> "_Filled":
        given = dict.fromkeys(key for key in request.POST.getlist("order") if key in columns.COLUMNS)
        order = (*given, *(key for key in columns.COLUMNS if key not in given))
        ticked = {columns.ALWAYS, *request.POST.getlist("show")}
        return cls(order, tuple(key for key in order if key in ticked))


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    parsed = asked(request)
    if not parsed.is_valid:
        return redirect(f"{reverse('conversation-list')}?{request.GET.urlencode()}")  # which says what is wrong
    shown = Shown(request.user, parsed.query)
    if request.method != "POST":
        return _form(request, column_rows(shown.columns))
    filled = _Filled.read(request)
    for name, step in (("up", -1), ("down", 1)):
        if key := request.POST.get(name):
            order = columns.moved(filled.order, key, step)
            return _form(request, column_rows(filled.chosen, order), name, key if key in columns.COLUMNS else "")
    chosen = columns.USUAL if "usual" in request.POST else filled.chosen
    return redirect(link(_keep(request, shown, parsed.query, chosen)))


def _form(request: HttpRequest, rows: object, pressed: str = "", moved: str = "") -> HttpResponse:
    """`moved` was moved by `pressed`: its button takes the focus again."""
    context = {"rows": rows, "pressed": pressed, "moved": moved, "tail": request.GET.urlencode()}
    return render(request, "dashboard/columns.html", context)


def _keep(request: HttpRequest, shown: Shown, query: ConversationQuery, chosen: columns.Keys) -> ConversationQuery:
    """The list in `chosen`: over a view of somebody's it is a change to that view, else the person's own choice."""
    if shown.view and shown.view.columns is not None:
        is_as_saved = chosen == shown.view.columns
        return query.replace(columns=None if is_as_saved else columns.written(chosen))
    assert isinstance(request.user, User)
    if chosen == columns.USUAL:
        ColumnChoice.objects.filter(user=request.user).delete()
    else:
        ColumnChoice.objects.update_or_create(user=request.user, defaults={"columns": list(chosen)})
    return query.replace(columns=None)
