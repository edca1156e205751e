"""What a list shows besides rows: the view that was opened, whether it was changed since, and the columns."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.urls import reverse
from django.utils.functional import cached_property

from dashboard.columns import ALWAYS, COLUMNS, Keys, of_person, read
from dashboard.saved.offers import Offer, Reader, offers
from interactions.search import ConversationQuery


@dataclass(frozen=True)
class Item:
    """One line of the menu."""

    name: str
    url: str
    count_url: str
    is_current: bool


class Shown:
    """The address says it: `view` names the view, `columns` the columns where they differ from the view's."""

    def __init__(self, user: Reader, query: ConversationQuery) -> None:
        self._user, self._query = user, query

    @cached_property
    def _offers(self) -> list[Offer]:
        return offers(self._user)

    @cached_property
    def view(self) -> Offer | None:
        """The opened one; None also for a number that this person is offered nothing under."""
        return next((offer for offer in self._offers if offer.key == self._query.view), None)

    @cached_property
    def columns(self) -> Keys:
        if self._query.columns:
            return read(self._query.columns)
        return self._columns_of_view or of_person(self._user)

    @property
    def _columns_of_view(self) -> Keys | None:
        return self.view.columns if self.view else None

    @cached_property
    def is_broken(self) -> bool:
        """Whether the view itself, as it was saved, asks for what there is not any more."""
        return self.view is not None and not self.view.parsed(self._query.zone).is_valid

    @cached_property
    def is_changed(self) -> bool:
        """Whether the list asks for something else than its view, or shows it in other columns."""
        if self.view is None:
            return False
        kept = self.view.parsed(self._query.zone).query
        is_same = kept.asked_for().querystring() == self._query.asked_for().querystring()
        return not (is_same and self._columns_of_view in (None, self.columns))

    @property
    def menu(self) -> list[tuple[str, list[Item]]]:
        """Headings with their views; a heading without views is left out."""
        kinds = (("Mine", "mine"), ("Shared", "shared"), ("Built in", "built in"))
        found = ((heading, [self._item(each) for each in self._offers if each.kind == kind]) for heading, kind in kinds)
        return [(heading, items) for heading, items in found if items]

    def _item(self, offer: Offer) -> Item:
        count = reverse("saved-view-count", args=[offer.key])
        return Item(offer.name, reverse("saved-view", args=[offer.key]), count, offer is self.view)

    @property
    def tail(self) -> str:
        """The list's own parameters behind an address that saves or changes something about it; with its zone."""
        return self._query.with_zone().replace().querystring()

    @property
    def back_url(self) -> str:
        return reverse("saved-view", args=[self.view.key]) if self.view else ""

    @property
    def choices(self) -> tuple[ColumnRow, ...]:
        return column_rows(self.columns)


@dataclass(frozen=True)
class ColumnRow:
    """One line of the form of columns."""

    number: int
    key: str
    heading: str
    is_chosen: bool
    is_always: bool
    is_first: bool
    is_last: bool


@lru_cache(64)
def column_rows(chosen: Keys, order: Keys = ()) -> tuple[ColumnRow, ...]:
    """Every column: the chosen ones in their order and the others behind them, or all in `order`."""
    every = order or (*chosen, *(key for key in COLUMNS if key not in chosen))
    found = [
        ColumnRow(
            number,
            key,
            COLUMNS[key].heading,
            key in chosen,
            key == ALWAYS,
            number == 1,
            number == len(every),
        )
        for number, key in enumerate(every, start=1)
    ]
    return tuple(found)
