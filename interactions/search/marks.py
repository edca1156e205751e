"""Conversations by what people left on them; always by way of the marks' own tables, which are small."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from interactions.models import NO_TAG, Conversation, Flag, Note, Review, Tagging

from .joined import BETWEEN_NUMBERS, Joined, distinct, numbers

if TYPE_CHECKING:
    from .joined import Numbers

NAMES = ("reviewed", "flag", "note", "tag")
# So few are taken one by one and sorted; more of them are met soon on a walk along the order.
_FEW = 5_000
_TABLES: dict[str, Any] = {"reviewed": Review, "flag": Flag, "note": Note, "tag": Tagging}
# The value that asks for what has no mark of a kind; any other word may be somebody's tag.
_WITHOUT = {"reviewed": "no", "flag": "0", "note": "0", "tag": NO_TAG}


def to_q(name: str, values: Iterable[str], reader: int | None, *, few: bool) -> Q:
    """Conversations with one of these marks, or without any where the value says so; `reader` is who "me" is."""
    chosen = set(values)
    found = Q(pk__in=())
    if wanted := chosen - {_WITHOUT[name]}:
        found |= _among(_rows(name, wanted, reader), few)
    if _WITHOUT[name] in chosen:
        # Looked up row by row: NOT IN would make PostgreSQL scan the list of marks for every conversation.
        found |= ~Q(Exists(every(name).filter(conversation=OuterRef("pk"))))
    return found


def _rows(name: str, values: set[str], reader: int | None) -> QuerySet[Any]:
    if name == "reviewed":
        return Review.objects.all() if "any" in values else Review.objects.filter(user=reader)
    rows: QuerySet[Any] = _TABLES[name].objects.all()
    return rows.filter(tag__key__in=values) if name == "tag" else rows


def _among(rows: QuerySet[Any], few: bool) -> Q:
    return Q(Exists(rows.filter(conversation=OuterRef("pk")))) if few else Q(pk__in=rows.values("conversation"))


def is_lack(name: str, values: Iterable[str]) -> bool:
    """Whether these values ask for what has no mark of the kind, and for nothing else."""
    return set(values) <= {_WITHOUT[name]}


def every(name: str) -> QuerySet[Any]:
    """All marks of a kind."""
    rows: QuerySet[Any] = _TABLES[name].objects.order_by()
    return rows


def wanted(name: str, values: Iterable[str], reader: int | None) -> QuerySet[Any] | None:
    """The marks of a kind that these values ask for; None where they ask for a lack of any alone."""
    chosen = set(values) - {_WITHOUT[name]}
    return _rows(name, chosen, reader).order_by() if chosen else None


def keys_of(rows: QuerySet[Any] | None) -> Numbers:
    """The conversations with these marks, each once."""
    text = None if rows is None else rows.aggregate(all=Joined("conversation", BETWEEN_NUMBERS))["all"]
    return distinct(numbers(text or ""))


def asks_for_lack(name: str, values: Iterable[str]) -> bool:
    return _WITHOUT[name] in values


def asks_for_any(name: str, values: Iterable[str]) -> bool:
    """Whether whatever has a mark of the kind is wanted, whoever left it."""
    return name != "tag" and ("any" if name == "reviewed" else "1") in values


def any_of(name: str) -> Q:
    """Conversations with a mark of the kind, begun at the marks."""
    return _among(every(name), few=False)


def are_few(name: str, values: Iterable[str], reader: int | None) -> bool:
    """Whether it is quickest to begin with the marks themselves."""
    chosen = set(values)
    if _WITHOUT[name] in chosen:
        return False
    return len(_rows(name, chosen, reader).values_list("conversation")[: _FEW + 1]) <= _FEW


def counts_of(name: str, rows: QuerySet[Conversation], total: int, reader: int | None) -> Counter[str]:
    """For each value of `name` how many of `rows`, of which there are `total`, it would leave."""
    with_any = rows.filter(any_of(name)).count()
    if name == "reviewed":
        mine = rows.filter(_among(_rows(name, {"me"}, reader), few=False)).count()
        found = {"me": mine, "any": with_any, "no": total - with_any}
    elif name == "tag":
        found = {**_by_tag(rows), NO_TAG: total - with_any}
    else:
        found = {"1": with_any, "0": total - with_any}
    return Counter({value: count for value, count in found.items() if count})


def _by_tag(rows: QuerySet[Conversation]) -> dict[str, int]:
    tagged = rows.filter(pk__in=Tagging.objects.values("conversation"))
    groups = Tagging.objects.filter(conversation__in=tagged.order_by().values("pk")).values_list("tag__key")
    return dict(groups.annotate(count=Count("pk")))
