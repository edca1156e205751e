"""What is newer than the files of a copy: few places read of them, and who was met counted on change by change."""

import itertools
import random
from typing import Any

import numpy as np
import pytest
from django.utils import timezone

from interactions.models import Agent, AgentGroup, Conversation, Flag, Participation, Review, sight_of
from interactions.search.columnar import answer, copy, infile, making, segment
from interactions.search.columnar.infile import InFile
from interactions.search.columnar.segment import spread
from interactions.search.names import agents_known_to, groups_known_to
from tests import factories

from .conftest import asked
from .copies import is_true
from .world import World

SIZE = 1_000


@pytest.fixture(params=[1, 7, 128])
def in_pieces(monkeypatch, request):
    monkeypatch.setattr(infile, "_STRETCH", 16)
    monkeypatch.setattr(infile, "_MOST", request.param)


@pytest.mark.usefixtures("in_pieces")
@pytest.mark.parametrize("kind", [np.int8, np.int32, np.int64])
@pytest.mark.parametrize("size", [0, 1, 15, 16, 17, SIZE])
def test_reads_some_places_as_the_whole_column_has_them(tmp_path, kind, size):
    dice = np.random.default_rng(size)
    values = np.sort(dice.integers(-100, 100, size)).astype(kind)
    path = tmp_path / "column"
    path.write_bytes(values.tobytes())
    with path.open("rb", buffering=0) as file:
        column = InFile(file, np.dtype(kind))
        assert column.whole().tolist() == values.tolist()
        for many in (0, 1, 5, 200):
            places = np.unique(dice.integers(0, size, many)) if size else np.zeros(0, dtype=np.int64)
            assert column.at(places).tolist() == values[places].tolist()
            sought = np.sort(dice.integers(-120, 120, many)).astype(np.int64)
            assert column.first_from(sought).tolist() == np.searchsorted(values, sought).tolist()


@pytest.mark.parametrize("missing", [[], [0], [17], [40, 41], range(20, 60), range(5, 99, 3)])
def test_finds_conversations_among_ids_with_and_without_gaps(tmp_path, missing, monkeypatch):
    monkeypatch.setattr(segment, "_PIECE", 16)
    ids = np.array([key for key in range(7, 107) if key - 7 not in missing], dtype=np.int64)
    path = tmp_path / "id"
    path.write_bytes(ids.tobytes())
    dice = np.random.default_rng(len(ids))
    with path.open("rb", buffering=0) as file:
        among = segment.InFiles({"id": InFile(file, ids.dtype)}, len(ids), {}).among
        for many in (0, 1, 5, 60, 200):
            keys = dice.integers(-10, 130, many)  # in any order, some of them twice
            assert among(keys).tolist() == np.isin(ids, keys).tolist()
        assert among(ids).all()


def test_places_of_stretches():
    assert spread(np.array([3, 9, 9, 20]), np.array([5, 9, 12, 21])).tolist() == [3, 4, 9, 10, 11, 20]
    assert spread(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)).tolist() == []


def _older_instants_are_as_true(reader):
    """Of a page that still reads the copy as it was, whom somebody met is what it was."""
    sight = sight_of(reader)
    older = copy.current()
    assert older is not None
    met = older.met_by(sight)
    for pk in Conversation.objects.order_by("pk").values_list("pk", flat=True)[:5]:
        Conversation.objects.filter(pk=pk).update(group=None)
        Participation.objects.filter(conversation=pk).delete()
    newer = copy.current()
    assert newer is not None and newer.met_by(sight) != met
    older._met.clear()
    assert older.met_by(sight) == met


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("small_copies", "in_pieces")
def test_whom_somebody_met_is_counted_on_as_conversations_change(world, analyst, reader, monkeypatch):
    """Against what the database says, after each of many changes, most of them of what has changed before."""
    making.renew()
    dice = random.Random(5)
    agents, groups = list(Agent.objects.all()), list(AgentGroup.objects.all())
    stranger = factories.agent("Nobody's", group=world.groups[2])
    names = set()
    for step in range(40):
        pks = list(Conversation.objects.order_by("pk").values_list("pk", flat=True))
        chosen = dice.sample(pks, dice.choice((1, 1, 2, 9)))
        match step % 4:
            case 0:
                Conversation.objects.filter(pk__in=chosen).update(group=dice.choice([None, *groups]))
            case 1:
                group, agent = dice.choice(groups), dice.choice([stranger, *agents])
                Participation.objects.filter(conversation__in=chosen).update(group=group, agent=agent)
            case 2:
                Participation.objects.filter(conversation__in=chosen).delete()
            case _:
                World(analyst, size=3, seed=step)
                Conversation.objects.filter(pk__in=chosen[:1]).delete()
        met = answer.met_by(reader)
        assert met is not None
        found = [set(agents_known_to(reader)), set(groups_known_to(reader))]
        with monkeypatch.context() as patch:
            patch.setattr("interactions.search.names.met_by", lambda user: None)
            assert found == [set(agents_known_to(reader)), set(groups_known_to(reader))], step
        seen = Conversation.objects.visible_to(reader)
        counted = {agent.pk: seen.filter(participations__agent=agent).distinct().count() for agent in agents}
        assert {pk: met.agents[pk] for pk in counted} == counted, step
        names.add(frozenset(met.agents))
    assert len(names) > 1
    assert is_true(analyst, reader)
    _older_instants_are_as_true(reader)
    now = copy.current()
    assert now is not None and len(now.files.gone) and len(now.newer)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("small_copies")
@pytest.mark.parametrize("kept", [1, 2, 8])
@pytest.mark.parametrize(
    "text",
    ["csat=1&csat=2", "csat=1&csat=2&sort=-mcs", "sort=agent&csat=1&csat=2", "flag=1", "flag=0", "reviewed=me"],
)
def test_what_is_kept_of_a_list_is_of_no_other_and_of_no_other_instant(world, analyst, reader, text, kept, monkeypatch):
    """Two people walk two lists by turns, while conversations change, come and go, and are marked."""
    monkeypatch.setattr(copy, "_KEPT", kept)
    making.renew()
    dice = random.Random(7)
    for step in range(12):
        for user, words in itertools.product((analyst, reader), (text, "csat=3")):
            query = asked(words)
            found = answer.answer_to(query.conditions(), user)
            assert found is not None
            rows: Any = query.order.prepared(query.filtered(user)).values_list(query.order.sort.key, "pk")
            wanted = query.order.walk(rows, None, 200)
            keys = found.keys(query.order, None, 200)
            assert keys == wanted, (step, words)
            assert found.count() == len(wanted)
            if keys:
                assert found.keys(query.order, keys[0], 200) == keys[1:]
                assert found.holds(keys[-1][1])
        now = copy.current()
        assert now is not None and len(now._lines) <= kept
        pks = list(Conversation.objects.order_by("pk").values_list("pk", flat=True))
        chosen = dice.sample(pks, 5)
        match step % 4:
            case 0:
                Conversation.objects.filter(pk__in=chosen).update(csat=dice.choice([1, 2, 3, None]))
            case 1:
                World(analyst, size=3, seed=step)
            case 2:
                Conversation.objects.filter(pk__in=chosen[:1]).delete()
            case _:
                mark = {"user": analyst, "flagged_at": timezone.now()}
                Flag.objects.get_or_create(conversation_id=chosen[0], defaults=mark)
                read = {"reviewed_at": timezone.now()}
                Review.objects.get_or_create(conversation_id=chosen[0], user=reader, defaults=read)
                Flag.objects.filter(conversation_id=chosen[1]).delete()
