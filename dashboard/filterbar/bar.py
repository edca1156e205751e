"""The whole filter form, from the address as it is."""

from collections.abc import Collection, Iterable, Sequence
from functools import cache
from typing import Any

from django.http import QueryDict
from django.utils.functional import cached_property

from dashboard.bands import BANDS
from dashboard.forms import zone_names
from dashboard.middleware import zone_of
from interactions.models import Status, Survey
from interactions.search import PARAMETERS, SORTS, can_hold
from interactions.search.facets import NAMES as COUNTED
from interactions.search.facets import TOGETHER
from interactions.search.filters.table import joined
from interactions.search.filters.text import SAID_BY

from . import offers
from .controls import SHORT, Choices, Control, Field, Option, Range, Rule

_PERIODS = (
    ("", "Any time"),
    ("today", "Today"),
    ("yesterday", "Yesterday"),
    ("7d", "Last 7 days"),
    ("28d", "Last 28 days"),
    ("this_month", "This month"),
    ("last_month", "Last month"),
)
# What "Any time" is called while there are dates; filters.js says the same.
_BY_DATE = "By date"
_CSAT = (*((str(value), str(value)) for value in range(1, 6)), ("none", "–"))
_YES_NO = (("1", "yes"), ("0", "no"))
_COMMENT = (("1", "with"), ("0", "without"))
_REVIEWED = (("no", "not yet"), ("me", "by me"), ("any", "by anyone"))
# Written by the template itself, or never kept: a page is a place in another list.
_OWN = {"period", "sort", "page"}


