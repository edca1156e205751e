"""Both files hold exactly the list: its rows in its order, whatever is asked and by whom.

`FILES_SEED` asks the questions of a failed run again; it is printed with them.
"""

import os
from random import Random

import pytest

from tests import factories
from tests.agreement import DIRECTED, ZONES, Reader, drawn
from tests.interactions.search.test_filters import values_of
from tests.interactions.search.world import World

SEED = int(os.environ.get("FILES_SEED", "0")) or Random().randrange(1, 10**6)


@pytest.fixture
def world(analyst):
    """Some of its marks are the analyst's."""
    return World(analyst)


@pytest.fixture
def reader(world, analyst):
    return Reader(analyst, world.rows)


def test_holds_for_each_value_the_rows_of_the_list(world, reader):
    for name, values in values_of(world).items():
        for value in values:
            reader.check({name: [value]}, "Europe/Paris")


@pytest.mark.parametrize("sort", DIRECTED)
def test_holds_the_rows_in_every_order(reader, sort):
    reader.check({}, sort=sort)


def test_holds_the_rows_of_any_question(world, reader):
    dice, offered = Random(SEED), values_of(world)
    for number in range(60):
        if params := drawn(dice, offered):
            zone, sort = dice.choice(ZONES), dice.choice(DIRECTED)
            print(f"FILES_SEED={SEED}, question {number}: {params} {zone} {sort}")
            reader.check(params, zone, sort)


@pytest.mark.usefixtures("pace")
def test_holds_what_a_supervisor_may_see(world):
    group = world.groups[0]
    mine = {agent.liveperson_id for agent in world.agents if agent.group == group}
    supervisor = Reader(
        factories.user("supervisor", groups=[group]), [row for row in world.rows if row["all_agents"] & mine]
    )
    # What the analyst has reviewed the supervisor has not.
    dice, offered = Random(SEED), {name: values for name, values in values_of(world).items() if name != "reviewed"}
    for number in range(30):
        if params := drawn(dice, offered, most=2):
            print(f"FILES_SEED={SEED}, question {number}: {params}")
            supervisor.check(params, sort=dice.choice(DIRECTED))
