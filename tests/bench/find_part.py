"""Find: every filter, sort, position and search, each alone, for who sees all and for who sees one group.

Of each list the rows as the whole page answers them, and the count beside it as the page asks for it afterwards,
without a limit of time. Values are those of the database at hand: the busiest agent, group, skill and so on.
"""

import random
import statistics
import sys
from collections.abc import Iterator
from functools import partial
from typing import Any
from urllib.parse import urlencode

import django

from tests.bench import marks
from tests.bench.measure import line, peak_megabytes, repeat
from tests.bench.people import readers
from tests.bench.reached import read_up_to_now

TIMES = 10
MIXED = 100
PLAIN = {
    "everything": "",
    "CSAT 1": "csat=1",
    "CSAT 1 or 2": "csat=1&csat=2",
    "no CSAT": "csat=none",
    "CSAT at most 3": "csat_max=3",
    "no MCS": "mcs=none",
    "MCS 20 to 39": "mcs_min=20&mcs_max=39",
    "MCS negative": "mcs_band=-1",
    "MCS fall of 30 or more": "mcs_fall_min=30",
    "NPS at most 6": "nps_max=6",
    "not solved": "fcr=0",
    "survey answered": "survey=answered",
    "with a comment": "comment=1",
    "handled by bots alone": "handled_by=bot",
    "handled by both": "handled_by=both",
    "last 7 days": "period=7d",
    "last 28 days": "period=28d",
    "a day half a year ago": "started_from=2026-05-20&started_to=2026-05-20",
    "ended in May": "ended_from=2026-05-01&ended_to=2026-05-31",
    "Mondays": "weekday=1",
    "Mondays at 9": "weekday=1&hour=9",
    "open": "status=open",
    "waiting in the queue": "status=open&queue=in_queue",
    "first contact": "first_contact=1",
    "an hour or longer": "duration_min=3600",
    "first reply after 10 minutes": "first_response_min=600",
    "two transfers or more": "transfers_min=2",
    "CSAT 1, MCS 39 or lower, 28 days": "csat=1&mcs_max=39&period=28d",
}
MARKS = {
    "reviewed by me": "reviewed=me",
    "reviewed by anybody": "reviewed=any",
    "not reviewed": "reviewed=no",
    "flagged": "flag=1",
    "without a flag": "flag=0",
    "one tag": "tag=coaching",
    "without a tag": "tag=none",
    "with a review note": "note=1",
    "without a review note": "note=0",
    "not reviewed, CSAT 1 or 2, 28 days": "reviewed=no&csat=1&csat=2&period=28d",
    "not reviewed, lowest MCS first": "reviewed=no&sort=mcs",
    "flagged, lowest MCS first": "flag=1&sort=mcs",
    "a tag or none, longest first": "tag=coaching&tag=none&sort=-duration",
}
# Nothing, few rows, an index, and no index but the one that all facets share, which leaves few and most.
COUNTED = ("everything", "last 28 days", "CSAT 1 or 2", "MCS negative", "first contact")
SORTS = ("started_at", "ended_at", "csat", "mcs", "mcs_fall", "duration", "messages", "first_response", "agent")
SEARCHES = {
    "common": "the",
    "every sixth": "order",
    "rare": "bookcase",
    "in none": "zebra",
    "phrase": '"third time"',
    "prefix of three": "ref*",
    "prefix of four": "deli*",
    "several": "parcel (refund OR order) -late",
    "Chinese": "订单",
    "Japanese": "配送",
    "Arabic": "شكرا",
}


def values() -> Iterator[tuple[str, str]]:
    """Filters by the busiest value of a column."""
    from django.db.models import Count

    from interactions.models import Agent, AgentGroup, Conversation, Skill

    def busiest(column: str) -> Any:
        rows = Conversation.objects.exclude(**{f"{column}__isnull": True}).values_list(column)
        return rows.annotate(n=Count("pk")).order_by("-n")[0][0]

    agent = Agent.objects.get(pk=busiest("last_human_agent")).liveperson_id
    for name in ("agent", "last_agent", "credited"):
        yield f"{name}, the busiest", urlencode({name: agent})
    for rule in ("most", "all"):
        yield f"credited by {rule}", urlencode({"credited": agent, "credit": rule})
    for name, model in (("group", AgentGroup), ("skill", Skill)):
        yield f"{name}, the busiest", urlencode({name: model.objects.get(pk=busiest(name)).liveperson_id})
    for name in ("channel", "device", "language", "close_reason"):
        yield f"{name}, the most frequent", urlencode({name: busiest(name)})
    yield "consumer, the busiest", urlencode({"consumer": busiest("consumer")})


