"""Queries that are written once answer what the query set would, whatever they are asked with."""

import gc
import threading
from datetime import UTC, timedelta

import pytest
from django.db import connection, transaction
from django.db.models import Count, Max, Min
from pytest_django import DjangoAssertNumQueries

from interactions.models import Agent, Conversation, Message, Note, Review, Skill, Tag, message_range
from interactions.models.prepared import Blank, Prepared
from interactions.models.seen import PreparedInSight
from tests import factories

ROWS = Prepared(
    lambda: (
        Conversation.objects.filter(pk__among=Blank("keys")).select_related("skill", "last_human_agent").order_by("pk")
    )
)


@pytest.fixture
def talks(db: None) -> list[Conversation]:
    said = [("consumer", "Where is it?"), ("agent", "On its way.")]
    return [
        factories.conversation(skill=factories.skill(), agents=[factories.agent()], messages=said),
        factories.conversation(agents=[factories.agent()]),
        factories.conversation(skill=factories.skill()),
    ]


def test_answers_what_the_query_set_does(talks: list[Conversation]) -> None:
    asked = [each.pk for each in talks[:2]]
    expected = list(Conversation.objects.filter(pk__in=asked).select_related("skill").order_by("pk"))

    found = ROWS(keys=asked)

    assert found == expected
    for got, wanted in zip(found, expected, strict=True):
        assert {f.attname: getattr(got, f.attname) for f in Conversation._meta.concrete_fields} == {
            f.attname: getattr(wanted, f.attname) for f in Conversation._meta.concrete_fields
        }
    assert ROWS(keys=[]) == []
    assert ROWS(keys=[talks[2].pk]) == [talks[2]]


def test_instants_are_those_of_the_query_set(talks: list[Conversation]) -> None:
    """Whether they stand in a column, are reckoned from some, or are not there."""
    Conversation.objects.filter(pk=talks[0].pk).update(ended_at=None)
    rows = Conversation.objects.values("channel").order_by("channel")
    wanted = rows.annotate(first=Min("started_at"), last=Max("ended_at")).values_list("first", "last")
    by_row = Conversation.objects.order_by("pk").values_list("started_at", "ended_at")

    assert Prepared(lambda: wanted)() == list(wanted)
    assert Prepared(lambda: by_row)() == list(by_row)
    assert [started.tzinfo for started, _ in by_row] == [UTC] * 3 and by_row[0][1] is None


