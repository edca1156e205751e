"""Previous and next of the conversation in hand."""

import pytest
from django.db import connection

from interactions.models import Conversation
from interactions.search import SORTS, neighbours
from tests import factories
from tests.matching import in_order

from .conftest import asked
from .walks import forwards

DIRECTED = [f"{sign}{name}" for name in SORTS for sign in ("", "-")]


def beside(query, user, pk):
    found = query.neighbours(user, Conversation.objects.get(pk=pk))
    return (found.previous and found.previous.pk, found.next and found.next.pk, found.rank, found.count)


@pytest.mark.parametrize("sort", DIRECTED)
def test_finds_the_rows_beside_any_row_of_every_order(sort, world, analyst):
    query = asked(f"sort={sort}" + ("&seed=3" if "shuffle" in sort else ""))
    order = forwards(query, analyst, 40)
    for number in (0, 1, *range(5, len(order) - 1, 6), len(order) - 1):
        pk = order[number]
        before = order[number - 1] if number else None
        after = order[number + 1] if number + 1 < len(order) else None
        assert beside(query, analyst, pk) == (before, after, number + 1, len(order))


@pytest.mark.parametrize("sort", ["-started_at", "mcs", "-mcs", "agent"])
def test_finds_neighbours_of_a_row_that_left_the_list(sort, world, analyst):
    whole = in_order(world.rows, sort)
    listed = {row["id"] for row in world.rows if row["csat"] == 1}
    query = asked(f"sort={sort}&csat=1")
    for number, pk in list(enumerate(whole))[::4]:
        before = [other for other in whole[:number] if other in listed]
        after = [other for other in whole[number + 1 :] if other in listed]
        rank = len(before) + 1 if pk in listed else None
        expected = (before[-1] if before else None, after[0] if after else None, rank, len(listed))
        assert beside(query, analyst, pk) == expected


def test_stands_alone_in_an_empty_list(analyst):
    made = factories.conversation(csat=2)
    assert beside(asked("csat=1"), analyst, made.pk) == (None, None, None, 0)


def test_never_leads_outside_the_readers_groups(supervisor):
    mine = factories.agent(group=supervisor.scope.groups.get())
    seen = [factories.conversation(agents=[mine]).pk]
    factories.conversation(agents=[factories.agent(group=factories.group())])
    seen.append(factories.conversation(agents=[mine]).pk)
    assert beside(asked("sort=started_at"), supervisor, seen[0]) == (None, seen[1], 1, 2)


def test_finds_its_place_without_counting_where_that_takes_too_long(world, analyst, monkeypatch):
    monkeypatch.setattr(neighbours, "within", lambda seconds, ask: None)
    query = asked("")
    ordered = [pk for keys in query.keyset(analyst) for pk in keys]
    for pk in ordered:
        beside = query.neighbours(analyst, Conversation.objects.get(pk=pk))
        assert beside.count is None
        token = beside.page(10)
        page = query.replace(page=token).rows(analyst, 10) if token else query.rows(analyst, 10)
        assert pk in [row.pk for row in page.rows]


def test_asks_only_for_what_is_wanted(analyst, django_assert_max_num_queries):
    made = [factories.conversation(mcs=n) for n in range(3)]
    with django_assert_max_num_queries(2 + 1):
        found = asked("sort=mcs").neighbours(analyst, made[1])
        assert (found.previous, found.next) == (made[0], made[2])


@pytest.mark.parametrize("sort", DIRECTED)
def test_finds_the_page_on_which_a_row_stands(sort, world, analyst):
    query = asked(f"sort={sort}" + ("&seed=3" if "shuffle" in sort else ""))
    order = forwards(query, analyst, 40)
    for number, pk in list(enumerate(order))[::7]:
        token = query.neighbours(analyst, Conversation.objects.get(pk=pk)).page(10)
        page = query.replace(page=token).rows(analyst, 10)
        start = number // 10 * 10
        assert [row.pk for row in page.rows] == order[start : start + 10]
        assert page.start == start + 1


@pytest.mark.parametrize("sort", ["-started_at", "mcs", "agent"])
def test_finds_the_rows_around_one_and_where_it_goes_on(sort, world, analyst):
    query = asked(f"sort={sort}")
    order = [row.pk for row in query.rows(analyst, 100).rows]
    middle = len(order) // 2
    around = query.neighbours(analyst, Conversation.objects.get(pk=order[middle])).around(2, 2)
    assert (around.before, around.after) == (order[middle - 2 : middle], order[middle + 1 : middle + 3])
    earlier = query.replace(page=around.earlier).rows(analyst, 3).rows
    assert [row.pk for row in earlier] == order[max(middle - 5, 0) : middle - 2] or earlier[0].pk == order[0]
    later = query.replace(page=around.later).rows(analyst, 3).rows
    assert [row.pk for row in later] == order[middle + 3 : middle + 6]
    whole = query.neighbours(analyst, Conversation.objects.get(pk=order[0])).around(100, 100)
    assert (whole.before, whole.after, whole.earlier, whole.later) == ([], order[1:], None, None)


def test_tries_no_rank_where_the_whole_takes_too_long_to_count(world, analyst, monkeypatch):
    tried = []
    monkeypatch.setattr(neighbours, "PAGE_SIZE", 2)
    monkeypatch.setattr(neighbours, "within", lambda seconds, ask: tried.append(seconds))
    *_, last = [pk for keys in asked("").keyset(analyst) for pk in keys]
    beside = asked("").neighbours(analyst, Conversation.objects.get(pk=last))
    assert (beside.rank, beside.count, len(tried)) == (None, None, 1)


@pytest.mark.parametrize(("hopeless", "seconds", "is_known"), [(3, None, False), (3, 9.0, True), (900, None, True)])
def test_counts_no_place_among_too_many_unless_it_is_given_time(
    hopeless, seconds, is_known, world, analyst, monkeypatch
):
    monkeypatch.setattr(neighbours, "PAGE_SIZE", 2)
    monkeypatch.setattr(neighbours, "HOPELESS", hopeless)
    *_, last = [pk for keys in asked("").keyset(analyst) for pk in keys]
    found = asked("").neighbours(analyst, Conversation.objects.get(pk=last), seconds)
    assert (found.count, found.rank) == (len(world.rows), len(world.rows) if is_known else None)


@pytest.mark.parametrize("sort", ["mcs", "first_response", "mcs_fall"])
def test_ranks_rows_without_a_value_also_after_analyze(sort, supervisor):
    # SQLite 3.40 forgot to compare the ids of a supervisor's rows then.
    mine, other = factories.agent(group=supervisor.scope.groups.get()), factories.agent(group=factories.group())
    for number in range(900):
        rated = number % 100 if number % 3 else None
        values = {"mcs": rated, "mcs_fall": rated, "first_response_seconds": rated}
        factories.conversation(agents=[other if number % 9 else mine], **values)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    query = asked(f"sort={sort}")
    order = forwards(query, supervisor, 50)
    assert len(order) == 100
    ranks = [query.neighbours(supervisor, Conversation.objects.get(pk=pk), 20).rank for pk in order]
    assert ranks == list(range(1, 101))
