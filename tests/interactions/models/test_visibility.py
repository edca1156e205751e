"""Who may read which conversation."""

import pytest
from django.contrib.auth.models import AnonymousUser, User

from interactions.models import AgentGroup, Conversation, Part, Participation, Scope
from tests import factories


def seen_by(user):
    seen = set(Conversation.objects.visible_to(user))
    assert Conversation.objects.number_visible_to(user) == len(seen)
    return seen


@pytest.fixture
def mine(supervisor):
    return supervisor.scope.groups.get()


def handled_in(group, **fields):
    return factories.conversation(agents=[factories.agent(group=group)], **fields)


def take_part(conversation, agent, part, *, is_counted, group=None):
    position = conversation.participations.count() + 1
    Participation.objects.create(
        conversation=conversation,
        position=position,
        agent=agent,
        group=group or agent.group,
        part=part,
        is_counted=is_counted,
    )


def test_shows_a_supervisor_the_own_group_alone(supervisor, mine):
    own = handled_in(mine)
    handled_in(factories.group())
    handled_in(None)
    factories.conversation()
    assert seen_by(supervisor) == {own}


def test_shows_groups_below_however_deep(supervisor, mine):
    child = factories.group(parent=mine)
    grandchild = factories.group(parent=child)
    sibling = factories.group(parent=factories.group())
    below = {handled_in(child), handled_in(grandchild)}
    handled_in(sibling)
    assert seen_by(supervisor) == below


def test_does_not_show_the_group_above(supervisor, mine):
    mine.parent = factories.group("Everyone")
    mine.save()
    handled_in(mine.parent)
    assert seen_by(supervisor) == set()


def test_shows_a_conversation_once_however_many_took_part(supervisor, mine):
    made = factories.conversation(agents=[factories.agent(group=mine) for _ in range(3)])
    assert list(Conversation.objects.visible_to(supervisor)) == [made]
    assert Conversation.objects.visible_to(supervisor).count() == 1
    assert Conversation.objects.number_visible_to(supervisor) == 1


def test_shows_what_several_groups_handled(analyst):
    groups = [factories.group(), factories.group()]
    person = factories.user(groups=groups)
    made = {handled_in(group) for group in groups}
    handled_in(factories.group())
    assert seen_by(person) == made


def test_counts_every_human_agent_not_only_the_last(supervisor, mine):
    made = factories.conversation(agents=[factories.agent(group=mine), factories.agent(group=factories.group())])
    assert seen_by(supervisor) == {made}


@pytest.mark.parametrize("part", [part for part in Part if part not in (Part.ASSIGNED, Part.JOINED)])
def test_does_not_count_who_only_watched(part, supervisor, mine):
    other = handled_in(factories.group())
    take_part(other, factories.agent(group=mine), part, is_counted=False)
    assert seen_by(supervisor) == set()


def test_counts_who_joined(supervisor, mine):
    other = handled_in(factories.group())
    take_part(other, factories.agent(group=mine), Part.JOINED, is_counted=True)
    assert seen_by(supervisor) == {other}


def test_does_not_count_bots(supervisor, mine):
    factories.conversation(agents=[factories.bot(group=mine)])
    factories.conversation(agents=[factories.bot(group=mine), factories.agent(group=factories.group())])
    assert seen_by(supervisor) == set()


def test_goes_by_the_group_as_recorded_then(supervisor, mine):
    mover = factories.agent(group=factories.group())
    factories.conversation(agents=[mover])
    mover.group = mine
    mover.save()
    assert seen_by(supervisor) == set()
    since = factories.conversation(agents=[mover])
    mover.group = None
    mover.save()
    assert seen_by(supervisor) == {since}


def test_shows_conversations_without_a_human_only_to_those_who_may(mine):
    without = {factories.conversation(), factories.conversation(agents=[factories.bot(group=mine)])}
    handled_in(factories.group())
    own = handled_in(mine)
    assert seen_by(factories.user(groups=[mine])) == {own}
    assert seen_by(factories.user(groups=[mine], unassigned_too=True)) == {own} | without
    assert seen_by(factories.user(unassigned_too=True)) == without


def test_shows_nothing_to_a_supervisor_without_groups(mine):
    handled_in(mine)
    assert seen_by(factories.user()) == set()


@pytest.mark.parametrize("role", ["analyst", "operator", "admin"])
def test_shows_everything_to_those_with_every_group(role, mine):
    everything = {handled_in(mine), factories.conversation()}
    assert seen_by(factories.user(role)) == everything


def test_shows_nothing_to_strangers(mine):
    handled_in(mine)
    factories.conversation()
    assert seen_by(factories.user("stranger")) == set()
    assert seen_by(AnonymousUser()) == set()


def test_shows_nothing_to_staff_without_a_scope(mine):
    handled_in(mine)
    person = factories.user("operator")
    person.scope.delete()
    person.refresh_from_db()
    assert seen_by(person) == set()


@pytest.mark.parametrize("role", ["supervisor", "analyst", "admin"])
def test_shows_nothing_to_an_account_that_was_switched_off(role, mine):
    handled_in(mine)
    person = factories.user(role, groups=[mine] if role == "supervisor" else ())
    assert seen_by(person)
    person.is_active = False
    person.save()
    assert seen_by(person) == set()


def test_survives_a_loop_in_the_tree(supervisor, mine):
    child = factories.group(parent=mine)
    AgentGroup.objects.filter(pk=mine.pk).update(parent=child)
    made = {handled_in(mine), handled_in(child)}
    assert seen_by(supervisor) == made


def test_survives_a_group_that_is_its_own_parent(supervisor, mine):
    AgentGroup.objects.filter(pk=mine.pk).update(parent=mine)
    made = handled_in(mine)
    assert seen_by(supervisor) == {made}


def test_asks_equally_often_for_one_group_as_for_a_deep_tree(db, django_assert_num_queries):
    groups = [factories.group()]
    for _ in range(12):
        groups.append(factories.group(parent=groups[-1]))
    made = {handled_in(group) for group in groups}
    for given in (groups[:1], groups):
        person = User.objects.get(pk=factories.user(groups=given).pk)
        # The scope, its groups, the tree; then the conversations themselves and their number.
        with django_assert_num_queries(5):
            assert seen_by(person) == made
        # A page asks many times.
        with django_assert_num_queries(2):
            assert seen_by(person) == made


def test_forgets_the_scope_with_the_person(supervisor):
    supervisor.delete()
    assert not Scope.objects.exists()
