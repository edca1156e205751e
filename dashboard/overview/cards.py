"""The five figures with what they are compared with, every number with its address."""

from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

from dashboard.links import list_url, narrowed
from interactions.metrics import REGISTRY, Change, Figure, Figures, Metric, measure
from interactions.search import ConversationQuery

Reader = AbstractBaseUser | AnonymousUser
METRICS = tuple(REGISTRY.values())


@dataclass(frozen=True)
class Number:
    """A number as text with the address of the conversations behind it; `reason` says why there is none."""

    text: str
    url: str = ""
    interval: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Card:
    key: str
    name: str
    definition: str
    value: Number
    others: tuple[Number, ...]
    change: Change | None


def figures_of(query: ConversationQuery, user: Reader) -> Figures:
    return measure(query.facts(user), METRICS)


def cards(query: ConversationQuery, figures: Figures, before: Figures | None) -> list[Card]:
    return [_card(query, metric, figures[metric.key], before[metric.key] if before else None) for metric in METRICS]


def value_of(query: ConversationQuery, figure: Figure) -> Number:
    """The figure itself, which opens the conversations that make it."""
    if figure.value is None:
        return Number(figure.text, reason=figure.reason)
    return Number(figure.text, list_url(narrowed(query, figure.params)), figure.interval_text)


def n_of(query: ConversationQuery, figure: Figure, text: str = "") -> Number:
    """n, which opens all conversations that the figure was computed from."""
    return Number(text or figure.n_text, list_url(narrowed(query, figure.n_params)) if figure.n else "")


def _card(query: ConversationQuery, metric: Metric, figure: Figure, before: Figure | None) -> Card:
    others = [n_of(query, figure)] if figure.n_text else []
    for note in figure.notes:
        behind = figure.n_params if note.params is None else note.params
        others.append(Number(note.text, list_url(narrowed(query, behind))))
    change = metric.compare(figure, before) if before else None
    return Card(metric.key, metric.name, metric.definition, value_of(query, figure), tuple(others), change)
