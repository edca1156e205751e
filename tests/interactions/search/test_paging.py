"""Walking a list page by page, in every order, forwards and backwards."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interactions.models import Conversation
from interactions.search import SORTS, BadPosition, ConversationQuery, paging
from interactions.search.position import Position, read
from tests import factories
from tests.matching import in_order

from .conftest import asked
from .walks import backwards, forwards

DIRECTED = [f"{sign}{name}" for name in SORTS if name != "shuffle" for sign in ("", "-")]


def pks(page):
    return [row.pk for row in page.rows]


@pytest.mark.parametrize("sort", DIRECTED)
def test_walks_every_order_both_ways(sort, world, analyst, monkeypatch):
    query = asked(f"sort={sort}")
    expected = in_order(world.rows, sort)
    for size in (1, 7, len(expected), 50):
        assert forwards(query, analyst, size) == expected
        assert backwards(query, analyst, size) == expected
        for ahead in (1, 5, len(expected), 1000):
            monkeypatch.setattr(paging, "AHEAD", ahead)
            assert [pk for keys in query.keyset(analyst, size=size) for pk in keys] == expected


@pytest.mark.parametrize("column", ["csat", "ended_at"])
def test_walks_a_column_without_any_value(column, analyst):
    made = [factories.conversation(status="open", csat=None).pk for _ in range(5)]
    assert forwards(asked(f"sort={column}"), analyst, 2) == made
    assert backwards(asked(f"sort=-{column}"), analyst, 2) == made[::-1]


def test_shows_a_short_list_on_one_page(analyst):
    made = factories.conversation()
    page = asked("").rows(analyst)
    assert pks(page) == [made.pk]
    assert (page.first, page.previous, page.next, page.last, page.start) == (None, None, None, None, 1)


def test_shows_an_empty_list(analyst):
    page = asked("").rows(analyst)
    assert (page.rows, page.next, page.previous, page.start) == ([], None, None, None)
    assert list(asked("").keyset(analyst)) == []


def test_goes_straight_to_both_ends(world, analyst):
    query = asked("sort=mcs")
    expected = in_order(world.rows, "mcs")
    last = query.replace(page=query.rows(analyst, size=7).last).rows(analyst, size=7)
    assert pks(last) == expected[-7:]
    assert (last.start, last.start_of(len(expected))) == (None, len(expected) - 6)
    assert pks(query.replace(page=last.first).rows(analyst, size=7)) == expected[:7]


def test_counts_places_from_the_end_when_it_came_from_there(world, analyst):
    query = asked("sort=csat")
    last = query.replace(page=query.rows(analyst, size=7).last).rows(analyst, size=7)
    before = query.replace(page=last.previous).rows(analyst, size=7)
    assert before.start_of(40) == 40 - 13
    assert query.replace(page=before.next).rows(analyst, size=7).start_of(40) == 40 - 6


def test_neither_skips_nor_repeats_a_row_when_others_arrive(world, analyst):
    query = asked("")
    expected = in_order(world.rows, "-started_at")
    page = query.rows(analyst, size=10)
    factories.conversation()
    after = query.replace(page=page.next).rows(analyst, size=10)
    assert pks(after) == expected[10:20]
    assert after.start == 11


def test_shows_a_full_first_page_when_rows_before_are_gone(world, analyst):
    query = asked("")
    expected = in_order(world.rows, "-started_at")
    second = query.replace(page=query.rows(analyst, size=10).next).rows(analyst, size=10)
    delete(expected[3:6])
    back = query.replace(page=second.previous).rows(analyst, size=10)
    assert pks(back) == expected[:3] + expected[6:13]
    assert (back.start, back.previous) == (1, None)


def test_shows_the_end_when_what_came_after_is_gone(world, analyst):
    query = asked("")
    expected = in_order(world.rows, "-started_at")
    page = query.rows(analyst, size=30)
    delete(expected[30:])
    after = query.replace(page=page.next).rows(analyst, size=30)
    assert pks(after) == expected[:30]


def delete(keys):
    for row in Conversation.objects.filter(pk__in=keys):
        row.participations.all().delete()
        row.delete()


def test_finds_the_place_of_a_row_that_is_gone(world, analyst):
    query = asked("sort=-mcs")
    expected = in_order(world.rows, "-mcs")
    page = query.rows(analyst, size=5)
    delete([expected[4]])
    assert pks(query.replace(page=page.next).rows(analyst, size=5)) == expected[5:10]


def test_counts_a_place_in_no_other_list_than_its_own(world, analyst):
    every = asked("sort=-started_at")
    token = every.rows(analyst, size=5).next
    assert every.replace(page=token).rows(analyst, size=5).start == 6
    # The same rows under another person's eyes, and another filter's.
    rows = every.replace(page=token).rows(factories.user(groups=world.groups), size=5)
    assert rows.rows and rows.start is None
    narrower = asked(f"sort=-started_at&mcs_min=0&page={token}").rows(analyst, size=5)
    assert narrower.rows and narrower.start is None
    # As it was written before places named their list.
    old = token_without_list(token)
    assert every.replace(page=old).rows(analyst, size=5).start is None
    assert pks(every.replace(page=old).rows(analyst, size=5)) == pks(every.replace(page=token).rows(analyst, size=5))


def token_without_list(token):
    found = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    return base64.urlsafe_b64encode(json.dumps(found[:-1]).encode()).decode().rstrip("=")


def test_cannot_mix_up_the_places_of_two_orders(world, analyst):
    page = asked("sort=csat").rows(analyst, size=5)
    for other in ("-csat", "mcs", "-started_at"):
        with pytest.raises(BadPosition):
            ConversationQuery(sort=other, page=page.next).rows(analyst)


FORGED = [
    '["after","csat",1,1]',
    '["beside","csat",1,1,1]',
    '["after","csat","1",1,1]',
    '["after","csat",true,1,1]',
    '["after","csat",1.5,1,1]',
    '["after","csat",NaN,1,1]',
    '["after","csat",1,null,1]',
    '["after","csat",1,-1,1]',
    '["after","csat",1,1,"1"]',
    '["after","csat",99999999999999999999,1,1]',
    '["after","csat",1,99999999999999999999,1]',
    '["after",["csat"],1,1,1]',
    '[["after"],"csat",1,1,1]',
    '{"after":1,"csat":2,"c":3,"d":4,"e":5}',
    "[" * 900,
    "null",
    "1",
    "",
    '["after","csat",' + "9" * 1500 + ",1,1]",
]


@pytest.mark.parametrize("text", FORGED)
def test_refuses_a_forged_place(text):
    with pytest.raises(BadPosition):
        read(packed(text), asked("sort=csat").order)


@pytest.mark.parametrize(
    ("sort", "value"),
    [("agent", '"a\\u0000"'), ("agent", '"\\ud800"'), ("agent", "7"), ("started_at", "null"), ("ended_at", 2**62)],
)
def test_refuses_a_value_that_the_order_cannot_have(sort, value):
    with pytest.raises(BadPosition):
        read(packed(f'["after","{sort}",{value},1,1]'), asked(f"sort={sort}").order)


def packed(text):
    import base64

    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@given(st.text(st.characters(codec=None, exclude_categories=()), max_size=80))
def test_refuses_any_other_word(text):
    with pytest.raises(BadPosition):
        read(text, asked("sort=csat").order)


@pytest.mark.parametrize(
    "sign", ["\N{SLIGHTLY SMILING FACE}", "\x01", '"', "\N{LATIN SMALL LETTER E WITH ACUTE}", "\\"]
)
def test_reads_back_the_longest_name(sign):
    order = asked("sort=-agent").order
    position = Position("after", sign * 200, 2**63 - 1, -(10**9))
    assert read(position.token(order), order) == position


@given(
    st.sampled_from(["first", "after", "before", "last"]),
    st.one_of(st.none(), st.integers(-(2**31), 2**31)),
    st.integers(0, 2**63 - 1),
    st.one_of(st.none(), st.integers(-(10**9), 10**9)),
)
def test_reads_back_what_it_wrote(side, value, pk, place):
    order = asked("sort=-mcs").order
    position = Position(side, value if side in ("after", "before") else None, pk, place)
    token = position.token(order)
    assert read(token, order) == position
    assert asked(f"sort=-mcs&page={token}").page == token


@pytest.mark.parametrize("sort", DIRECTED)
def test_asks_as_often_for_5_rows_as_for_50(sort, analyst, django_assert_max_num_queries):
    person = factories.agent(group=factories.group())
    skill, consumer = factories.skill(), factories.consumer()
    for n in range(55):
        factories.conversation(agents=[person], skill=skill, consumer=consumer, mcs=n % 9 or None)
    # The reader's scope, one for each of the two segments of a nullable order, the rows of the page, and their agents,
    # skills and groups. By agent also the names in order, and whether the rows are few within a limit of time: of
    # PostgreSQL that takes four statements more.
    most = 13 if sort.endswith("agent") else 7
    for size in (5, 50):
        with django_assert_max_num_queries(most):
            for row in asked(f"sort={sort}").rows(analyst, size=size).rows:
                assert row.last_human_agent.name and row.last_agent.name and row.skill.name and row.group.name
                assert row.consumer.name
