"""Who appears in the table of agents, and with which conversations."""

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.db.models import QuerySet
from pytest_django import DjangoAssertNumQueries

from interactions.metrics import COLUMN, REGISTRY, AgentFigures, agent_figures, measure_whole_and_by
from interactions.models import Conversation
from interactions.search.facts import InDatabase
from tests import factories

pytestmark = pytest.mark.django_db
METRICS = list(REGISTRY.values())


def listed(rows: QuerySet[Conversation], user: User | AnonymousUser) -> list[AgentFigures]:
    _, found, _ = measure_whole_and_by(InDatabase(rows), METRICS, COLUMN)
    return agent_figures(found, user)


def names(user: User | AnonymousUser) -> list[str]:
    rows = Conversation.objects.visible_to(user)
    return [row.agent.name for row in listed(rows, user)]


def test_lists_everyone_by_name_for_an_analyst(analyst: User) -> None:
    for name in ("Petra Lindqvist", "amos Okoro", "Noor Haddad"):
        factories.conversation(agents=[factories.agent(name)], csat=5)
    assert names(analyst) == ["amos Okoro", "Noor Haddad", "Petra Lindqvist"]


def test_lists_own_groups_only_for_a_supervisor(supervisor: User) -> None:
    mine = factories.agent("Noor Haddad", group=supervisor.scope.groups.get())
    other = factories.agent("Petra Lindqvist", group=factories.group())
    factories.conversation(agents=[mine])
    # Visible, because an own agent took part, yet credited to someone of another group.
    factories.conversation(agents=[mine, other])
    assert names(supervisor) == ["Noor Haddad"]


def test_keeps_an_agent_whom_liveperson_no_longer_lists(supervisor: User) -> None:
    gone = factories.agent("Noor Haddad", group=supervisor.scope.groups.get())
    factories.conversation(agents=[gone])
    gone.group, gone.is_deleted = None, True
    gone.save()
    assert names(supervisor) == ["Noor Haddad"]


@pytest.mark.parametrize("role", ["stranger", "admin"])
def test_follows_what_a_person_may_see(role: str) -> None:
    factories.conversation(agents=[factories.agent("Noor Haddad")])
    assert names(factories.user(role)) == (["Noor Haddad"] if role == "admin" else [])


def test_shows_nobody_to_who_is_not_signed_in() -> None:
    factories.conversation(agents=[factories.agent()])
    assert names(AnonymousUser()) == []


def test_leaves_out_conversations_that_nobody_is_credited_with(analyst: User) -> None:
    factories.conversation(agents=[factories.bot()])
    assert names(analyst) == []


@pytest.mark.parametrize("size", [2, 20])
def test_asks_as_often_for_many_agents_as_for_few(
    size: int, analyst: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(size):
        factories.conversation(agents=[factories.agent()], first_response_seconds=9)
    with django_assert_num_queries(4):
        listed(Conversation.objects.all(), analyst)
