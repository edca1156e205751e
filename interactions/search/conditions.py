"""Conditions as data, and the one place that turns them into the ORM's terms."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from django.db import connection, models
from django.db.models import Exists, OuterRef, Q
from django.db.models.expressions import RawSQL

from interactions.models import Agent, AgentGroup, ConversationDetail, Participation, Skill, Status

from . import clock, credit, marks
from .fulltext import Words, conversations, held_by_each

Operator = Literal["in", "at_least", "at_most", "before", "hold", "marked", "in_hours", "on_weekdays"]


@dataclass(frozen=True)
class Condition:
    """One comparison that every row of the answer meets; another engine can be put behind these words.

    `column` is a name of `Conversation`, or `any_agent` (whoever took part), `most_agent` and `all_agents` (the other
    rules of credit), `handled_by`, `has_comment`. Under `in` the value is a tuple in which None stands for "no
    value"; people, skills and groups are LivePerson's ids, times are aware. `words` `hold` a tree of them
    (fulltext.Words); a quarter hour lies `in_hours` or `on_weekdays` of a zone (clock.LocalTimes). What is `marked` is
    one of marks.NAMES with its values as in the address; "me" among them is whoever asks.
    """

    column: str
    operator: Operator
    value: Any


_LOOKUPS: dict[Operator, str] = {"at_least": "gte", "at_most": "lte", "before": "lt"}
_CLOCK: dict[Operator, Callable[[str, clock.LocalTimes], Q]] = {
    "in_hours": clock.in_hours,
    "on_weekdays": clock.on_weekdays,
}
KEYS: dict[str, type[models.Model]] = {
    "last_agent": Agent,
    "credited_agent": Agent,
    "group": AgentGroup,
    "skill": Skill,
}


def to_q(conditions: Iterable[Condition], *, few: bool = False, reader: int | None = None) -> Q:
    """All `conditions` at once, as a filter on `Conversation`.

    `few` says that the query looks at few conversations, each by itself; `reader` is the key of the person who asks.
    """
    combined = Q()
    for condition in conditions:
        combined &= _compile(condition, few, reader)
    return combined


def _compile(condition: Condition, few: bool, reader: int | None) -> Q:
    if condition.operator == "marked":
        return marks.to_q(condition.column, condition.value, reader, few=few)
    if condition.operator == "hold":
        return _holding(condition.value, few)
    if condition.operator in _CLOCK:
        return _CLOCK[condition.operator](condition.column, condition.value)
    if condition.operator != "in":
        return Q(**{f"{condition.column}__{_LOOKUPS[condition.operator]}": condition.value})
    values = tuple(value for value in condition.value if value is not None)
    if few and condition.column in _of_one:
        return _of_one[condition.column](values)
    q = _special.get(condition.column, _any_of)(condition.column, values)
    return q | Q(**{f"{condition.column}__isnull": True}) if None in condition.value else q


def _holding(words: Words, few: bool) -> Q:
    if few and connection.vendor == "postgresql":
        return held_by_each(words)
    found, is_so = conversations(words)
    # A fence: PostgreSQL expects some thousands of a word that its sample did not meet, and would look at a million
    # transcripts for the next of them in order. Whether that is quicker is tried apart (matched.GUESS).
    fence = "" if connection.vendor == "sqlite" else " OFFSET 0"
    q = Q(pk__in=RawSQL(f"{found.text}{fence}", found.params))
    return q if is_so else ~q


def _any_of(column: str, values: tuple[Any, ...]) -> Q:
    if len(values) == 1:
        return Q(**{column: values[0]})
    return Q(**{f"{column}__in": values})


def _by_liveperson_id(column: str, values: tuple[str, ...]) -> Q:
    # One id compares with one key, which lets an index on (key, started_at) give the order as well.
    found = KEYS[column]._default_manager.filter(liveperson_id__in=values).values("pk")
    return Q(**{column: found[:1]}) if len(values) == 1 else Q(**{f"{column}__in": found})


def _took_part(column: str, values: tuple[str, ...]) -> Q:
    return Q(pk__in=_parts_of(values).values("conversation"))


def _parts_of(values: tuple[str, ...]) -> models.QuerySet[Participation]:
    return Participation.objects.filter(agent__in=Agent.objects.filter(liveperson_id__in=values).values("pk"))


def _in_state(column: str, values: tuple[str, ...]) -> Q:
    # As the partial index says it: with a parameter SQLite would not see that they mean the same.
    return Q(status=RawSQL("'open'", ())) if values == (Status.OPEN.value,) else _any_of(column, values)


# A bot counts once it wrote; a human once assigned or joined, as for visibility and credit.
_BY_BOT = Q(bot_message_count__gt=0)
HANDLED = {
    "human": Q(has_human=True) & ~_BY_BOT,
    "bot": Q(has_human=False) & _BY_BOT,
    "both": Q(has_human=True) & _BY_BOT,
}


def _handled(column: str, values: tuple[str, ...]) -> Q:
    found = Q(pk__in=())
    for value in values:
        found |= HANDLED[value]
    return found


def _one_took_part(values: tuple[str, ...]) -> Q:
    return Q(Exists(_parts_of(values).filter(conversation=OuterRef("pk"))))


def _one_commented(values: tuple[bool, ...]) -> Q:
    commented = Q(Exists(ConversationDetail.objects.filter(conversation=OuterRef("pk"), comment__gt="")))
    return Q() if len(set(values)) == 2 else commented if values[0] else ~commented


def _commented(column: str, values: tuple[bool, ...]) -> Q:
    commented = Q(pk__in=RawSQL(_COMMENTED, ()))
    return Q() if len(set(values)) == 2 else commented if values[0] else ~commented


_COMMENTED = f"SELECT conversation_id FROM {ConversationDetail._meta.db_table} WHERE comment > ''"
# Asked of conversations one by one, where the others make a list of all first.
_of_one: dict[str, Callable[[tuple[Any, ...]], Q]] = {
    "any_agent": _one_took_part,
    "most_agent": partial(credit.who_wrote_most, few=True),
    "all_agents": partial(credit.all_who_took_part, few=True),
    "has_comment": _one_commented,
}
_special: dict[str, Callable[[str, tuple[Any, ...]], Q]] = {
    "any_agent": _took_part,
    "most_agent": lambda column, values: credit.who_wrote_most(values),
    "all_agents": lambda column, values: credit.all_who_took_part(values),
    "status": _in_state,
    "handled_by": _handled,
    "has_comment": _commented,
    **dict.fromkeys(KEYS, _by_liveperson_id),
}
