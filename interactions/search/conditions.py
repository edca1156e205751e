"""Conditions as data, and the one place that turns them into the ORM's terms."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.expressions import RawSQL

from interactions.models import Agent, AgentGroup, Participation, Skill

from .fulltext import Words, conversations

Operator = Literal["in", "at_least", "at_most", "before", "hold"]


@dataclass(frozen=True)
class Condition:
    """One comparison that every row of the answer meets; another engine can be put behind these words.

    `column` is a name of `Conversation`, or `any_agent` (whoever took part). Under `in` the value is a tuple
    in which None stands for "no value"; people, skills and groups are LivePerson's ids, times are aware. `words`
    `hold` a tree of them (fulltext.Words).
    """

    column: str
    operator: Operator
    value: Any


_LOOKUPS: dict[Operator, str] = {"at_least": "gte", "at_most": "lte", "before": "lt"}
_KEYS: dict[str, type[models.Model]] = {
    "last_agent": Agent,
    "credited_agent": Agent,
    "group": AgentGroup,
    "skill": Skill,
}


def to_q(conditions: Iterable[Condition], *, few: bool = False) -> Q:
    """All `conditions` at once, as a filter on `Conversation`.

    `few` says that the query looks at few conversations, each by itself.
    """
    combined = Q()
    for condition in conditions:
        combined &= _compile(condition, few)
    return combined


def _compile(condition: Condition, few: bool) -> Q:
    if condition.operator == "hold":
        return _holding(condition.value)
    if condition.operator != "in":
        return Q(**{f"{condition.column}__{_LOOKUPS[condition.operator]}": condition.value})
    values = tuple(value for value in condition.value if value is not None)
    if few and condition.column == "any_agent":
        return Q(Exists(_parts_of(values).filter(conversation=OuterRef("pk"))))
    q = _special.get(condition.column, _any_of)(condition.column, values)
    return q | Q(**{f"{condition.column}__isnull": True}) if None in condition.value else q


def _holding(words: Words) -> Q:
    found, is_so = conversations(words)
    q = Q(pk__in=RawSQL(found.text, found.params))
    return q if is_so else ~q


def _any_of(column: str, values: tuple[Any, ...]) -> Q:
    if len(values) == 1:
        return Q(**{column: values[0]})
    return Q(**{f"{column}__in": values})


def _by_liveperson_id(column: str, values: tuple[str, ...]) -> Q:
    # One id compares with one key, which lets an index on (key, started_at) give the order as well.
    found = _KEYS[column]._default_manager.filter(liveperson_id__in=values).values("pk")
    return Q(**{column: found[:1]}) if len(values) == 1 else Q(**{f"{column}__in": found})


def _took_part(column: str, values: tuple[str, ...]) -> Q:
    return Q(pk__in=_parts_of(values).values("conversation"))


def _parts_of(values: tuple[str, ...]) -> models.QuerySet[Participation]:
    return Participation.objects.filter(agent__in=Agent.objects.filter(liveperson_id__in=values).values("pk"))


_special: dict[str, Callable[[str, tuple[Any, ...]], Q]] = {
    "any_agent": _took_part,
    **dict.fromkeys(_KEYS, _by_liveperson_id),
}
