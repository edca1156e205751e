"""Every figure is computed again in Python, row by row, and must agree with SQL."""

import random
from collections import Counter
from datetime import timedelta
from statistics import mean, median, stdev
from typing import Any

import numpy
import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from interactions.metrics import REGISTRY, measure, measure_whole_and_by
from interactions.metrics.conversations import METRIC as CONVERSATIONS
from interactions.models import Conversation
from interactions.search.facts import InDatabase
from interactions.search.percentiles import percentiles
from tests import factories

pytestmark = pytest.mark.django_db
METRICS = list(REGISTRY.values())


def row(chance: random.Random) -> dict[str, Any]:
    survey = chance.choice(["not_offered", "offered", "abandoned", "answered"])
    return {
        "survey": survey,
        "csat": chance.choice([1, 2, 3, 4, 5, None]) if survey == "answered" else None,
        "mcs": chance.choice([None, chance.randint(0, 100)]),
        "mcs_band": chance.choice([None, -1, 0, 1]),
        "first_response_seconds": chance.choice([None, chance.randint(0, 9000)]),
        "started_at": timezone.now() - timedelta(minutes=chance.randint(0, 60_000)),
    }


@pytest.fixture
def rows() -> list[dict[str, Any]]:
    chance = random.Random(7)
    made = [row(chance) for _ in range(120)]
    agents = [factories.agent() for _ in range(3)]
    for place, fields in enumerate(made):
        fields["credited_agent"] = chance.choice([None, *agents])
        factories.conversation(conversation_id=f"c{place}", **fields)
    return made


def check(figures: dict[str, Any], rows: list[dict[str, Any]]) -> None:
    """The five figures of `rows`, computed the slow way."""
    ratings = [row["csat"] for row in rows if row["csat"]]
    scores = [row["mcs"] for row in rows if row["mcs"] is not None]
    spans = [row["first_response_seconds"] for row in rows if row["first_response_seconds"] is not None]
    offered = [row for row in rows if row["survey"] != "not_offered"]
    answered = [row for row in rows if row["survey"] == "answered"]
    assert figures["conversations"].value == len(rows)
    assert figures["csat"].n == len(ratings)
    assert figures["csat"].value == pytest.approx(sum(rating >= 4 for rating in ratings) / len(ratings))
    assert figures["mcs"].value == pytest.approx(mean(scores))
    assert figures["mcs"].spread == pytest.approx(stdev(scores))
    assert figures["first_response"].value == pytest.approx(median(spans))
    assert (figures["survey"].part, figures["survey"].n) == (len(answered), len(offered))


def test_agrees_with_python_over_all_rows(rows: list[dict[str, Any]]) -> None:
    check(measure(InDatabase(Conversation.objects.all()), METRICS), rows)


def test_agrees_with_python_agent_by_agent_and_as_a_whole(rows: list[dict[str, Any]]) -> None:
    whole, found, _ = measure_whole_and_by(InDatabase(Conversation.objects.all()), METRICS, "credited_agent")
    check(whole, rows)
    assert len(found) == 3
    for agent_id, figures in found.items():
        check(figures, [row for row in rows if row["credited_agent"] and row["credited_agent"].pk == agent_id])


def test_counts_each_rating_and_band(rows: list[dict[str, Any]]) -> None:
    _, _, counts = measure_whole_and_by(InDatabase(Conversation.objects.all()), METRICS, "credited_agent")
    for column, bars in [("csat", counts.csat), ("mcs_band", counts.mcs_band)]:
        there = Counter(row[column] for row in rows if row[column] is not None)
        assert {bar.value: bar.count for bar in bars} == there


def test_counts_the_bands_for_the_index(rows: list[dict[str, Any]]) -> None:
    bands = [row["mcs_band"] for row in rows if row["mcs_band"] is not None]
    note = measure(InDatabase(Conversation.objects.all()), METRICS)["mcs"].notes[0]
    assert note.text == f"index {round(100 * sum(bands) / len(bands)):+d}"


@pytest.mark.parametrize("values", [[5], [5, 9], [1, 1, 1], list(range(0, 1000, 7)), [0, 0, 86_400]])
def test_interpolates_percentiles_as_numpy_does(values: list[int]) -> None:
    for value in values:
        factories.conversation(first_response_seconds=value)
    factories.conversation(first_response_seconds=None)
    found = percentiles(Conversation.objects.all(), "first_response_seconds", (0, 50, 90, 100))
    assert found[None] == pytest.approx(tuple(numpy.percentile(values, [0, 50, 90, 100])))


def test_has_words_for_nothing() -> None:
    figures = measure(InDatabase(Conversation.objects.none()), METRICS)
    assert [figures[key].text for key in REGISTRY] == ["0", "–", "–", "–", "–"]
    assert [figures[key].reason for key in REGISTRY][1:] == [
        "no ratings",
        "not scored",
        "no human reply",
        "not offered",
    ]


def test_has_no_interval_of_one_score() -> None:
    factories.conversation(mcs=44)
    figure = measure(InDatabase(Conversation.objects.all()), METRICS)["mcs"]
    assert (figure.text, figure.low, figure.interval_text) == ("44", None, "")


@pytest.mark.parametrize(("now", "before", "text"), [(103, 100, "up 3% from 100"), (97, 100, "down 3% from 100")])
def test_says_how_many_more_there_are_than_before(now: int, before: int, text: str) -> None:
    change = CONVERSATIONS.compare(CONVERSATIONS.read({"n": now}), CONVERSATIONS.read({"n": before}))
    assert change is not None
    assert change.text == text


def test_compares_with_nothing_in_no_words() -> None:
    for metric in METRICS:
        figures = measure(InDatabase(Conversation.objects.none()), METRICS)
        assert metric.compare(figures[metric.key], figures[metric.key]) is None


@pytest.mark.parametrize("size", [5, 50])
def test_asks_as_often_for_many_rows_as_for_few(size: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for place in range(size):
        factories.conversation(csat=4, mcs=place, first_response_seconds=place)
    with django_assert_num_queries(2):
        measure(InDatabase(Conversation.objects.all()), METRICS)


def test_explains_every_figure() -> None:
    for key, metric in REGISTRY.items():
        assert metric.key == key
        assert metric.definition.endswith(".")
