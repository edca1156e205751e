"""A shuffle is a fair sample, the same for everyone who has its seed."""

from itertools import combinations, pairwise

import numpy as np
import pytest
from scipy.stats import chisquare

from interactions.ingest.derive.conversation import _shuffle_key
from interactions.models import Conversation
from interactions.search import shuffle
from interactions.search.columnar import copy, making

from .conftest import asked
from .walks import backwards, forwards

SEEDS = [0, 1, 2, 77, 2**31 - 1]
# Keys as the import makes them, of either sign.
KEYS = [_shuffle_key(f"conversation-{number}") for number in range(60)]


def order_of(seed):
    return sorted(range(len(KEYS)), key=lambda number: shuffle.place(KEYS[number], seed))


@pytest.mark.usefixtures("pace")
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("given", ["", "csat_min=1"])
def test_is_the_same_for_everyone_with_the_same_seed(seed, given, world, analyst, administrator):
    query = asked(f"sort=shuffle&seed={seed}&{given}")
    expected = sorted(
        (row for row in world.rows if not given or row["csat"]),
        key=lambda row: (shuffle.place(row["shuffle_key"], seed), row["id"]),
    )
    order = [row["id"] for row in expected]
    assert forwards(query, analyst, 7) == order == forwards(query, administrator, 40)
    assert backwards(query, analyst, 7) == order
    assert forwards(asked(f"sort=-shuffle&seed={seed}&{given}"), analyst, 7) == order[::-1]
    assert [pk for keys in query.keyset(analyst, size=9) for pk in keys] == order


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("small_copies")
def test_goes_on_in_the_database_where_the_copy_left_off(world, analyst, monkeypatch):
    query = asked("sort=shuffle&seed=7")
    expected = [row.pk for row in query.rows(analyst).rows]
    making.renew()
    first = query.rows(analyst, size=9)
    monkeypatch.setattr(copy, "current", lambda: None)
    rest = query.replace(page=first.next).rows(analyst, size=50)
    assert [row.pk for row in (*first.rows, *rest.rows)] == expected


def test_tells_the_place_alike_in_python_in_numpy_and_in_the_database(world):
    for seed in SEEDS:
        rows = Conversation.objects.annotate(place=shuffle.expression(seed)).values_list("shuffle_key", "place")
        for key, place in rows:
            assert shuffle.place(key, seed) == place == shuffle.places(np.array([key], np.int32), seed)[0]
    ends = np.array([-(2**31), -1, 0, 2**31 - 1], np.int32)
    assert shuffle.places(ends, 5).tolist() == [shuffle.place(int(key), 5) for key in ends]


def test_draws_each_conversation_as_often_as_any_other():
    drawn = np.zeros(len(KEYS))
    for seed in range(3000):
        drawn[order_of(seed)[:5]] += 1
    assert chisquare(drawn).pvalue > 0.001


def test_puts_either_of_two_first_as_often():
    places = np.array([[shuffle.place(key, seed) for key in KEYS] for seed in range(1000)])
    shares = [(places[:, one] < places[:, other]).mean() for one, other in combinations(range(len(KEYS)), 2)]
    assert min(shares) > 0.4 and max(shares) < 0.6


def test_has_other_neighbours_for_another_seed():
    neighbours = [{frozenset(pair) for pair in pairwise(order_of(seed))} for seed in range(20)]
    for one, other in combinations(neighbours, 2):
        assert len(one & other) < 10
