"""Sums and percentiles say the same from the database and from the columnar copy."""

from random import Random

import numpy as np
import pytest

from interactions.metrics import REGISTRY
from interactions.metrics.distributions import distribution_sums
from interactions.models import Conversation
from interactions.search import names
from interactions.search.columnar import copy
from interactions.search.columnar.facts import InColumns, _numbered
from interactions.search.facts import InDatabase
from interactions.search.sums import Number, Total
from tests import columns, factories

from .conftest import asked

QUESTIONS = ["", "csat_min=1", "status=open", "q=refund", "skill=none&mcs_min=1", "mcs_min=99&csat=1&status=open"]
SUMS = {
    **{f"{key} {name}": one for key, metric in REGISTRY.items() for name, one in metric.sums.items()},
    **distribution_sums(),
    "messages": Total("message_count"),
    "long waits": Number("first_response_seconds", (30, 600)),
    "waits squared": Total("first_response_seconds", 2),
    "waited": Number("first_response_seconds"),
    "channels": Number("channel", ("shark", "sms", "fax")),
}


@pytest.fixture
def both(world, reader, monkeypatch, tmp_path, settings):
    """For a question and a person: the same facts from either."""
    settings.DATA_DIR = tmp_path
    for _ in range(3):
        factories.conversation(csat=5, mcs=100, first_response_seconds=2**30)
    copied = columns.half_changed()

    def ask(question, user):
        with monkeypatch.context() as without:
            without.setattr(copy, "current", lambda: None)
            database = asked(question).facts(user)
        with monkeypatch.context() as having:
            having.setattr(copy, "current", lambda: copied)
            found = asked(question).facts(user)
        assert isinstance(database, InDatabase) and isinstance(found, InColumns)
        return database, found

    return ask


@pytest.mark.parametrize("question", QUESTIONS)
def test_adds_up_alike(question, both, analyst, reader):
    for user in (analyst, reader):
        database, copied = both(question, user)
        assert database.whole(SUMS) == copied.whole(SUMS)
        for column in ("credited_agent", "csat", "message_count", "channel"):
            assert database.by(column, SUMS) == copied.by(column, SUMS)
    assert both("", analyst)[0].whole(SUMS)["waits squared"] > 2**61


@pytest.mark.parametrize("question", QUESTIONS)
def test_folds_along_a_column_alike(question, both, analyst):
    database, copied = both(question, analyst)
    slots = sorted(Conversation.objects.values_list("started_slot", flat=True))
    for edges in (slots[3:20:4], [slots[0], slots[-1] + 1], [0, 5], [slots[5]], [-(2**31) + 1, slots[9]]):
        assert database.along("started_slot", edges, SUMS) == copied.along("started_slot", edges, SUMS)
    for column in ("started_slot", "csat", "nps"):
        assert database.values(column) == copied.values(column)
        assert database.ends(column) == copied.ends(column)


@pytest.mark.parametrize("question", QUESTIONS)
def test_has_the_same_percentiles(question, both, analyst):
    database, copied = both(question, analyst)
    for column in ("first_response_seconds", "mcs", "duration_seconds"):
        for by in (None, "credited_agent", "csat"):
            assert database.percentiles(column, (0, 33, 50, 90, 100), by) == copied.percentiles(
                column, (0, 33, 50, 90, 100), by
            )


def test_knows_who_took_part_for_a_group(world, both, monkeypatch):
    copied = columns.half_changed()
    keys = [group.pk for group in world.groups]
    for groups in (keys, keys[:1], []):
        from_database = set(names.Agent.objects.filter(names.counted_in(groups)))
        with monkeypatch.context() as having:
            having.setattr(copy, "current", lambda: copied)
            assert set(names.Agent.objects.filter(names.counted_in(groups))) == from_database
        assert bool(from_database) == bool(groups)


@pytest.mark.parametrize("kind", [np.int8, np.int32, np.int64])
def test_numbers_values_of_every_width(kind):
    dice = Random(kind.__name__)
    least, greatest = np.iinfo(kind).min + 1, np.iinfo(kind).max
    missing = {np.int8: -(2**7), np.int32: -(2**31), np.int64: -(2**62)}[kind]
    for drawn in ([], [missing], [3, 3], [missing, 5], [least, greatest], [dice.randrange(-99, 99) for _ in range(50)]):
        if kind is np.int64 and drawn == [least, greatest]:
            drawn = [-(2**61), 2**61]
        held = np.array(drawn, kind)
        keys, places = _numbered(held)
        assert keys.tolist() == sorted(set(drawn))
        assert keys[places].tolist() == drawn