def test_brings_what_belongs_to_a_row(
    talks: list[Conversation], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ROWS(keys=[])

    with django_assert_num_queries(1):
        found = ROWS(keys=[each.pk for each in talks])
        assert [each.skill for each in found] == [each.skill for each in talks]
        assert [each.last_human_agent for each in found] == [each.last_human_agent for each in talks]
    assert isinstance(found[0].skill, Skill) and found[1].skill is None
    assert isinstance(found[0].last_human_agent, Agent) and found[2].last_human_agent is None
    assert not found[0]._state.adding and found[0]._state.db == "default"


def test_sees_what_was_stored_since(talks: list[Conversation]) -> None:
    named = Prepared(lambda: Tag.objects.order_by("key").values_list("name", flat=True))
    assert named() == []

    Tag.objects.create(name="Late", key="late")

    assert named() == ["Late"]


@pytest.mark.parametrize("text", ["100 % 'sure'", 'a "b" \\', "%s", "Zoë 🙂", ""])
def test_texts_are_values_and_never_sql(db: None, text: str) -> None:
    by_name = Prepared(lambda: Tag.objects.filter(name=Blank("name"), key__among=Blank("keys")))
    Tag.objects.create(name="other", key="other")
    made = Tag.objects.create(name=text or "x", key="mine %s")

    assert by_name(name=text, keys=["other", "mine %s"]) == ([made] if text else [])


def test_rows_of_values_annotations_and_parts(talks: list[Conversation]) -> None:
    user = factories.user()
    for each in talks[:2]:
        Review.objects.create(conversation=each, user=user, reviewed_at=each.started_at)
    pairs = Prepared(
        lambda: Review.objects.filter(user=Blank("user")).order_by("pk").values_list("conversation_id", "reviewed_at")
    )
    counts = Prepared(
        lambda: Review.objects.order_by().values("user").annotate(n=Count("pk")).values_list("user_id", "n")
    )
    counted = Prepared(lambda: Conversation.objects.annotate(n=Count("reviews")).order_by("pk").only("csat"))

    assert pairs(user=user.pk) == [(each.pk, each.started_at) for each in talks[:2]]
    assert pairs(user=user.pk + 1) == []
    assert counts() == [(user.pk, 2)]
    assert [each.n for each in counted()] == [1, 1, 0]
    assert "started_at" in counted()[0].get_deferred_fields()


def test_instants_and_places_of_a_range(talks: list[Conversation]) -> None:
    since = Prepared(lambda: Conversation.objects.filter(started_at__gte=Blank("since")).order_by("pk"))
    within = Prepared(lambda: Message.objects.within(Blank("first"), Blank("last")).select_related("agent"))
    at = talks[0].started_at
    first, last = message_range(talks[0].pk)

    assert since(since=at) == list(Conversation.objects.filter(started_at__gte=at).order_by("pk"))
    assert since(since=at + timedelta(days=4000)) == []
    assert within(first=first, last=last) == list(Message.objects.of(talks[0].pk))


def test_a_blank_stands_in_a_query_inside_the_query(talks: list[Conversation]) -> None:
    user, messages = factories.user(), Message.objects.of(talks[0].pk)
    there = messages[0].message_id
    for ident in (there, "gone"):
        Note.objects.create(
            conversation=talks[0],
            message_id=ident,
            user=user,
            text="x",
            written_at=talks[0].started_at,
            nonce=ident[-36:],
        )
    notes = Prepared(lambda: Note.objects.of(Blank("pk"), Message.objects.within(Blank("first"), Blank("last"))))
    first, last = message_range(talks[0].pk)

    assert {each.message_id: each.has_message for each in notes(pk=talks[0].pk, first=first, last=last)} == {
        there: True,
        "gone": False,
    }


def test_what_is_not_filled_is_an_error(talks: list[Conversation]) -> None:
    with pytest.raises(KeyError, match="keys"):
        ROWS()


@pytest.mark.django_db(transaction=True)
def test_threads_ask_over_their_own_connections() -> None:
    talks = [factories.conversation() for _ in range(3)]
    prepared = Prepared(lambda: Conversation.objects.filter(pk=Blank("pk")).select_related("skill"))
    answers: dict[int, list[Conversation]] = {}

    def ask(pk: int) -> None:
        for _ in range(20):
            answers[pk] = prepared(pk=pk)
        connection.close()

    threads = [threading.Thread(target=ask, args=[each.pk]) for each in talks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == {each.pk: [each] for each in talks}
    assert prepared._statement is not None and prepared._statement.compiler.connection is None
    connection.close()
    assert prepared(pk=talks[0].pk) == [talks[0]]


@pytest.mark.django_db(transaction=True)
def test_reads_what_its_own_transaction_wrote() -> None:
    talk = factories.conversation(csat=1)
    ratings = Prepared(lambda: Conversation.objects.filter(pk=Blank("pk")).values_list("csat", flat=True))

    with transaction.atomic():
        Conversation.objects.filter(pk=talk.pk).update(csat=5)
        assert ratings(pk=talk.pk) == [5]


def test_each_reader_is_asked_for_within_their_own_scope(talks: list[Conversation]) -> None:
    prepared = PreparedInSight(lambda seen: seen.order_by("pk"))
    inner, outer = factories.group(), factories.group()
    ours, theirs = (factories.conversation(agents=[factories.agent(group=group)]) for group in (inner, outer))
    readers = [
        factories.user("stranger"),
        factories.user(groups=[inner]),
        factories.user(groups=[outer]),
        factories.user(groups=[inner, outer]),
        factories.user(groups=[inner], unassigned_too=True),
        factories.user(unassigned_too=True),
        factories.user(),
        factories.user("analyst"),
        factories.user("admin"),
    ]

    for user in [*readers, *reversed(readers)]:
        assert prepared(user) == list(Conversation.objects.visible_to(user).order_by("pk"))
    assert prepared(readers[1]) == [ours] and prepared(readers[2]) == [theirs]


def test_leaves_nothing_for_the_collector(talks: list[Conversation]) -> None:
    """A page asks thirty of them, and the collector runs seldom."""
    keys = [each.pk for each in talks]
    ROWS(keys=keys)
    gc.collect()
    gc.disable()
    try:
        for _ in range(10):
            ROWS(keys=[])
        assert gc.collect() == 0
    finally:
        gc.enable()
