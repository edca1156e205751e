"""The filter form of list pages: what may be chosen, what is chosen, and what it carries along unseen."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.cache import cache
from django.http import QueryDict

from dashboard.bands import BANDS
from interactions.models import Agent, AgentGroup, AgentKind, Conversation, Skill, Status
from interactions.search import SORTS, channel_word
from interactions.search.filters.table import joined
from interactions.search.filters.text import SAID_BY
from interactions.search.names import agents_known_to, own_groups
from interactions.search.text import normalise

# Parameters that have a control; every other one is kept as a hidden field.
CONTROLS = frozenset(
    {"q", "said_by", "csat", "mcs_min", "mcs_max", "mcs_band", "agent", "skill", "group", "status", "channel"}
    | {"started_from", "started_to", "period", "sort", "page"}
)
_PERIODS = (
    ("", "Any time"),
    ("today", "Today"),
    ("yesterday", "Yesterday"),
    ("7d", "Last 7 days"),
    ("28d", "Last 28 days"),
    ("this_month", "This month"),
    ("last_month", "Last month"),
)
_CSAT = (*((str(value), str(value)) for value in range(1, 6)), ("none", "–"))
_BANDS = tuple((str(value), band.word) for value, band in BANDS.items())
_CHANNEL_SECONDS = 300


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class Field:
    name: str
    label: str
    value: str
    is_wrong: bool


@dataclass(frozen=True)
class Choices:
    """A group of check boxes; a long one gets a box to type in."""

    name: str
    label: str
    options: list[Option]
    is_wrong: bool

    @property
    def is_long(self) -> bool:
        return len(self.options) > 6


class FilterBar:
    """Shows the address as it is, also where it is wrong, so that it can be put right."""

    def __init__(
        self, params: QueryDict, wrong: Collection[str], user: AbstractBaseUser | AnonymousUser, order: str
    ) -> None:
        self._params, self._wrong, self._user, self._order = params, wrong, user, order

    def _options(self, name: str, pairs: Iterable[tuple[str, str]]) -> list[Option]:
        chosen = self._params.getlist(name)
        known = [Option(value, label, value in chosen) for value, label in pairs]
        if name in self._wrong:
            return known
        values = {option.value for option in known}
        return [Option(value, value, True) for value in chosen if value and value not in values] + known

    def _choices(self, name: str, label: str, pairs: Iterable[tuple[str, str]]) -> Choices:
        return Choices(name, label, self._options(name, pairs), name in self._wrong)

    def _field(self, name: str, label: str) -> Field:
        return Field(name, label, self._params.get(name, ""), name in self._wrong)

    @property
    def search(self) -> Field:
        return self._field("q", "Search transcripts")

    @property
    def said_by(self) -> Choices:
        return self._choices("said_by", "Said by", SAID_BY.items())

    @property
    def said_by_words(self) -> str:
        return joined([option.label for option in self.said_by.options if option.is_chosen] or ["anyone"])

    @property
    def csat(self) -> Choices:
        return self._choices("csat", "CSAT", _CSAT)

    @property
    def bands(self) -> Choices:
        return self._choices("mcs_band", "MCS band", _BANDS)

    @property
    def mcs(self) -> list[Field]:
        return [self._field("mcs_min", "MCS from"), self._field("mcs_max", "MCS to")]

    @property
    def dates(self) -> list[Field]:
        return [self._field("started_from", "Started from"), self._field("started_to", "Started to")]

    @property
    def periods(self) -> list[Option]:
        chosen = self._params.get("period", "")
        return [Option(value, label, value == chosen) for value, label in _PERIODS]

    @property
    def has_wrong_period(self) -> bool:
        return "period" in self._wrong

    @property
    def boxes(self) -> list[Choices]:
        """People and places, then the short ones."""
        return [
            self._choices("agent", "Agent, any part", self._agents()),
            self._choices("skill", "Skill", _named(Skill.objects.filter(is_deleted=False))),
            self._choices("group", "Group", self._groups()),
            self._choices("channel", "Channel", _channels()),
            self._choices("status", "Status", Status.choices),
        ]

    @cached_property
    def _own_groups(self) -> frozenset[int] | None:
        return own_groups(self._user)

    def _agents(self) -> list[tuple[str, str]]:
        agents = Agent.objects.exclude(kind=AgentKind.SYSTEM)
        if self._own_groups is not None:
            own = agents.filter(kind=AgentKind.HUMAN, group__in=self._own_groups)
            met = agents_known_to(self._user).filter(liveperson_id__in=self._params.getlist("agent"))
            agents = own | agents.filter(kind=AgentKind.BOT) | agents.filter(pk__in=met)
        return sorted(((agent.liveperson_id, agent.name) for agent in agents), key=_by_label)

    def _groups(self) -> list[tuple[str, str]]:
        groups = AgentGroup.objects.filter(is_deleted=False)
        return _named(groups if self._own_groups is None else groups.filter(pk__in=self._own_groups))

    @property
    def orders(self) -> list[Option]:
        """Every order in words; the way to sort where there are no headers, as on a phone."""
        found = []
        for name, sort in SORTS.items():
            signs = ("",) if name == "shuffle" else ("-", "") if sort.first else ("", "-")
            found += [(f"{sign}{name}", sort.down if sign else sort.up) for sign in signs]
        return [Option(value, label[0].upper() + label[1:], value == self._order) for value, label in found]

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What the address says beyond the controls; what is wrong there is left out, or it could not be put right."""
        kept = CONTROLS | set(self._wrong)
        if self._order.lstrip("-") != "shuffle":
            kept = kept | {"seed"}
        return [(name, value) for name, values in self._params.lists() if name not in kept for value in values if value]


def _by_label(pair: tuple[str, str]) -> str:
    # Without accents, or Élodie would stand after Zoë.
    return normalise(pair[1])


def _named(things: Iterable[Skill] | Iterable[AgentGroup]) -> list[tuple[str, str]]:
    return sorted(((thing.liveperson_id, str(thing)) for thing in things), key=_by_label)


def _channels() -> list[tuple[str, str]]:
    """The channels that conversations came by; looking through all rows is not worth it on every page."""

    def read() -> list[str]:
        return list(Conversation.objects.exclude(channel="").values_list("channel", flat=True).distinct().order_by())

    found = cache.get_or_set("channels", read, _CHANNEL_SECONDS) or []
    return sorted(((value, channel_word(value)) for value in found), key=_by_label)
