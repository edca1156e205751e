"""The rows of a question put so that SQLite counts them quickly; it does not find the way by itself.

Most of all rows are met along the one index that holds what is filtered and counted: elsewhere grouping sorts, 0.6 us
a row and more. Measured at a million: eight columns in the order of the index 0.28 to 0.36 s together, each of them
sorted 0.4 to 0.7.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import BigIntegerField, F, ForeignKey, Func, Model, Q, QuerySet
from django.db.models.expressions import RawSQL

from interactions.models import Conversation
from interactions.models.conversation import COUNTED, HELD

from . import marks
from .conditions import Condition, to_q
from .fulltext import are_held_by
from .joined import BETWEEN_NUMBERS, Joined, distinct, numbers
from .names import own_groups
from .sorts import SORTS

if TYPE_CHECKING:
    from .joined import Numbers
    from .names import Reader

# So many rows are counted as quickly by the index that leads to them.
FEW = 150_000
# So many are looked at one by one more quickly than a list of other tables is made.
VERY_FEW = 30_000
# So few that nothing else needs to be tried.
FEWEST = 2_000
# Columns with an index of their own, which leads to the rows that a condition asks for.
_LED = {
    *("started_at", "ended_at", "consumer", "conversation_id", "status"),
    *("last_agent", "credited_agent", "group", "skill"),
    *("csat", "mcs", "mcs_fall", "duration_seconds", "first_response_seconds"),
}
_SORTED = {sort.key for sort in SORTS.values()}
_PLAIN = "plain_"
# As the index says it: with a parameter SQLite would not see that they mean the same.
_THERE = {"transfer_count__gte": RawSQL("0", ())}
_THERE_BY_AGENT = {"message_count__gte": RawSQL("0", ())}


class _Plain(Func):
    """A column that SQLite only compares: an index on it, and its place in an order, stay out of the plan."""

    template = "+%(expressions)s"


def leading(columns: Iterable[str]) -> tuple[str, ...]:
    """The first columns of the index, up to the last of `columns`."""
    return COUNTED[: max(COUNTED.index(column) for column in columns) + 1]


def countable(conditions: Collection[Condition], user: Reader) -> QuerySet[Conversation]:
    """The rows that meet `conditions`; a supervisor's few are looked at one by one, as are all where they are very few.

    A list of all that a supervisor may read takes 0.17 s to make and look up at a million, where a sixth is theirs; one
    of all that have a comment 0.2.
    """
    most = VERY_FEW if own_groups(user) is None else FEW
    led_to = _led_to(conditions, most)
    few = any(number <= most for number in led_to.values()) or _are_held_by(most, conditions)
    rows = Conversation.objects.visible_to(user, few=few).order_by()
    return _begun(rows, to_q(conditions, few=few, reader=user.pk), led_to)


def count_of(conditions: Collection[Condition], user: Reader) -> int:
    if not conditions:
        return Conversation.objects.number_visible_to(user)
    along = walked(conditions, user)
    return (countable(conditions, user) if along is None else along).count()


def keys_of(conditions: Collection[Condition], user: Reader) -> Numbers | None:
    """The keys of the rows that meet `conditions`, each once; None is all that there are."""
    if not conditions and own_groups(user) is None:
        return None
    parts = None if conditions else Conversation.objects.parts_that_show(user)
    if parts is not None:
        return distinct(numbers(parts.aggregate(all=Joined("conversation", BETWEEN_NUMBERS))["all"] or ""))
    along = walked(conditions, user)
    rows = countable(conditions, user) if along is None else along
    return numbers(rows.aggregate(all=Joined("pk", BETWEEN_NUMBERS))["all"] or "")


def walked(conditions: Collection[Condition], user: Reader) -> QuerySet[Conversation] | None:
    """The rows that meet `conditions`, along the index; None where a shorter way leads to them."""
    if connection.vendor != "sqlite" or not all(map(_is_held, conditions)):
        return None
    # The index begins with the CSAT, and leads to the rows of some ratings itself: of 1 or 2 within 28 days SQLite
    # looked all of 1 or 2 up in the table, 0.17 s at a million, and takes 0.01 so.
    is_led = any(map(_is_rated, conditions))
    few = own_groups(user) is not None
    if not is_led and (few or any(number <= FEW for number in _led_to(conditions, FEW).values())):
        return None
    columns = _LED.union(COUNTED) - ({"csat"} if is_led else set())
    rows = Conversation.objects.visible_to(user, few=few).order_by()
    return compared(rows, to_q(conditions, few=few, reader=user.pk), columns).filter(**_THERE)


def told(conditions: Collection[Condition], user: Reader) -> QuerySet[Conversation] | None:
    """The rows that meet `conditions`, whoever may read them, where the index tells of each whether it does."""
    if not all(map(_is_held, conditions)):
        return None
    rows = Conversation.objects.order_by()
    return compared(rows, to_q(conditions, reader=user.pk), _LED.union(COUNTED)).filter(**_THERE)


def not_astray(rows: QuerySet[Conversation], asked: Q, key: str) -> QuerySet[Conversation]:
    """Those of `rows` that meet `asked`, in the order of the column `key`, by whatever else SQLite finds.

    It takes the index of a rating or a length where there is one, which gives no other order: a tenth of the table
    would be sorted.
    """
    return compared(rows, asked, _SORTED - {key})


def met_on_the_way(rows: QuerySet[Conversation], asked: Q, key: str) -> QuerySet[Conversation]:
    """The same, each row compared while SQLite walks along the index of `key`, or among those that are open."""
    return compared(rows, asked, _LED - {key, "status"})


def met_by_agent(rows: QuerySet[Conversation], asked: Q) -> QuerySet[Conversation]:
    """The same along the index by the shown agent, which holds what keeps out all that some agents have."""
    return compared(rows, asked, _LED).filter(**_THERE_BY_AGENT)


def begun_at_the_fewest(
    rows: QuerySet[Conversation], conditions: Collection[Condition], asked: Q
) -> QuerySet[Conversation]:
    """The same, begun at the index of the column that leads to very few of them; by itself SQLite guesses which."""
    return _begun(rows, asked, _led_to(conditions, FEWEST))


def _begun(rows: QuerySet[Conversation], asked: Q, led_to: Mapping[str, int]) -> QuerySet[Conversation]:
    best = min(sorted(led_to), key=lambda name: led_to[name], default="")
    if len(led_to) < 2 or led_to[best] > FEWEST:
        return rows.filter(asked)
    return compared(rows, asked, _LED.union(COUNTED) - {best})


def compared(rows: QuerySet[Conversation], asked: Q, columns: Collection[str]) -> QuerySet[Conversation]:
    """Those of `rows` that meet `asked`, of which no index on one of `columns` is to find the way."""
    renamed = _plainly(asked, columns)
    names = {name for name in _names(renamed) if name.startswith(_PLAIN)}
    return rows.alias(**{name: plain(Conversation, name.removeprefix(_PLAIN)) for name in names}).filter(renamed)


def _is_held(condition: Condition) -> bool:
    """Whether the index tells, or a short list of what is left out."""
    if condition.operator == "marked":
        return marks.is_lack(condition.column, condition.value)
    if condition.column == "has_comment":
        return True not in condition.value
    return condition.column in {*COUNTED, *HELD, "handled_by"}


def _is_rated(condition: Condition) -> bool:
    return condition.column == "csat" and not (condition.operator == "in" and None in condition.value)


def _led_to(conditions: Collection[Condition], most: int) -> dict[str, int]:
    """To how many rows the index of each column leads, whatever else is asked; counted no further than beyond `most`.

    Nothing on PostgreSQL, whose planner knows.
    """
    columns = {condition.column for condition in conditions if condition.column in _LED}
    if connection.vendor != "sqlite":
        return {}
    rows = Conversation.objects.order_by().values("pk")
    by_column = {name: to_q(each for each in conditions if each.column == name) for name in sorted(columns)}
    return {name: rows.filter(q)[: most + 1].count() for name, q in by_column.items()}


def _are_held_by(most: int, conditions: Collection[Condition]) -> bool:
    """Whether words are asked for that so few conversations hold; PostgreSQL's planner knows."""
    words = [condition.value for condition in conditions if condition.operator == "hold"]
    return connection.vendor == "sqlite" and any(are_held_by(most, each) for each in words)


def _plainly(q: Q, columns: Collection[str]) -> Q:
    children = [_plainly(child, columns) if isinstance(child, Q) else _renamed(child, columns) for child in q.children]
    return Q.create(children, q.connector, q.negated)


def _renamed(child: Any, columns: Collection[str]) -> Any:
    if not isinstance(child, tuple):
        return child
    return (f"{_PLAIN}{child[0]}", child[1]) if child[0].split("__")[0] in columns else child


def _names(q: Q) -> Iterable[str]:
    for child in q.children:
        if isinstance(child, Q):
            yield from _names(child)
        elif isinstance(child, tuple):
            yield child[0].split("__")[0]


def plain(model: type[Model], column: str) -> Func:
    field: Any = model._meta.get_field(column)
    return _Plain(F(field.attname), output_field=BigIntegerField() if isinstance(field, ForeignKey) else field)
