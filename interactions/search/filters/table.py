"""What an entry of FILTERS is made of, and the shapes that most entries share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from interactions.search.codes import code_word
from interactions.search.conditions import Condition

from . import reading
from .reading import Read

Kind = Literal["choices", "number", "id", "code", "date", "zone", "text"]
NameKind = Literal["agent", "group", "skill"]


class Names(Protocol):
    """Looks up what people call a LivePerson id; an unknown id is its own name."""

    def of(self, kind: NameKind, liveperson_id: str) -> str: ...


@dataclass(frozen=True)
class Choice:
    value: str
    word: str


@dataclass(frozen=True)
class Parameter:
    """One name in the address: how it is read, and what a form control for it needs."""

    name: str
    label: str
    kind: Kind
    read: Read
    is_many: bool = False
    choices: tuple[Choice, ...] = ()
    default: Any = None
    low: int | None = None
    high: int | None = None
    unit: str = ""

    @property
    def unset(self) -> Any:
        """The value that means "not in the address"."""
        return () if self.is_many else self.default


@dataclass(frozen=True)
class Filter:
    """One filter: its parameters, the conditions that they make, and the words that say so.

    `conditions` and `words` are given the query; they are asked only when one of the parameters is set.
    """

    key: str
    family: str
    label: str
    parameters: tuple[Parameter, ...]
    conditions: Callable[[Any], tuple[Condition, ...]]
    words: Callable[[Any, Names], str]
    names: NameKind | None = None

    def is_set(self, query: Any) -> bool:
        return any(getattr(query, parameter.name) != parameter.unset for parameter in self.parameters)

    def cleared(self) -> dict[str, Any]:
        """The parameters with the values that mean "no filter"."""
        return {parameter.name: parameter.unset for parameter in self.parameters}

    def __str__(self) -> str:
        return self.key


def joined(words: list[str]) -> str:
    """Alternatives as people read them: "1, 2 or 3"."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def choices(
    key: str,
    family: str,
    label: str,
    options: dict[str, str],
    *,
    prefix: str = "",
    column: str = "",
    stored: Callable[[str], Any] = str,
    none: str = "",
) -> Filter:
    """A filter on a few known values; `none` words the value that asks for rows without one."""
    offered = options | ({"none": "none"} if none else {})
    parameter = Parameter(
        key,
        label,
        "choices",
        reading.one_of(tuple(offered)),
        is_many=True,
        choices=tuple(Choice(value, word) for value, word in offered.items()),
    )

    def conditions(query: Any) -> tuple[Condition, ...]:
        chosen = getattr(query, key)
        return (Condition(column or key, "in", tuple(None if v == "none" and none else stored(v) for v in chosen)),)

    def words(query: Any, names: Names) -> str:
        chosen = getattr(query, key)
        if chosen == ("none",):
            return none
        return f"{prefix} {joined([offered[v] for v in chosen])}".strip()

    return Filter(key, family, label, (parameter,), conditions, words)


def numbers(
    key: str,
    family: str,
    label: str,
    least: int,
    most: int,
    *,
    column: str = "",
    unit: str = "",
    prefix: str = "",
    ends: tuple[str, str] = ("or higher", "or lower"),
) -> Filter:
    """A range `key`_min to `key`_max, both ends included and either left out."""
    low, high = f"{key}_min", f"{key}_max"
    read = reading.whole_number(least, most, unit=unit)
    parameters = tuple(
        Parameter(name, f"{label} {word}", "number", read, low=least, high=most, unit=unit)
        for name, word in ((low, "from"), (high, "to"))
    )
    short = {"seconds": " s"}.get(unit, "")

    def conditions(query: Any) -> tuple[Condition, ...]:
        bounds = ((low, "at_least"), (high, "at_most"))
        return tuple(
            Condition(column or key, operator, getattr(query, name))  # type: ignore[arg-type]
            for name, operator in bounds
            if getattr(query, name) is not None
        )

    def words(query: Any, names: Names) -> str:
        bottom, top = getattr(query, low), getattr(query, high)
        if bottom == top:
            amount = f"{bottom}{short}"
        elif top is None:
            amount = f"{bottom}{short} {ends[0]}"
        elif bottom is None:
            amount = f"{top}{short} {ends[1]}"
        else:
            amount = f"{bottom} to {top}{short}"
        return f"{prefix or label} {amount}"

    return Filter(f"{key}_range", family, label, parameters, conditions, words)


def ids(key: str, family: str, label: str, *, prefix: str, names: NameKind, column: str = "") -> Filter:
    """A filter on people, groups or skills by LivePerson's ids."""
    parameter = Parameter(key, label, "id", reading.liveperson_id, is_many=True)

    def conditions(query: Any) -> tuple[Condition, ...]:
        return (Condition(column or key, "in", getattr(query, key)),)

    def words(query: Any, known: Names) -> str:
        return f"{prefix} {joined([known.of(names, value) for value in getattr(query, key)])}"

    return Filter(key, family, label, (parameter,), conditions, words, names)


def codes(
    key: str,
    family: str,
    label: str,
    *,
    known: dict[str, str] | None = None,
    prefix: str = "",
    word: Callable[[str], str] | None = None,
) -> Filter:
    """A filter on LivePerson's own words, of which new ones appear: any is allowed, known ones read better.

    `word` says any of them better.
    """
    better = known or {}
    parameter = Parameter(
        key,
        label,
        "code",
        reading.code,
        is_many=True,
        choices=tuple(Choice(value, word) for value, word in better.items()),
    )

    def conditions(query: Any) -> tuple[Condition, ...]:
        return (Condition(key, "in", getattr(query, key)),)

    def words(query: Any, names: Names) -> str:
        said = joined([word(v) if word else code_word(v, better) for v in getattr(query, key)])
        return f"{prefix or label[0].lower() + label[1:]} {said}"

    return Filter(key, family, label, (parameter,), conditions, words)
