"""What is added up over conversations, as data: the database and the columnar copy are both behind these words."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, F, Q
from django.db.models import Sum as Added
from django.db.models.expressions import BaseExpression


@dataclass(frozen=True)
class Number:
    """How many have a value in `column`, one of `among` where any are given; without a column how many there are."""

    column: str = ""
    among: tuple[int | str, ...] = ()


@dataclass(frozen=True)
class Total:
    """The values of `column` added up, each raised to `power`; 0 of nothing."""

    column: str
    power: int = 1


Sum = Number | Total


def expression(of: Sum) -> BaseExpression:
    """The same in the ORM's terms, but that a total of nothing is None."""
    if isinstance(of, Total):
        value = F(of.column)
        for _ in range(of.power - 1):
            value = value * F(of.column)  # type: ignore[assignment]
        return Added(value)
    if of.among:
        is_it = Q(**{of.column: of.among[0]}) if len(of.among) == 1 else Q(**{f"{of.column}__in": of.among})
        return Count("pk", filter=is_it)
    return Count(of.column or "pk")
