"""The counts beside the values of the filters: as data for the form of the list, and as a page of links."""

from collections.abc import Collection

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dashboard import facetlist
from dashboard.filterbar import FilterBar
from dashboard.links import link
from dashboard.pages import asked, in_zone
from interactions.search import one_instant, within
from interactions.search.facets import NAMES
from interactions.search.filters import quoted

# Seconds that the counts of one answer may take.
LONGEST = 10.0
# Which facets an answer is about; a word of this address alone, which filters nothing.
FACET = "facet"


@require_safe
def facets_data(request: HttpRequest) -> JsonResponse:
    """Counts by parameter and value, asked for once the rows are there; a value that is not named has none.

    `facet=` names those to count, each of them once for itself or several at once; without it they all are. 503 where
    counting takes too long: the form then says so, and offers to try again.
    """
    parsed = asked(request, apart={FACET})
    names = request.GET.getlist(FACET)
    errors = {**parsed.errors, **_unknown(names)}
    if errors:
        return JsonResponse({"errors": errors}, status=400)
    with one_instant(is_patient=True):
        counts = within(LONGEST, lambda: parsed.query.facets(request.user, names or NAMES))
    return JsonResponse({"counts": counts}, status=503 if counts is None else 200)


def _unknown(names: Collection[str]) -> dict[str, str]:
    unknown = [name for name in names if name not in NAMES]
    return {FACET: f"`{FACET}` is {quoted(unknown[0])}, which has no counts."} if unknown else {}


@require_safe
def facets_page(request: HttpRequest) -> HttpResponse:
    """Where there are no scripts: every value is a link to the list that it narrows down to."""
    parsed = asked(request)
    query = parsed.query
    context = {"query": query, "list_url": link(query.replace())}
    with in_zone(query), one_instant(is_patient=True):
        if not parsed.is_valid:
            context |= {"errors": parsed.errors, "without": link(query)}
            return render(request, "dashboard/conversation_facets.html", context, status=400)
        bar = FilterBar(request.GET, (), request.user, query.sort)
        counts = within(LONGEST, lambda: query.facets(request.user))
        total = within(LONGEST, lambda: query.count(request.user))
        context |= {
            "sentence": query.sentence(total, request.user),
            "facets": None if counts is None else facetlist.facets(query, bar, counts),
        }
        return render(request, "dashboard/conversation_facets.html", context, status=503 if counts is None else 200)
