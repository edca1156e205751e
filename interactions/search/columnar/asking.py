"""Conditions asked of a segment, each row answered by yes or no, as conditions.to_q asks them of the database."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from typing import TYPE_CHECKING, Any

import numpy as np
from django.db import connection
from django.db.models import Model
from django.utils.functional import cached_property

from interactions.models import Agent, Conversation, Sight
from interactions.search import clock, fulltext, having, marks
from interactions.search.conditions import KEYS, Condition, to_q
from interactions.search.instants import as_number

from .layout import NUMBERS, WORDS, null_of
from .segment import Segment, among, chosen

if TYPE_CHECKING:
    from .layout import Column, Mask, Numbers

_KEYS: dict[str, type[Model]] = {**KEYS, **dict.fromkeys(("most_agent", "any_agent", "all_agents"), Agent)}
_BY_PARTS = {"any_agent", "all_agents"}
# Conversations that the index of words is asked for by their keys, where these lie close together.
_SMALL = 100_000
# More values than these are looked up, fewer compared one by one.
_FEW = 4


def is_known(condition: Condition) -> bool:
    """Whether the copy tells, or a list of keys that other tables give."""
    if condition.operator in ("hold", "marked", "in_hours", "on_weekdays"):
        return True
    columns = {*NUMBERS, *WORDS, *_KEYS, "handled_by", "conversation_id"}
    return condition.column in columns


def is_near(condition: Condition, newer: int) -> bool:
    """Whether conversations newer than the files are few enough for a look at each, which words of PostgreSQL take."""
    return not _is_slow(condition) or newer <= fulltext.FEW_LOOKED_AT


def _is_slow(condition: Condition) -> bool:
    """PostgreSQL takes up to seconds to list all that hold common words."""
    return condition.operator == "hold" and connection.vendor == "postgresql"


class _Keys:
    """Some keys as part of a question: the same question where each of them is the same."""

    def __init__(self, keys: Numbers) -> None:
        self._keys = keys

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Keys) and np.array_equal(self._keys, other._keys)

    def __hash__(self) -> int:
        return hash((len(self._keys), *self._keys[:1].tolist(), *self._keys[-1:].tolist()))


@dataclass(frozen=True)
class Asked:
    """One condition, with what other tables say about it read once for all segments."""

    condition: Condition
    reader: int | None
    _found: dict[Segment, Mask] = field(default_factory=dict, init=False, compare=False)

    def of(self, segment: Segment) -> Mask:
        if self.is_of_marks:
            return self._marked(segment)
        return segment.once(self.question, lambda: self._asked(segment))

    def is_soon(self, segment: Segment) -> bool:
        """Whether the answer is found while somebody waits, or remembered."""
        return not _is_slow(self.condition) or self.is_remembered(segment)

    def is_remembered(self, segment: Segment) -> bool:
        return not self.is_of_marks and segment.knows(self.question)

    @property
    def is_of_marks(self) -> bool:
        """Whether it is answered by other tables, which change without the copy."""
        return self.condition.operator == "marked"

    @property
    def question(self) -> Hashable:
        """What tells it from others of which the same rows may be otherwise."""
        if self.is_of_marks:
            return self.condition, *[None if each is None else _Keys(each) for each in (self._lacking, self._having)]
        # Who bears an id may change, and what has their key does not.
        keys = self._people if self.condition.column in _KEYS else self._keys
        return self.condition, tuple(keys)

    def _asked(self, segment: Segment) -> Mask:
        condition = self.condition
        if condition.operator == "hold":
            return self._holding(segment)
        if condition.operator in _CLOCK:
            return _CLOCK[condition.operator](segment.column(condition.column), condition.value)
        if condition.operator != "in":
            column = segment.column(condition.column)
            are_met: Mask = _COMPARED[condition.operator](column, stored(condition.value))
            are_met &= column != null_of(column)
            return are_met
        if condition.column == "handled_by":
            return _handled(segment, condition.value)
        if condition.column == "conversation_id":
            return segment.among(np.array(self._keys, dtype=np.int64))
        if condition.column in _BY_PARTS:
            return self._took_part(segment)
        column = segment.column(condition.column)
        return _any_of(column, self._numbers(segment, null_of(column)))

    def _numbers(self, segment: Segment, null: int) -> list[int]:
        name, values = self.condition.column, self.condition.value
        nothing = [null] if None in values else []
        if name in _KEYS:
            return [*self._people, *nothing]
        given = [value for value in values if value is not None]
        if name in WORDS:
            places = {word: place for place, word in enumerate(segment.words[name])}
            return [places[value] for value in given if value in places]
        return [*map(stored, given), *nothing]

    def _took_part(self, segment: Segment) -> Mask:
        found = np.zeros(len(segment), dtype=bool)
        for _, (rows, agents, counts) in segment.pieces("part_row", "part_agent", "part_counts"):
            is_it = _any_of(agents, self._people)
            if self.condition.column == "all_agents":
                is_it &= counts == 1
            found[chosen(rows, is_it)] = True
        return found

    def _holding(self, segment: Segment) -> Mask:
        ids = segment.column("id")
        near = fulltext.held_nearby(self.condition.value, ids.tolist()) if len(ids) <= _SMALL else None
        if near is not None:
            return among(ids, np.array(sorted(near), dtype=np.int64))
        keys, is_so = self._held
        return segment.among(keys) if is_so else ~segment.among(keys)

    def _marked(self, segment: Segment) -> Mask:
        if segment not in self._found:
            self._found[segment] = self._with_marks(segment)
        return self._found[segment].copy()

    def _with_marks(self, segment: Segment) -> Mask:
        found = np.zeros(len(segment), dtype=bool)
        if self._lacking is not None:
            found |= ~segment.among(self._lacking)
        if self._having is not None:
            found |= segment.among(self._having)
        return found

    @cached_property
    def _people(self) -> list[int]:
        model = _KEYS[self.condition.column]
        wanted = [value for value in self.condition.value if value is not None]
        return list(model._default_manager.filter(liveperson_id__in=wanted).values_list("pk", flat=True))

    @cached_property
    def _keys(self) -> list[int]:
        if self.condition.column != "conversation_id":
            return []
        return list(Conversation.objects.filter(to_q([self.condition])).values_list("pk", flat=True))

    @cached_property
    def _held(self) -> tuple[Numbers, bool]:
        """What the index of words says now. Whoever's words have changed since the files were made is in memory."""
        return fulltext.keys_of(self.condition.value)

    @cached_property
    def _having(self) -> Numbers | None:
        """The conversations with a wanted mark; None where only the lack of any is asked for."""
        name, values = self.condition.column, self.condition.value
        if marks.asks_for_any(name, values):
            return having.conversations(name)
        rows = marks.wanted(name, values, self.reader)
        return None if rows is None else marks.keys_of(rows)

    @cached_property
    def _lacking(self) -> Numbers | None:
        if not marks.asks_for_lack(self.condition.column, self.condition.value):
            return None
        return having.conversations(self.condition.column)


