"""What a process remembers of marks is what the table says, whatever came and went since."""

import random

import pytest
from django.db import connection, transaction
from django.utils import timezone

from interactions.models import Flag, Note, Review, Tag, Tagging
from interactions.search import having, marks
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _few(monkeypatch):
    monkeypatch.setattr(having, "_FEW", 0)


def truth(model):
    return sorted(set(model.objects.values_list("conversation", flat=True)))


def test_follows_marks_that_come_and_go():
    dice = random.Random(4)
    talks = [factories.conversation() for _ in range(40)]
    people = [factories.user() for _ in range(3)]
    tags = [Tag.objects.create(name=name, key=name) for name in ("late", "rude")]
    now = timezone.now()
    for _ in range(300):
        talk, person = dice.choice(talks), dice.choice(people)
        what = dice.randrange(7)
        if what < 2:
            Review.objects.get_or_create(conversation=talk, user=person, defaults={"reviewed_at": now})
        elif what == 2:
            defaults = {"user": person, "tagged_at": now}
            Tagging.objects.get_or_create(conversation=talk, tag=dice.choice(tags), defaults=defaults)
        elif what == 3:
            Note.objects.create(conversation=talk, user=person, text="words", written_at=now)
        elif what == 4:
            Flag.objects.get_or_create(conversation=talk, defaults={"user": person, "flagged_at": now})
        else:
            # One that went and one that came leave as many as there were.
            model = dice.choice([Review, Tagging, Note, Flag])
            if found := model.objects.order_by("?").first():
                found.delete()
        if dice.random() < 0.4:
            for name, model in (("reviewed", Review), ("tag", Tagging), ("note", Note), ("flag", Flag)):
                assert having.conversations(name).tolist() == truth(model), name


def test_reads_what_came_alone(django_assert_num_queries):
    talks = [factories.conversation() for _ in range(4)]
    for talk in talks[:2]:
        Review.objects.create(conversation=talk, user=factories.user(), reviewed_at=timezone.now())
    having.conversations("reviewed")
    known = truth(Review)
    with django_assert_num_queries(1):
        assert having.conversations("reviewed").tolist() == known
    assert len(having._known) == (connection.vendor == "sqlite")
    Review.objects.first().delete()
    Review.objects.create(conversation=talks[3], user=factories.user(), reviewed_at=timezone.now())
    assert having.conversations("reviewed").tolist() == truth(Review)


def test_remembers_nothing_of_marks_that_are_not_left_after_all():
    here, there = factories.conversation(), factories.conversation()
    person = factories.user()
    with transaction.atomic():
        Review.objects.create(conversation=here, user=person, reviewed_at=timezone.now())
        assert having.conversations("reviewed").tolist() == [here.pk]
        transaction.set_rollback(True)
    # It gets the key that the other had.
    Review.objects.create(conversation=there, user=person, reviewed_at=timezone.now())
    assert having.conversations("reviewed").tolist() == [there.pk]


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        ("reviewed", {"any", "me"}, True),
        ("reviewed", {"me", "no"}, False),
        ("flag", {"1"}, True),
        ("flag", {"0"}, False),
        ("tag", {"1"}, False),
        ("tag", {"any"}, False),
    ],
)
def test_knows_who_asks_for_any_mark(name, values, expected):
    assert marks.asks_for_any(name, values) is expected
