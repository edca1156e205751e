"""The list: which conversations match, said in a sentence and shown row by row."""

import secrets

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from dashboard import auditing, columns, completeness, emptiness, listing
from dashboard.filterbar import FilterBar
from dashboard.formats import plural
from dashboard.frame import frame_for
from dashboard.links import link
from dashboard.marks.rows import marks_of
from dashboard.pages import asked, in_zone
from dashboard.saved.shown import Shown
from interactions.search import ConversationQuery, Parsed, arrived, newest, one_instant, signs, within

SEEDS = 1_000_000
# Seconds that a count may take while the rows wait, and when it is asked for by itself.
AT_ONCE, ALONE = 0.02, 10.0
# That the rows wait for the count, as they do for whoever has no scripts and asks for it; a word of the list's address
# alone, which filters nothing and which no link of the page keeps.
COUNTED = "counted"
# Of what was typed and no index holds, so many are named.
_MOST_SIGNS = 5
# Of the question how many match by now: the newest conversation when the list was opened.
SINCE, LONGEST_KEY = "since", 18


@require_safe
def conversation_list(request: HttpRequest) -> HttpResponse:
    parsed = asked(request, apart={COUNTED})
    if not parsed.is_valid:
        return _refuse(request, parsed)
    query = parsed.query
    if parsed.needs_seed:
        return redirect(link(query.replace(seed=secrets.randbelow(SEEDS))))
    with in_zone(query), one_instant():
        return render(request, "dashboard/conversation_list.html", _context(request, query))


@require_safe
def conversation_count(request: HttpRequest) -> JsonResponse:
    """How many match now, and how many of them are new: an open list asks, so that it can say what arrived."""
    parsed, since = asked(request, apart={SINCE}), request.GET.get(SINCE)
    wrong = {} if since is None or _is_key(since) else {SINCE: f"`{SINCE}` takes a whole number."}
    if wrong or not parsed.is_valid:
        return JsonResponse({"errors": {**parsed.errors, **wrong}}, status=400)
    query = parsed.query
    found = {"count": within(ALONE, lambda: query.count(request.user))}
    if since is not None:
        found["arrived"] = within(ALONE, lambda: arrived(query, request.user, int(since)))
    return JsonResponse(found)


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= LONGEST_KEY


@require_safe
def conversation_size(request: HttpRequest) -> JsonResponse:
    """Conversations and messages of a list that could not be counted while its rows waited; null after ten seconds."""
    parsed = asked(request)
    if not parsed.is_valid:
        return JsonResponse({"errors": parsed.errors}, status=400)
    with one_instant(is_patient=True):
        size = parsed.query.size(request.user, ALONE)
    return JsonResponse({"count": size.count, "messages": size.messages})


def _refuse(request: HttpRequest, parsed: Parsed) -> HttpResponse:
    """What is wrong and why; no rows, the rest of the question kept in the form."""
    bar = FilterBar(request.GET, parsed.invalid, request.user, parsed.query.sort, has_search=True)
    context = {
        "bar": bar,
        "errors": parsed.errors,
        "query": parsed.query,
        "without": link(parsed.query),
        "facets_tail": parsed.query.querystring(),
        "shown": Shown(request.user, parsed.query),
    }
    return render(request, "dashboard/conversation_list.html", context, status=400)


def _context(request: HttpRequest, query: ConversationQuery) -> dict[str, object]:
    matched, tail = query.matched(request.user), query.replace(view=None, columns=None).querystring()
    is_waited_for = bool(request.GET.get(COUNTED))
    page = query.rows(request.user, matched=matched)
    size = query.size(request.user, ALONE if is_waited_for else AT_ONCE, matched)
    # A page without rows is that of an empty list: an order begins anew where nothing is left beyond.
    total = size.count if page.rows else 0
    parts = query.describe(request.user)
    first_row = page.start if total is None else page.start_of(total)
    shown = Shown(request.user, query)
    pks = [row.pk for row in page.rows]
    marks = marks_of(pks, request.user, shown.columns) if pks else {}
    rows = listing.rows(query, page.rows, timezone.now(), shown.columns, marks)
    auditing.searched(request, query, [row.conversation.conversation_id for row in rows if row.snippet])
    return {
        "bar": FilterBar(request.GET, (), request.user, query.sort, has_search=True),
        "facets_tail": query.replace().querystring(),
        "query": query,
        # Names the zone where it decides: whoever copies the address bar sends the same days to everybody.
        "address": link(query) if query.has_own_zone and not request.GET.get("zone") else "",
        "count": total,
        "count_words": _count_words(total),
        "sentence": query.sentence(total, request.user),
        "signs": " ".join(signs(query.q or "")[:_MOST_SIGNS]),
        "parts": [(part.text, link(part.without)) for part in parts],
        "shown": shown,
        "headers": listing.headers(query, shown.columns),
        "rows": rows,
        "room": columns.room_of(shown.columns),
        "first_row": first_row,
        "last_row": first_row + len(page.rows) - 1 if first_row else None,
        "steps": listing.steps(query, page),
        "incomplete": _incomplete(request, query, bool(page.rows)),
        # Asked for after the rows where counting would have held them up.
        "size_url": "" if total is not None and size.messages is not None else f"{reverse('conversation-size')}?{tail}",
        "counted_url": _counted_url(query),
        "is_waited_for": is_waited_for,
        "count_url": f"{reverse('conversation-count')}?{tail}",
        "newest": newest(),
        # A file's address is passed on: with the zone in it, it stays the same days for whoever opens it.
        "file_tail": query.asked_for().querystring(),
        "message_count": size.messages,
        "nothing": None if page.rows else emptiness.explain(query, request.user, parts),
    }


def _counted_url(query: ConversationQuery) -> str:
    """The same page with everything counted."""
    tail = query.querystring()
    return f"{reverse('conversation-list')}?{f'{tail}&' if tail else ''}{COUNTED}=1"


def _count_words(total: int | None) -> str:
    if total is None:
        return "Conversations"
    return plural(total, "conversation") if total else "No conversations"


def _incomplete(request: HttpRequest, query: ConversationQuery, has_rows: bool) -> str:
    found = completeness.completeness_of(query, frame_for(request).state)
    return completeness.words(found) if has_rows else completeness.words_of_nothing(query, found, timezone.now())
