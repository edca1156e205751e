"""What a figure is: a value with its n, its interval, its words and the conversations behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from interactions.search.facts import Facts
from interactions.search.sums import Sum

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

# Parameters of the list (design.md, One query object) that narrow a query to a figure's conversations.
Params = Mapping[str, int | tuple[str, ...]]
Values = Mapping[str, Any]


class Narrows(Protocol):
    """The part of ConversationQuery that a figure needs."""

    def facts(self, user: AbstractBaseUser | AnonymousUser) -> Facts: ...


@dataclass(frozen=True)
class Note:
    """A further number of a figure, with the conversations behind it (None: those of n)."""

    text: str
    params: Params | None = None


@dataclass(frozen=True)
class Figure:
    """One computed figure. `value`, `low`, `high` are None where there is nothing to compute from.

    Shares are 0..1, MCS 0..100, spans seconds. `part` is how many of `n` a share counts, `spread` the standard
    deviation of a mean: what a comparison needs. `params` narrow to the conversations that make the value,
    `n_params` to all that it was computed from.
    """

    value: float | None
    n: int
    text: str
    n_text: str
    low: float | None = None
    high: float | None = None
    interval_text: str = ""
    reason: str = ""
    params: Params = field(default_factory=dict)
    n_params: Params = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    part: int | None = None
    spread: float | None = None


@dataclass(frozen=True)
class Change:
    """How a figure differs from that of the period before: `text` for the page, `detail` for who asks."""

    text: str
    detail: str = ""
    is_certain: bool | None = None


@dataclass(frozen=True)
class Percentiles:
    """Which percentiles of a column a metric needs beside its sums, in whole percent."""

    column: str
    percents: tuple[int, ...]


@dataclass(frozen=True)
class Metric:
    """A figure's definition. `sums` are what is added up for it; `read` makes the figure from their values."""

    key: str
    name: str
    definition: str
    sums: Mapping[str, Sum]
    read: Callable[[Values], Figure]
    compare: Callable[[Figure, Figure], Change | None]
    percentiles: Percentiles | None = None

    def compute(self, query: Narrows, user: AbstractBaseUser | AnonymousUser) -> Figure:
        from .measure import measure

        return measure(query.facts(user), [self])[self.key]


Metrics = Sequence[Metric]
