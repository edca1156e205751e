"""The counts beside the values of the filters: as data for the form of the list, and as a page of links."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dashboard import facetlist, listing
from dashboard.filterbar import FilterBar
from dashboard.pages import asked, in_zone


@require_safe
def facets_data(request: HttpRequest) -> JsonResponse:
    """Counts by parameter and value; a value that is not named has none. Asked for once the rows are there."""
    parsed = asked(request)
    if not parsed.is_valid:
        return JsonResponse({"errors": parsed.errors}, status=400)
    return JsonResponse({"counts": parsed.query.facets(request.user)})


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
        context |= {
            "sentence": query.sentence(query.count(request.user), request.user),
            "facets": facetlist.facets(query, bar, query.facets(request.user)),
        }
        return render(request, "dashboard/conversation_facets.html", context)
