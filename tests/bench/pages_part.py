"""Pages: the server's time for list, count, reader and overview, warm, through the whole of Django."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlencode

import django

from tests.bench.measure import line, peak_megabytes, repeat
from tests.bench.people import readers
from tests.bench.reached import read_up_to_now

LISTS = {
    "list, newest first": "",
    "list, CSAT 1 or 2": "csat=1&csat=2",
    "list, MCS 39 or lower, lowest first": "mcs_max=39&sort=mcs",
    "list, longest first reply": "sort=-first_response",
    "list, by agent": "sort=agent",
    "list, closed, 28 days": "status=closed&period=28d",
    "list, shuffled": "sort=shuffle&seed=7",
}
# Of the sandbox's transcripts 61 % hold the first word, 17 % the second, 8 % the third.
SEARCHES = {
    "search, in most transcripts": "the",
    "search, in every sixth": "order",
    "search, in every twelfth": "refund",
    "search, in none": "zebra",
    "search, phrase": '"third time"',
    "search, beginning": "ref*",
    "search, several": "parcel (refund OR order) -late",
}


def main() -> int:
    django.setup()
    from django.contrib.auth import get_user_model

    from interactions.models import Conversation
    from interactions.search import parse

    read_up_to_now(395)
    for name, client in readers().items():
        user = get_user_model().objects.get(username=f"bench-{name}")
        print(f"  as {name}")
        for what, query in LISTS.items():
            _timed(what, partial(_get, client, f"/conversations/?{query}"))
        for what, words in SEARCHES.items():
            _timed(what, partial(_get, client, f"/conversations/?{urlencode({'q': words})}"))
            _timed(f"  {words}: count alone", partial(parse({"q": [words]}, zone="UTC").query.count, user), times=10)
        _timed("search, in most, CSAT 1", partial(_get, client, "/conversations/?q=the&csat=1"))
        _timed("search, in every sixth, lowest MCS first", partial(_get, client, "/conversations/?q=order&sort=mcs"))
        parsed = parse(parse_qs("csat_min=1"), zone="UTC")
        _timed("count alone, rated", partial(parsed.query.count, user))
        _timed("count alone, everything", partial(parse({}, zone="UTC").query.count, user))
        for what, query in {"everything": "", "28 days": "period=28d", "CSAT 1 or 2": "csat=1&csat=2"}.items():
            _timed(
                f"counts of all facets, {what}", partial(_get, client, f"/conversations/facets.json?{query}"), times=10
            )
        last = parse({}, zone="UTC").query.rows(user).last
        _timed("list, last page", partial(_get, client, f"/conversations/?page={last}"))
        seen = Conversation.objects.visible_to(user)
        chosen = _longest(seen)
        _timed(f"reader, {chosen.message_count} messages", partial(_get, client, f"/conversations/{chosen}/"))
        for query in ("sort=-started_at", "csat=1&csat=2", "csat=1&csat=2&sort=mcs", "reviewed=no&csat=1", "q=order"):
            chosen = _longest(parse(parse_qs(query), zone="UTC").query.filtered(user))
            what = f"  inside the list {query}, {chosen.message_count} messages"
            _timed(what, partial(_get, client, f"/conversations/{chosen}/?{query}"))
        for what, query in _spans().items():
            _timed(f"overview, {what}", partial(_get, client, f"/?zone=UTC&{query}"), times=10)
    line("web process, peak memory", f"{peak_megabytes():.0f} MB")
    return 0


def _spans() -> dict[str, str]:
    today = datetime.now(UTC).date()
    year = f"started_from={today - timedelta(days=395)}&started_to={today}"
    return {"28 days": "period=28d", "13 months": year, "13 months, CSAT 1 or 2": f"{year}&csat=1&csat=2"}


def _longest(rows: Any) -> Any:
    """The transcript that the budget speaks of, or nearly: the longest of up to fifty messages."""
    return rows.filter(message_count__lte=50).order_by("-message_count", "pk")[0]


def _get(client: Any, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 200, (address, response.status_code)


def _timed(what: str, call: Callable[[], object], times: int = 30) -> None:
    median, p95 = repeat(call, times)
    line(f"  {what}", f"median {median:6.1f} ms   p95 {p95:6.1f} ms")


if __name__ == "__main__":
    sys.exit(main())
