"""What the page of all views prints."""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.urls import reverse

from dashboard.formats import zone_name
from dashboard.saved.offers import Offer, Reader, offers
from dashboard.saved.start import preference_of
from interactions.search import ConversationQuery, sentences_of, within

# Kind, heading, what stands where there is none.
SECTIONS = (
    ("mine", "Mine", "You have saved none yet: press “Save view” over a list that you want to come back to."),
    ("shared", "Shared", "Nobody else shares a view."),
    ("built in", "Built in", ""),
)


@dataclass(frozen=True)
class Patience:
    """Seconds that the counts of a page may take, each of them and all together."""

    each: float
    together: float


# While somebody waits for the page; and where they asked for what could not be counted so quickly.
AT_ONCE, ASKED_FOR = Patience(0.05, 0.5), Patience(5.0, 15.0)


@dataclass(frozen=True)
class Line:
    offer: Offer
    sentence: str
    is_valid: bool
    is_start: bool
    # Where it decides which conversations these are.
    zone: str
    count: int | None

    @property
    def count_url(self) -> str:
        return reverse("saved-view-count", args=[self.offer.key])


def context(user: Reader, patience: Patience) -> dict[str, object]:
    """Apart from one count for each view, the query count is the same however many there are."""
    found = offers(user)
    parsed = [offer.parsed(zone_name()) for offer in found]
    sentences = sentences_of([each.query for each in parsed], user)
    start = preference_of(user).start_view
    counts = _counts([each.query if each.is_valid else None for each in parsed], user, patience)
    lines = [
        Line(offer, sentence, each.is_valid, offer.key == start, _zone(each.query), count)
        for offer, each, sentence, count in zip(found, parsed, sentences, counts, strict=True)
    ]
    return {
        "sections": [
            (heading, nothing, [line for line in lines if line.offer.kind == kind])
            for kind, heading, nothing in SECTIONS
        ],
        "starts_elsewhere": any(line.is_start for line in lines),
        "is_uncounted": any(line.is_valid and line.count is None for line in lines),
    }


def _zone(query: ConversationQuery) -> str:
    return query.zone if query.depends_on_zone else ""


def _counts(queries: list[ConversationQuery | None], user: Reader, patience: Patience) -> list[int | None]:
    """How many conversations each holds; None where there is no question, or no time left to count."""
    ends_at = time.monotonic() + patience.together
    return [_count(query, user, min(patience.each, ends_at - time.monotonic())) for query in queries]


def _count(query: ConversationQuery | None, user: Reader, seconds: float) -> int | None:
    return within(seconds, lambda: query.count(user)) if query and seconds > 0 else None
