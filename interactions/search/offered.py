"""LivePerson's words that conversations hold, for forms that offer them."""

from __future__ import annotations

from collections.abc import Sequence

from interactions.models import Conversation

from .columnar.answer import values_of
from .limits import within

# Seconds that a page waits for a look through all rows, which is only taken where there is no columnar copy.
_LONGEST = 0.5
# What a look at the newest finds in any case.
NEWEST = 20_000


def codes(columns: Sequence[str]) -> dict[str, list[str]]:
    """The codes that conversations hold, by column: of all, and of the newest alone where that takes too long."""
    found = values_of(columns) or within(_LONGEST, lambda: _distinct(columns)) or _newest(columns)
    return {name: sorted(values - {""}) for name, values in found.items()}


def _distinct(columns: Sequence[str]) -> dict[str, set[str]]:
    rows = Conversation.objects.order_by()
    return {name: set(rows.values_list(name, flat=True).distinct()) for name in columns}


def _newest(columns: Sequence[str]) -> dict[str, set[str]]:
    rows = set(Conversation.objects.order_by("-started_at", "-pk").values_list(*columns)[:NEWEST])
    return {name: {row[index] for row in rows} for index, name in enumerate(columns)}
