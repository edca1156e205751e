"""The overview, and its chart as JSON with the same query string."""

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from dashboard.charts import trend_json
from dashboard.formats import zone_name
from dashboard.links import overview_url
from dashboard.overview import page, trendtable
from dashboard.pages import asked, in_zone
from interactions.search import one_instant

DATES = ("period", "started_from", "started_to", "ended_from", "ended_to")
DEFAULT_PERIOD = "28d"


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    if not any(request.GET.get(name) for name in DATES):
        return redirect(f"{reverse('overview')}?{_dated(request.GET).urlencode(safe='/')}")
    parsed = asked(request)
    query = parsed.query
    with in_zone(query), one_instant(is_patient=True):
        if parsed.is_valid:
            return render(request, "dashboard/overview.html", page.context(request, query))
        context = page.frame_of(request, query, parsed.errors)
        context |= {"errors": parsed.errors, "without": overview_url(query)}
        return render(request, "dashboard/overview.html", context, status=400)


def _dated(params: QueryDict) -> QueryDict:
    dated = params.copy()
    for name in DATES:
        dated.pop(name, None)
    dated["period"] = DEFAULT_PERIOD
    if not dated.get("zone"):
        dated["zone"] = zone_name()
    return dated


@require_safe
def trend(request: HttpRequest) -> HttpResponse:
    """The chart of the page with the same query string: plotly's JSON, or 400 with the errors."""
    parsed = asked(request)
    if not parsed.is_valid:
        return JsonResponse({"errors": parsed.errors}, status=400)
    with one_instant(is_patient=True):
        found = trendtable.trend_of(parsed.query, parsed.query.facts(request.user))
    body = trend_json(found, trendtable.addresses(parsed.query, found))
    return HttpResponse(body, content_type="application/json")
