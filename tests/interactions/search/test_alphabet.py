"""The order by agents' names, walked in stretches of them."""

import pytest

from interactions.search import alphabet
from interactions.search.alphabet import Name
from tests import factories

from .conftest import asked
from .walks import backwards, forwards


def made_by(*names):
    """One conversation of an agent of each name, "" being nobody; agents of one name are different people."""
    return [factories.conversation(agents=[factories.agent(name)] if name else []) for name in names]


def test_mixes_the_conversations_of_agents_who_share_a_name(analyst):
    rows = made_by("Noor Haddad", "Ade Bakare", "noor haddad", "Noor Haddad", "Ade Bakare", "")
    expected = [rows[place].pk for place in (1, 4, 0, 2, 3, 5)]
    for size in (1, 2, 6):
        assert forwards(asked("sort=agent"), analyst, size) == expected
        assert backwards(asked("sort=agent"), analyst, size) == expected


def test_takes_no_letter_for_another_because_of_its_accent_or_case(analyst):
    expected = ["Ångström", "eliza Bell", "Élodie Marchand", "Jose Ruiz", "jose ruiz", "José Ruiz", "Łukasz Nowak"]
    expected += ["Müller", "Muller, Ann", "Noor Haddad", "Øyvind Dahl", "zoe Lind", "Владимир"]
    rows = [row.pk for row in made_by(*expected[::2], *expected[1::2])]
    order = [rows[place // 2 + (7 if place % 2 else 0)] for place in range(13)]
    # One name to whoever compares names: in the order of their conversations.
    order[3:5] = sorted(order[3:5])
    for size in (1, 3, 13):
        assert forwards(asked("sort=agent"), analyst, size) == order
        assert backwards(asked("sort=agent"), analyst, size) == order


def test_goes_on_at_the_next_name_when_an_agent_was_renamed_meanwhile(analyst):
    rows = made_by("Ade Bakare", "Jo Lindqvist", "Noor Haddad", "")
    query = asked("sort=agent")
    page = query.replace(page=query.rows(analyst, size=1).next).rows(analyst, size=1)
    agent = rows[1].last_agent
    agent.full_name = "Zoe Lindqvist"
    agent.save()
    # Once behind the place and once before it: each way the nearest name is the next one.
    after = query.replace(page=page.next).rows(analyst, size=4)
    before = query.replace(page=page.previous).rows(analyst, size=4)
    assert [row.pk for row in after.rows] == [rows[2].pk, rows[1].pk, rows[3].pk]
    assert before.rows[0].pk == rows[0].pk


def test_counts_who_stands_before_across_many_names(analyst):
    rows = made_by(*[f"Agent {letter}" for letter in "abcdefghijkl"], "")
    for rank, row in enumerate(rows, 1):
        assert asked("sort=agent").neighbours(analyst, row).rank == rank
        assert asked("sort=-agent").neighbours(analyst, row).rank == (13 if rank == 13 else 13 - rank)


@pytest.mark.parametrize(("count", "sizes"), [(0, []), (1, [1]), (2, [1, 1]), (4, [1, 1, 2]), (9, [1, 1, 2, 4, 1])])
def test_takes_twice_as_many_names_each_time(count, sizes):
    names = [Name(str(number), (number,)) for number in range(count)]
    stretches = list(alphabet.doubling(names))
    assert [len(each) for each in stretches] == sizes
    assert [name for each in stretches for name in each] == names
