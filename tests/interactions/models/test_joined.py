"""What rows refer to comes by one query for each table, the same as a join brings."""

from interactions.models import Conversation, Participation
from interactions.models.joined import joined
from tests import factories

NAMES = ("last_human_agent", "last_agent", "skill", "group")


def test_brings_each_once_by_one_query_for_a_table(db, django_assert_num_queries):
    ida, bot = factories.agent("Ida", group=factories.group()), factories.bot(group=factories.group())
    skill = factories.skill()
    for number in range(6):
        agents = [ida, bot] if number % 2 else [ida]
        factories.conversation(agents=agents, skill=skill if number % 3 else None)
    rows = list(Conversation.objects.order_by("pk"))

    with django_assert_num_queries(3):  # agents, skills, groups
        assert joined(rows, *NAMES) is rows
        shown = [tuple(getattr(row, name) for name in NAMES) for row in rows]

    expected = Conversation.objects.select_related(*NAMES).order_by("pk")
    assert shown == [tuple(getattr(row, name) for name in NAMES) for row in expected]
    assert rows[0].last_agent is rows[0].last_human_agent is rows[2].last_agent


def test_asks_nothing_where_nothing_is_referred_to(db, django_assert_num_queries):
    rows = [factories.conversation(), factories.conversation()]
    fresh = list(Conversation.objects.all())

    with django_assert_num_queries(0):
        assert joined([], "skill") == []
        assert [each.skill for each in joined(fresh, *NAMES)] == [None, None]
    assert len(rows) == 2


def test_serves_any_table(db, django_assert_num_queries):
    ida = factories.agent("Ida", group=factories.group())
    made = factories.conversation(agents=[ida, factories.bot("Elm")])
    parts = list(Participation.objects.filter(conversation=made))

    with django_assert_num_queries(3):
        assert {each.conversation.conversation_id for each in joined(parts, "agent", "group", "conversation")} == {
            made.conversation_id
        }
        assert {(each.agent.name, str(each.group)) for each in parts} == {("Ida", str(ida.group)), ("Elm", "None")}
