"""The counts beside the values of the filters: as data for the form of the list, and as a page of links."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dashboard import facetlist, listing
from dashboard.filterbar import FilterBar
from dashboard.pages import asked, in_zone
from interactions.search import within

# Seconds that all counts together may take.
LONGEST = 10.0


@require_safe
def facets_data(request: HttpRequest) -> JsonResponse:
    """Counts by parameter and value, asked for once the rows are there; a value that is not named has none.

    503 where counting takes too long: the form then says so, and offers to try again.
    """
    parsed = asked(request)
    if not parsed.is_valid:
        return JsonResponse({"errors": parsed.errors}, status=400)
    counts = within(LONGEST, lambda: parsed.query.facets(request.user))
    return JsonResponse({"counts": counts}, status=503 if counts is None else 200)


@require_safe
def facets_page(request: HttpRequest) -> HttpResponse:
    """Where there are no scripts: every value is a link to the list that it narrows down to."""
    parsed = asked(request)
    query = parsed.query
    context = {"query": query, "list_url": listing.link(query.replace())}
    with in_zone(query):
        if not parsed.is_valid:
            context |= {"errors": parsed.errors, "without": listing.link(query)}
            return render(request, "dashboard/conversation_facets.html", context, status=400)
        bar = FilterBar(request.GET, (), request.user, query.sort)
        counts = within(LONGEST, lambda: query.facets(request.user))
        total = within(LONGEST, lambda: query.count(request.user))
        context |= {
            "sentence": query.sentence(total, request.user),
            "facets": None if counts is None else facetlist.facets(query, bar, counts),
        }
        return render(request, "dashboard/conversation_facets.html", context, status=503 if counts is None else 200)
