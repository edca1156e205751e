"""Agents, groups, skills and consumers."""

import pytest

from interactions.models import Agent, AgentGroup, Consumer, Skill
from tests import factories

pytestmark = pytest.mark.django_db

AGENT_NAMES = [
    ({"full_name": "Noor Haddad", "nickname": "Noor"}, "Noor Haddad"),
    ({"full_name": "", "nickname": "Noor"}, "Noor"),
    ({"full_name": "", "nickname": "", "liveperson_id": "711"}, "711"),
]
CONSUMER_NAMES = [
    ({"first_name": "Ilse", "last_name": "Marchetti"}, "Ilse Marchetti"),
    ({"first_name": "", "last_name": "Marchetti", "display_name": "ilse"}, "Marchetti"),
    ({"first_name": "", "last_name": "", "display_name": "ilse"}, "ilse"),
    ({"first_name": "", "last_name": "", "display_name": ""}, "Visitor"),
]


@pytest.mark.parametrize(("fields", "name"), AGENT_NAMES)
def test_calls_an_agent_by_the_best_name_there_is(fields, name):
    assert Agent(**fields).name == str(Agent(**fields)) == name


@pytest.mark.parametrize(("fields", "name"), CONSUMER_NAMES)
def test_calls_a_consumer_by_the_best_name_there_is(fields, name):
    assert Consumer(**fields).name == str(Consumer(**fields)) == name


@pytest.mark.parametrize("model", [AgentGroup, Skill])
def test_calls_groups_and_skills_by_name_else_id(model):
    assert str(model(liveperson_id="7", name="Delivery")) == "Delivery"
    assert str(model(liveperson_id="7")) == "7"


def test_finds_every_group_below():
    root = factories.group()
    children = [factories.group(parent=root) for _ in range(2)]
    grandchild = factories.group(parent=children[1])
    factories.group()
    below = AgentGroup.objects.ids_below
    assert below([root.pk]) == {root.pk, children[0].pk, children[1].pk, grandchild.pk}
    assert below([children[1].pk]) == {children[1].pk, grandchild.pk}
    assert below([]) == set()


def test_stops_at_a_loop():
    first = factories.group()
    second = factories.group(parent=first)
    AgentGroup.objects.filter(pk=first.pk).update(parent=second)
    assert AgentGroup.objects.ids_below([first.pk]) == {first.pk, second.pk}


def test_reads_the_tree_by_one_query_whatever_its_depth(django_assert_num_queries):
    leaf = root = factories.group()
    for _ in range(20):
        leaf = factories.group(parent=leaf)
    with django_assert_num_queries(1):
        assert len(AgentGroup.objects.ids_below([root.pk])) == 21
