"""The order by agents' names: stretches of a name or of several, so that no more is sorted than a page needs.

Sorted at once, a page of a list by agent took 1.9 s at a million conversations on SQLite.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from django.db.models import Func, Q, TextField
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact, In, IsNull

from interactions.models import Agent


class Bytewise(Func):
    """Text compared by code point, so that SQLite and PostgreSQL of any locale give one order."""

    output_field = TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="(%(expressions)s) COLLATE BINARY", **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template='(%(expressions)s)::text COLLATE "C"', **context)


# Of the agent whom a row shows: the last human one, else the last one.
SHOWN_NAME = Bytewise(Coalesce("last_human_agent__name_order", "last_agent__name_order", output_field=TextField()))
_SHOWN = Coalesce("last_human_agent", "last_agent")
NOBODY = Q(IsNull(_SHOWN, True))


class Name(NamedTuple):
    """A name as it is compared, and the keys of the agents who bear it."""

    text: str
    agents: tuple[int, ...]


def names() -> list[Name]:
    """All names in their order."""
    agents = Agent.objects.values_list("name_order", "pk")
    return [Name(text, tuple([pk for _, pk in group])) for text, group in groupby(sorted(agents), lambda row: row[0])]


def shown(chosen: Sequence[Name]) -> Q:
    """Conversations whose row shows an agent of these names."""
    agents = [pk for name in chosen for pk in name.agents]
    # One alone is compared, so that the index gives the order of the keys as well.
    return Q(Exact(_SHOWN, agents[0])) if len(agents) == 1 else Q(In(_SHOWN, agents))


def doubling(ordered: Sequence[Name]) -> Iterator[Sequence[Name]]:
    """One name, one, two, four and so on: few names where the first have enough rows, few statements where not."""
    start, size = 0, 1
    while start < len(ordered):
        yield ordered[start : start + size]
        start, size = start + size, max(start + size, 1)