def seen(segment: Segment, sight: Sight) -> Mask | None:
    """The rows that somebody may read; None is all."""
    return None if sight.everything else segment.once(sight, lambda: _seen(segment, sight))


def _seen(segment: Segment, sight: Sight) -> Mask:
    is_seen = np.zeros(len(segment), dtype=bool)
    if sight.groups:
        groups = np.array(sorted(sight.groups))
        for _, (rows, of, counts) in segment.pieces("part_row", "part_group", "part_counts"):
            is_seen[chosen(rows, np.isin(of, groups) & (counts == 1))] = True
    if sight.unassigned_too:
        is_seen |= segment.column("has_human") == 0
    return is_seen


def stored(value: Any) -> int:
    """A value as the copy holds it."""
    return as_number(value) if isinstance(value, datetime) else int(value)


def _any_of(column: Column, values: Collection[int]) -> Mask:
    if not values:
        return np.zeros(len(column), dtype=bool)
    if len(values) > _FEW:
        return np.isin(column, np.array(sorted(values), dtype=np.int64))
    return reduce(np.logical_or, [column == value for value in values])


def _handled(segment: Segment, values: Collection[str]) -> Mask:
    by_human, by_bot = segment.column("has_human") == 1, segment.column("has_bot") == 1
    meant = {"human": by_human & ~by_bot, "bot": ~by_human & by_bot, "both": by_human & by_bot}
    return reduce(np.logical_or, [meant[value] for value in values], np.zeros(len(segment), dtype=bool))


def _local_slots(slots: Column, times: clock.LocalTimes) -> Column:
    return clock.local_slots(slots, times.zone, times.year) + np.int32(clock.SLOTS_OF_WEEK)


def _in_hours(slots: Column, times: clock.LocalTimes) -> Mask:
    of_day = np.fmod(_local_slots(slots, times), clock.SLOTS_OF_DAY)
    return _any_of(_whole(of_day, clock.SLOTS_OF_HOUR), times.values)


def _on_weekdays(slots: Column, times: clock.LocalTimes) -> Mask:
    of_week = np.fmod(_local_slots(slots, times) + clock.MONDAY, clock.SLOTS_OF_WEEK)
    return _any_of(_whole(of_week, clock.SLOTS_OF_DAY), [value - 1 for value in times.values])


def _whole(slots: Column, size: int) -> Column:
    """Divided as a database does it, towards zero."""
    return (slots - np.fmod(slots, size)) // size


_CLOCK: dict[str, Callable[[Column, clock.LocalTimes], Mask]] = {"in_hours": _in_hours, "on_weekdays": _on_weekdays}
_COMPARED: dict[str, Callable[[Column, int], Mask]] = {
    "at_least": np.greater_equal,
    "at_most": np.less_equal,
    "before": np.less,
}