class FilterBar:
    """Shows the address as it is, also where it is wrong, so that it can be put right."""

    def __init__(
        self, params: QueryDict, wrong: Collection[str], user: offers.Reader, order: str, *, has_search: bool = False
    ) -> None:
        self._params, self._wrong, self._user, self._order = params, wrong, user, order
        # The list has a field for words above the form; elsewhere they are kept unseen.
        self._has_search = has_search

    # The ones always seen

    @property
    def search(self) -> Field:
        return self._field("q", "Search transcripts")

    @cached_property
    def said_by(self) -> Choices:
        return self._choices("said_by", "Said by", SAID_BY.items())

    @property
    def said_by_words(self) -> str:
        return joined([option.label for option in self.said_by.options if option.is_chosen] or ["anyone"])

    @cached_property
    def csat(self) -> Choices:
        return self._choices("csat", "CSAT", _CSAT, as_toggles=True)

    @cached_property
    def bands(self) -> Choices:
        pairs = ((str(value), band.word) for value, band in BANDS.items())
        return self._choices("mcs_band", "MCS band", pairs, as_toggles=True)

    @cached_property
    def no_mcs(self) -> Choices:
        return self._choices("mcs", "MCS", (("none", "–"),), as_toggles=True)

    @cached_property
    def mcs(self) -> Range:
        return self._range("mcs", "MCS")

    @cached_property
    def started(self) -> Range:
        return self._dates("started", "Started")

    @property
    def periods(self) -> Choices:
        chosen = self._params.get("period", "")
        is_dated = any(self._params.get(name) for name in ("started_from", "started_to"))
        pairs = ((value, _BY_DATE if is_dated and not value else label) for value, label in _PERIODS)
        options = tuple([Option(value, label, value == chosen) for value, label in pairs])
        return Choices("period", "Started", options, "period" in self._wrong)

    @cached_property
    def boxes(self) -> list[Choices]:
        """People and places, then the short ones."""
        found = [
            self._people("agent", "Agent, any part"),
            self._choices("skill", "Skill", offers.skills()),
            self._choices("group", "Group", offers.groups(self._user)),
            self._codes("channel", "Channel"),
            self._choices("status", "Status", Status.choices),
            self._choices("reviewed", "Reviewed", _REVIEWED),
        ]
        return [box for box in found if box.options]

    # The rest, folded away

    @cached_property
    def more(self) -> list[Control]:
        found = [
            self._choices("flag", "Flag", _YES_NO, as_toggles=True),
            self._choices("tag", "Tag", offers.tags()),
            self._choices("note", "Review notes", _COMMENT, as_toggles=True),
            self._choices("survey", "Survey", Survey.choices),
            self._choices("comment", "Survey comment", _COMMENT, as_toggles=True),
            self._choices("fcr", "Solved", _YES_NO, as_toggles=True),
            self._range("nps", "NPS"),
            self._range("csat", "CSAT range"),
            self._range("mcs_fall", "Largest MCS fall"),
            self._people("last_agent", "Last agent"),
            self._people("credited", "Credited with the survey", rule=self._credit),
            self._choices("handled_by", "Handled by", _choices_of("handled_by")),
            self._codes("device", "Device"),
            self._codes("language", "Language"),
            self._codes("close_reason", "Close reason"),
            self._codes("queue", "Queue"),
            self._choices("first_contact", "First contact", _YES_NO, as_toggles=True),
            self._range("duration", "Duration, seconds"),
            self._range("first_response", "First reply, seconds"),
            self._range("transfers", "Transfers"),
            self._dates("ended", "Ended"),
            self._choices("weekday", "Weekday of the start", _weekdays(), as_toggles=True),
            self._choices("hour", "Hour of the start", _choices_of("hour", short=True), as_toggles=True),
            self._zone,
            self._conversations,
            self._consumers,
        ]
        return [control for control in found if not isinstance(control, Choices) or control.options]

    @property
    def more_count(self) -> int:
        """How many of the folded ones say something."""
        return sum(control.is_set for control in self.more)

    @property
    def counted(self) -> list[Choices]:
        """Those whose values have counts, in the order of the form."""
        found = [self.csat, self.bands, self.no_mcs, *self.boxes, *self.more]
        return [control for control in found if isinstance(control, Choices) and control.is_counted]

    @property
    def counted_together(self) -> str:
        """Facets as the form asks for their counts: names in one answer by blanks, answers by commas."""
        return ",".join(" ".join(names) for names in TOGETHER)

    @property
    def orders(self) -> tuple[Option, ...]:
        """Every order in words; the way to sort where there are no headers, as on a phone."""
        return tuple([Option(value, label, value == self._order) for value, label in _orders()])

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What the address says beyond the controls; what is wrong there is left out, or it could not be put right."""
        shown = [self.csat, self.bands, self.no_mcs, self.mcs, self.started, *self.boxes, *self.more]
        kept = _OWN | set(self._wrong) | {name for control in shown for name in control.names}
        if self._order.lstrip("-") != "shuffle":
            kept |= {"seed"}
        if self._has_search:
            kept |= {"q", "said_by"}
        asked = [(name, values) for name, values in self._params.lists() if name in PARAMETERS and name not in kept]
        return [(name, value) for name, values in asked for value in values if value]

    # How each is made

    def _chosen(self, name: str) -> list[str]:
        """As it is stored, in whatever letters the address has it: once, and beside its count.

        What is refused is left out: the offers are looked up by these, and PostgreSQL fails over NUL.
        """
        given = [value for value in self._params.getlist(name) if value and can_hold(name, value)]
        return list(dict.fromkeys(str(PARAMETERS[name].read(value)) for value in given))

    def _options(self, name: str, pairs: Iterable[tuple[str, str]]) -> tuple[Option, ...]:
        chosen = self._chosen(name)
        known = [Option(value, label, value in chosen) for value, label in pairs]
        if len(known) > SHORT and not PARAMETERS[name].choices:
            known.sort(key=lambda option: not option.is_chosen)
        values = {option.value for option in known}
        return (*[Option(value, value, True) for value in chosen if value not in values], *known)

    def _choices(self, name: str, label: str, pairs: Iterable[tuple[str, str]], **more: Any) -> Choices:
        options = self._options(name, pairs)
        return Choices(name, label, options, name in self._wrong, is_counted=name in COUNTED, **more)

    def _codes(self, name: str, label: str) -> Choices:
        return self._choices(name, label, offers.codes(name))

    def _people(self, name: str, label: str, **more: Any) -> Choices:
        return self._choices(name, label, self._agents, **more)

    @cached_property
    def _agents(self) -> Sequence[tuple[str, str]]:
        names = ("agent", "last_agent", "credited")
        return offers.agents(self._user, [value for name in names for value in self._chosen(name)])

    @property
    def _credit(self) -> Rule:
        chosen = self._params.get("credit") or PARAMETERS["credit"].default
        options = tuple([Option(value, word, value == chosen) for value, word in _choices_of("credit")])
        return Rule("credit", "Credit goes to", options, "credit" in self._wrong)

    @property
    def _zone(self) -> Field:
        """The reader's own zone is no filter, also where the address names it so that others may open it."""
        own = str(zone_of(self._user))
        return self._field("zone", "Time zone", suggestions=zone_names(), hint=own, usual=own)

    @property
    def _conversations(self) -> Control:
        """One id has a field; several, which a link brought, can be let go one by one."""
        label, chosen = "Conversation id", self._chosen("conversation")
        if len(chosen) > 1 and "conversation" not in self._wrong:
            return self._choices("conversation", label, ())
        return self._field("conversation", label)

    @property
    def _consumers(self) -> Choices:
        """Which consumer is our own number, chosen by a link: here it can only be let go."""
        chosen = self._chosen("consumer")
        return self._choices("consumer", "Consumer", [(value, "the one chosen") for value in chosen])

    def _range(self, name: str, label: str) -> Range:
        low, high = (self._field(f"{name}_{end}", f"{label} {word}") for end, word in (("min", "from"), ("max", "to")))
        return Range(name, label, (low, high))

    def _dates(self, name: str, label: str) -> Range:
        start, end = (self._field(f"{name}_{word}", f"{label} {word}") for word in ("from", "to"))
        return Range(name, label, (start, end))

    def _field(self, name: str, label: str, **more: Any) -> Field:
        parameter = PARAMETERS[name]
        kind = parameter.kind if parameter.kind in ("number", "date") else "text"
        value, is_wrong = self._params.get(name, ""), name in self._wrong
        return Field(name, label, value, is_wrong, kind, parameter.low, parameter.high, **more)


# Made anew for each page these would take longer than the page's other work on the form.


@cache
def _choices_of(name: str, *, short: bool = False) -> tuple[tuple[str, str], ...]:
    return tuple([(choice.value, choice.value if short else choice.word) for choice in PARAMETERS[name].choices])


@cache
def _weekdays() -> tuple[tuple[str, str], ...]:
    return tuple([(value, word[:3]) for value, word in _choices_of("weekday")])


@cache
def _orders() -> tuple[tuple[str, str], ...]:
    found = []
    for name, sort in SORTS.items():
        signs = ("",) if name == "shuffle" else ("-", "") if sort.first else ("", "-")
        found += [(f"{sign}{name}", sort.down if sign else sort.up) for sign in signs]
    return tuple([(value, label[0].upper() + label[1:]) for value, label in found])
