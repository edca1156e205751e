"""Facets counted on as conversations change: always what the database says, and never counted anew for a change."""

import random

import pytest

from interactions.models import Agent, AgentGroup, Conversation, Participation, TranscriptText
from interactions.models.together import as_text
from interactions.search import tallies
from interactions.search.columnar import answer, copy, counted, making, segment
from interactions.search.facets import NAMES, counts_of
from tests import factories

from .conftest import asked
from .saying import store
from .world import World

QUESTIONS = (
    "",
    "csat=1&csat=2",
    "handled_by=human&weekday=1&weekday=2",
    "q=refund",
    "q=-refund&sort=mcs",
    "mcs_min=20",
)
MARKED = ("reviewed=no", "flag=1&csat=1")

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("small_copies")]


def _change(step: int, dice: random.Random, analyst: object) -> None:
    pks = list(Conversation.objects.order_by("pk").values_list("pk", flat=True))
    chosen = Conversation.objects.filter(pk__in=dice.sample(pks, dice.choice((1, 2, 9))))
    agents = list(Agent.objects.all())
    match step % 5:
        case 0:
            chosen.update(csat=dice.choice([None, 1, 5]), status=dice.choice(["open", "closed"]), mcs=77)
        case 1:
            Participation.objects.filter(conversation__in=chosen).update(
                group=dice.choice(list(AgentGroup.objects.all())), agent=dice.choice(agents), is_counted=step % 2
            )
        case 2:
            chosen.update(has_human=dice.choice([True, False]), bot_message_count=dice.choice([0, 3]), language="cy")
        case 3:
            Participation.objects.filter(conversation__in=chosen).delete()
        case _:
            World(analyst, size=4, seed=step)
            chosen.delete()
    for talk in chosen:  # as the import writes it beside
        talk.took_part = as_text(talk.participations.values_list("agent", flat=True).distinct())
        talk.save()


def _by_database(query, user, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(tallies, "answer_to", lambda conditions, user: None)
        return counts_of(query, user)


@pytest.mark.parametrize("kept", [0, counted._KEPT])
def test_counts_on_what_the_database_counts(world, analyst, reader, kept, monkeypatch):
    monkeypatch.setattr(counted, "_KEPT", kept)
    making.renew()
    dice = random.Random(11)
    differing = set()
    for step in range(25):
        _change(step, dice, analyst)
        for user in (analyst, reader):
            for text in (*QUESTIONS, dice.choice(MARKED)):
                query = asked(text)
                assert answer.answer_to(query.conditions(), user) is not None
                found = counts_of(query, user)
                assert found == _by_database(query, user, monkeypatch), (step, text)
                differing.add(repr(found))
    assert len(differing) > 100
    now = copy.current()
    assert now is not None and len(now.files.gone) and len(now.newer)


def test_counts_the_files_once_for_a_question(world, analyst, reader, monkeypatch):
    making.renew()
    counts, count = [], counted.count
    monkeypatch.setattr(counted, "count", lambda segment, *rest: counts.append(segment) or count(segment, *rest))
    dice = random.Random(2)
    first = 0
    for step in range(6):
        for user in (analyst, reader):
            counts_of(asked("csat=1&csat=2"), user, NAMES)
        in_hand = copy.current()
        assert in_hand is not None
        first = first or counts.count(in_hand.files.segment)
        _change(2 if step % 2 else 0, dice, analyst)
    assert 0 < first == counts.count(in_hand.files.segment)


def test_an_earlier_instant_is_counted_as_it_was(world, analyst):
    making.renew()
    older = copy.current()
    assert older is not None
    before = answer.Answer(older, (), answer.Sight(everything=True)).tallies(["csat", "status"])
    Conversation.objects.filter(csat=1).update(csat=2)
    newer = copy.current()
    assert newer is not None
    after = answer.Answer(newer, (), answer.Sight(everything=True)).tallies(["csat", "status"])
    assert after["csat"] != before["csat"] and "1" not in after["csat"]
    assert answer.Answer(older, (), answer.Sight(everything=True)).tallies(["csat", "status"]) == before
    assert answer.Answer(newer, (), answer.Sight(everything=True)).tallies(["csat", "status"]) == after


def test_a_conversation_is_taken_off_by_what_it_was_when_it_was_counted(world, analyst):
    """What the index says of a row that is gone is what its conversation says by now."""
    talk = factories.conversation(agents=[world.agents[0]], csat=4)
    store(talk, {"consumer": ["marmalade"]})
    making.renew()
    query = asked("q=marmalade")
    assert counts_of(query, analyst, ["csat"])["csat"] == {"4": 1}
    TranscriptText.objects.filter(conversation=talk).delete()
    store(talk, {"consumer": ["butter"]})
    Conversation.objects.filter(pk=talk.pk).update(message_count=77)  # as the import writes it with its words
    files = copy.current().files.segment
    files._answers = segment.Answers(len(files))
    assert counts_of(query, analyst, ["csat", "status"]) == {"csat": {}, "status": {}}
