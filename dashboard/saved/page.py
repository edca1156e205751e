"""What the page of all views prints."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from dashboard.formats import zone_name
from dashboard.saved.offers import Offer, Reader, offers
from dashboard.saved.start import preference_of
from interactions.search import sentences_of

# Kind, heading, what stands where there is none.
SECTIONS = (
    ("mine", "Mine", "You have saved none yet: press “Save view” over a list that you want to come back to."),
    ("shared", "Shared", "Nobody else shares a view."),
    ("built in", "Built in", ""),
)


@dataclass(frozen=True)
class Line:
    offer: Offer
    sentence: str
    is_valid: bool
    is_start: bool

    @property
    def count_url(self) -> str:
        return reverse("saved-view-count", args=[self.offer.key])


def context(user: Reader) -> dict[str, object]:
    """The query count is the same however many views there are."""
    found = offers(user)
    parsed = [offer.parsed(zone_name()) for offer in found]
    sentences = sentences_of([each.query for each in parsed], user)
    start = preference_of(user).start_view
    lines = [
        Line(offer, sentence, each.is_valid, offer.key == start)
        for offer, each, sentence in zip(found, parsed, sentences, strict=True)
    ]
    return {
        "sections": [
            (heading, nothing, [line for line in lines if line.offer.kind == kind])
            for kind, heading, nothing in SECTIONS
        ],
        "starts_elsewhere": any(line.is_start for line in lines),
    }