def main() -> int:
    django.setup()
    from django.contrib.auth import get_user_model

    people = readers()
    read_up_to_now(395)
    marks.leave()
    lists = PLAIN | MARKS | dict(values())
    for name, client in people.items():
        user = get_user_model().objects.get(username=f"bench-{name}")
        print(f"  as {name}: rows of the page, and the count after it; p50 and p95 of {TIMES}")
        for what, query in lists.items():
            _listed(what, client, user, query)
        for sort in (f"{sign}{name}" for name in SORTS for sign in ("", "-")):
            _places(sort, client, user)
        for what, words in SEARCHES.items():
            _listed(f"search: {what}, {words}", client, user, urlencode({"q": words}))
        _listed("search: order, CSAT 1, 28 days", client, user, "q=order&csat=1&period=28d")
        _listed("search: order, by lowest MCS", client, user, "q=order&sort=mcs")
        _mixed([query for query in lists.values() if query and "sort=" not in query], client)
        for what in COUNTED:
            _counted(what, client, lists[what])
    line("web process, peak memory", f"{peak_megabytes():.0f} MB")
    return 0


def _listed(what: str, client: Any, user: Any, query: str) -> None:
    counted = partial(_parsed(query).count, user)
    _said(what, repeat(partial(_get, client, f"/conversations/?{query}"), TIMES), repeat(counted, TIMES))


def _mixed(filters: list[str], client: Any) -> None:
    """One to three of the filters together, of random groups, skills and agents too, in any order, from either end."""
    from interactions.models import Agent, AgentGroup, Skill
    from interactions.search.position import Position

    dice, spans = random.Random(1), list[float]()
    for name, model in (("group", AgentGroup), ("skill", Skill), ("last_agent", Agent), ("agent", Agent)):
        filters += [f"{name}={ident}" for ident in dice.sample(sorted(_idents(model)), 6)]
    while len(spans) < MIXED:
        chosen = "&".join(dice.sample(filters, dice.choice((1, 1, 2, 2, 3))))
        sort, side = f"{dice.choice(('', '-'))}{dice.choice(SORTS)}", dice.choice(("first", "last"))
        try:
            place = Position(side).token(_parsed(f"{chosen}&sort={sort}").order)
        except AssertionError:  # two of them that cannot stand together
            continue
        address = f"/conversations/?{chosen}&{urlencode({'sort': sort, 'page': place})}"
        spans.append(repeat(partial(_get, client, address), 3)[0])
    cuts = statistics.quantiles(spans, n=20)
    told = f"p50 {cuts[9]:.0f}   p90 {cuts[17]:.0f}   p95 {cuts[18]:.0f}   longest {max(spans):.0f} ms"
    line(f"{MIXED} mixed questions, any order, either end", f"{told}   {sum(s <= 100 for s in spans)} within 100 ms")


def _idents(model: Any) -> list[str]:
    return list(model.objects.values_list("liveperson_id", flat=True))


def _counted(what: str, client: Any, query: str) -> None:
    """Each facet by itself, each answer as the form asks for it, and all of them in one."""
    from interactions.search.facets import NAMES, TOGETHER

    groups = [(name,) for name in NAMES] + [names for names in TOGETHER if len(names) > 1]
    for names in (*groups, ()):
        address = f"/conversations/facets.json?{query}&{urlencode({'facet': names}, doseq=True)}"
        _said(f"facet {' and '.join(names) or 'all of them'}: {what}", repeat(partial(_get, client, address), TIMES))


def _places(sort: str, client: Any, user: Any) -> None:
    """The first page of an order, the last, and one in the middle."""
    query = _parsed(f"sort={sort}")
    spans = [repeat(partial(_get, client, f"/conversations/?sort={sort}"), TIMES)]
    for page in (_middle(query, user), query.rows(user).last):
        spans.append(repeat(partial(_get, client, f"/conversations/?{urlencode({'sort': sort, 'page': page})}"), TIMES))
    _said(f"sort={sort}: first, middle, last", *spans)


def _middle(query: Any, user: Any) -> str:
    from interactions.search.position import Position

    rows = query.filtered(user)
    chosen = rows.filter(shuffle_key__gte=2**30).order_by("shuffle_key")[:1].get()
    prepared = query.order.prepared(rows.filter(pk=chosen.pk)).get()
    value, pk = query.order.key_of(prepared)
    return Position("after", value, pk).token(query.order)


def _parsed(query: str) -> Any:
    from django.http import QueryDict

    from interactions.search import parse

    parsed = parse(QueryDict(query), zone="UTC")
    assert not parsed.errors, parsed.errors
    return parsed.query


def _get(client: Any, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 200, (address, response.status_code)


def _said(what: str, *spans: tuple[float, float]) -> None:
    line(f"  {what}", "   ".join([f"{median:6.1f} {p95:6.1f} ms" for median, p95 in spans]))


if __name__ == "__main__":
    sys.exit(main())
