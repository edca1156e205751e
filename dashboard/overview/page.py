"""Everything the overview's template prints."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from dashboard import emptiness, formats
from dashboard.completeness import completeness_of, words_of_nothing
from dashboard.completeness import words as completeness_words
from dashboard.filterbar import FilterBar
from dashboard.frame import frame_for
from dashboard.links import list_url, narrowed, overview_url
from dashboard.overview import agenttable, bars, cards, readnext, trendtable
from dashboard.overview.previous import previous
from interactions.metrics import COLUMN, RULE, Distributions, Figures, Trend, measure_whole_and_by
from interactions.models import scope_of
from interactions.search import ConversationQuery, Facts

Reader = AbstractBaseUser | AnonymousUser
PERIODS = {
    "today": "Today",
    "yesterday": "Yesterday",
    "7d": "7 days",
    "28d": "28 days",
    "this_month": "This month",
    "last_month": "Last month",
}


def context(request: HttpRequest, query: ConversationQuery) -> dict[str, Any]:
    user, known = request.user, frame_for(request).state
    facts = query.facts(user)
    figures, by_agent, counts = measure_whole_and_by(facts, cards.METRICS, COLUMN)
    conversations = figures["conversations"].n
    context = frame_of(request, query, {})
    if not conversations:
        said = query.sentence(0, user).removesuffix(f", {query.order_words()}")
        nothing = emptiness.explain(query, user, query.describe(user))
        incomplete = words_of_nothing(query, completeness_of(query, known), timezone.now())
        return context | {"nothing": nothing, "said": said, "incomplete": incomplete}
    incomplete = completeness_words(completeness_of(query, known))
    before = previous(query)
    if before and (incomplete or not completeness_of(before, known).is_complete):
        before = None  # half-read days would be taken for a change
    figures_before = cards.figures_of(before, user) if before else None
    return context | {
        "incomplete": incomplete,
        "cards": cards.cards(query, figures, figures_before),
        "before": before and {"text": _dates(before), "url": overview_url(before)},
        "to_read": readnext.to_read(query, user),
        **_distributions(query, counts, figures),
        **_trend(query, facts, conversations),
        "agents": agenttable.agent_table(query, user, by_agent),
        "total": agenttable.row(_whose(user), query, figures),
        "rule": RULE,
    }


def frame_of(request: HttpRequest, query: ConversationQuery, errors: dict[str, str]) -> dict[str, Any]:
    """What stands above the figures, also where an address is wrong."""
    parts = query.describe(request.user)
    return {
        "bar": FilterBar(request.GET, errors, request.user, query.sort),
        "query": query,
        "dates": _dates(query),
        "zone": query.zone,
        "parts": [(part.text, overview_url(part.without)) for part in parts if "period" not in part.names],
        "periods": [_period(query, key, word) for key, word in PERIODS.items()],
    }


def _period(query: ConversationQuery, key: str, word: str) -> dict[str, Any]:
    other = query.replace(period=key, started_from=None, started_to=None, has_own_zone=True)
    return {"word": word, "url": overview_url(other), "is_current": query.period == key}


def _dates(query: ConversationQuery) -> str:
    """The days that are asked for: "24 Oct to 20 Nov 2026"."""
    first, last = query.period_bounds()
    if first is None or last is None:
        return f"since {formats.day(first)}" if first else f"until {formats.day(last)}" if last else "by end date"
    if first == last:
        return f"{first:%a} {formats.day(first)}"
    start = f"{first.day} {first:%b}" if first.year == last.year else formats.day(first)
    return f"{start} to {formats.day(last)}"


def _distributions(query: ConversationQuery, counts: Distributions, figures: Figures) -> dict[str, Any]:
    every_band = tuple(str(bar.value) for bar in counts.mcs_band)
    banded = list_url(narrowed(query, {"mcs_band": every_band})) if counts.banded else ""
    return {
        "csat_bars": bars.csat_bars(query, counts),
        "rated": cards.n_of(query, figures["csat"], formats.plural(figures["csat"].n, "rating")),
        "band_bars": bars.band_bars(query, counts),
        "banded": cards.Number(formats.plural(counts.banded, "conversation"), banded),
    }


def _trend(query: ConversationQuery, facts: Facts, conversations: int) -> dict[str, Any]:
    found = trendtable.trend_of(query, facts)
    address = f"{reverse('overview-trend')}?{query.querystring()}" if trendtable.is_drawn(found) else ""
    trend = {
        "caption": trendtable.caption(found),
        "address": address,
        "file": f"{reverse('trend-export')}?{query.querystring()}",
        "rows": trendtable.rows(query, found),
        "unit": "Week" if found.is_weekly else "Day",
    }
    return {"trend": trend, "few": _few(query, found, conversations)}


def _few(query: ConversationQuery, found: Trend, conversations: int) -> dict[str, str] | None:
    """What is said instead of a line over too few ratings, with the way to read what there is."""
    rated = found.rated
    if rated >= trendtable.FEWEST:
        return None
    if rated:
        text = f"{formats.plural(rated, 'rating')} in this period: too few for a trend."
        return {"text": text, "url": list_url(narrowed(query, trendtable.RATED))}
    were = f"{formats.plural(conversations, 'conversation')} {'was' if conversations == 1 else 'were'} not rated."
    return {"text": f"No ratings in this period. {were}", "url": list_url(narrowed(query, {"csat": ("none",)}))}


def _whose(user: Reader) -> str:
    """Whose average the first line of the table shows."""
    scope = scope_of(user)
    sees_all = getattr(user, "is_superuser", False) or (scope is not None and scope.all_groups)
    return "Whole account" if sees_all else "All that you may see"
