"""The query object itself: its address, its copies, its words."""

from datetime import date

import pytest
from django.contrib.auth.models import User

from interactions import search
from interactions.search import PARAMETERS, ConversationQuery
from tests import factories

from .conftest import asked

EVERYTHING = User(is_superuser=True)


def test_asks_for_everything_by_default():
    assert ConversationQuery().conditions() == ()
    assert ConversationQuery().params() == []


def test_has_a_field_for_every_parameter():
    fields = set(ConversationQuery.__dataclass_fields__)
    assert fields - set(PARAMETERS) == {"has_own_zone", "now"}
    assert set(PARAMETERS) <= fields


def test_can_stand_in_a_set():
    assert len({asked("csat=1&csat=2"), asked("csat=2&csat=1&csat=1"), asked("csat=3")}) == 2


ADDRESSES = [
    ("sort=-started_at", ""),
    ("skill=9&csat=2&csat=1&csat_min=1", "csat=1&csat=2&csat_min=1&skill=9"),
    ("agent=b&agent=a", "agent=a&agent=b"),
    ("mcs_min=007", "mcs_min=007"),
    ("sort=csat&seed=4", "sort=csat"),
    ("seed=4&sort=shuffle", "sort=shuffle&seed=4"),
    ("zone=Europe/Paris&period=7d", "period=7d&zone=Europe%2FParis"),
    ("credited=7&credit=last", "credited=7"),
    ("credit=all&credited=7", "credited=7&credit=all"),
    ("started_from=2026-11-01", "started_from=2026-11-01"),
    ("columns=csat.mcs&view=4&status=open", "status=open&view=4&columns=csat.mcs"),
]


@pytest.mark.parametrize(("given", "expected"), ADDRESSES)
def test_writes_an_address_of_what_differs_from_the_default(given, expected):
    query = asked(given)
    assert query.querystring() == expected.replace("007", "7")
    assert asked(query.querystring()).params() == query.params()


def test_drops_the_page_when_anything_changes():
    query = ConversationQuery(page="somewhere")
    assert query.replace(csat=("1",)).page is None
    assert query.replace(page="elsewhere").page == "elsewhere"
    with pytest.raises(TypeError, match="no csta, mcss"):
        query.replace(csta=("1",), mcss=("1",))


def test_adds_a_value_and_takes_it_away_again():
    query = asked("csat=2")
    assert query.toggled("csat", "1") == asked("csat=1&csat=2")
    assert query.toggled("csat", "1").toggled("csat", "1") == query
    assert query.toggled("consumer", "5").toggled("consumer", "5") == query


def test_carries_the_zone_where_others_will_read_it():
    query = asked("csat=1", zone="Asia/Tokyo")
    assert query.params() == [("csat", "1")]
    assert query.with_zone().params() == [("csat", "1"), ("zone", "Asia/Tokyo")]
    assert query.replace(zone="UTC").params() == [("csat", "1"), ("zone", "UTC")]


@pytest.mark.parametrize(
    ("given", "depends"),
    [("period=7d", True), ("started_to=2026-11-01", True), ("ended_from=2026-11-01", True), ("weekday=1", True)]
    + [("hour=9", True), ("csat=1", False), ("duration_min=9&sort=-ended_at", False), ("", False)],
)
def test_knows_whether_another_zone_would_make_it_another_question(given: str, depends: bool) -> None:
    assert asked(given).depends_on_zone is depends


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("sort=-duration", "longest first, then open ones"),
        ("sort=duration&status=open&status=closed", "shortest first, then open ones"),
        ("sort=duration&status=closed", "shortest first"),
        ("sort=-duration&duration_min=60", "longest first"),
        ("sort=-duration&status=open", "unsorted, as open ones have no duration"),
        ("sort=-ended_at", "latest end first"),
    ],
)
def test_says_where_open_conversations_stand_in_an_order_by_duration(given: str, words: str) -> None:
    assert asked(given).order_words() == words


def test_opens_one_front_door():
    assert all(hasattr(search, name) for name in search.__all__)
    assert search.__all__ == sorted(search.__all__, key=lambda name: (not name.isupper(), name))


SENTENCES = [
    ("q=third  time&said_by=agent", "“third time” said by agents"),
    ("csat=1&csat=2", "CSAT 1 or 2"),
    ("csat=1&csat=3&csat=2", "CSAT 1, 2 or 3"),
    ("csat=none", "no CSAT"),
    ("csat=1&csat=none", "CSAT 1 or none"),
    ("csat_min=4", "CSAT 4 or higher"),
    ("mcs_max=39", "MCS 39 or lower"),
    ("mcs_min=10&mcs_max=39", "MCS 10 to 39"),
    ("mcs_min=10&mcs_max=10", "MCS 10"),
    ("mcs=none", "no MCS"),
    ("mcs_band=1&mcs_band=-1", "MCS negative or positive"),
    ("mcs_fall_min=30", "MCS fall of 30 or more"),
    ("nps_max=6", "NPS 6 or lower"),
    ("fcr=0", "solved at first contact: no"),
    ("survey=offered&survey=answered", "survey offered, not answered or answered"),
    ("agent=71", "agent Noor Haddad"),
    ("agent=71&agent=gone", "agent Noor Haddad or gone"),
    ("last_agent=72", "last agent Teun"),
    ("credited=71", "survey credited to Noor Haddad"),
    ("credited=71&credit=most", "survey credited to Noor Haddad, who wrote most"),
    ("credited=71&credited=72&credit=all", "survey credited to Noor Haddad or Teun, as to everyone who took part"),
    ("comment=1", "a survey comment"),
    ("reviewed=no", "no review"),
    ("reviewed=me", "my review"),
    ("reviewed=no&reviewed=any", "a review or no review"),
    ("flag=1", "a flag"),
    ("tag=VIP&tag=late++parcel", "tag “late parcel” or “vip”"),
    ("tag=none", "no tag"),
    ("tag=none&tag=vip", "tag “vip” or no tag"),
    ("note=1", "a review note"),
    ("comment=0", "no survey comment"),
    ("handled_by=bot", "handled by bots alone"),
    ("handled_by=human&handled_by=both", "handled by people alone or people and bots"),
    ("weekday=1", "started on a Monday"),
    ("weekday=7&weekday=6&weekday=1", "started on a Monday, Saturday or Sunday"),
    ("hour=9", "started from 9:00 to 9:59"),
    ("hour=9&hour=10&hour=11&hour=0&hour=23", "started from 0:00 to 0:59, 9:00 to 11:59 or 23:00 to 23:59"),
    ("group=41", "group Delivery team"),
    ("skill=21", "skill Delivery"),
    ("consumer=4", "one consumer"),
    ("consumer=4&consumer=5", "any of 2 consumers"),
    ("status=open", "status open"),
    ("channel=shark&channel=line", "channel line or web"),
    ("channel=whatsapp+business&channel=smart_tv", "channel smart tv or WhatsApp Business"),
    ("device=na&device=smart_tv", "device not known or smart tv"),
    ("close_reason=agent&close_reason=queue_timeout", "close reason agent or queue timeout"),
    ("queue=in_queue", "queue: waiting"),
    ("queue=active&queue=new_state", "queue: taken or new state"),
    ("agent=73", "agent \u2068\u202eevil\u2069"),
    ("first_contact=1", "first contact: yes"),
    ("first_response_min=240", "first response 240 s or longer"),
    ("duration_min=60&duration_max=120", "duration 60 to 120 s"),
    ("transfers_max=2", "transfers: 2 or fewer"),
    ("conversation=abc", "id abc"),
    ("started_from=2026-11-01", "started since 1 Nov 2026"),
    ("started_to=2026-11-01", "started until 1 Nov 2026"),
    ("started_from=2026-11-01&started_to=2026-11-03", "started 1 Nov to 3 Nov 2026"),
    ("started_from=2025-11-01&started_to=2026-11-03", "started 1 Nov 2025 to 3 Nov 2026"),
    ("started_from=2026-11-01&started_to=2026-11-01", "started on 1 Nov 2026"),
    ("ended_to=2026-11-01", "ended until 1 Nov 2026"),
    ("period=28d", "started in the last 28 days"),
    ("period=last_month", "started last month"),
]


@pytest.fixture
def named(db):
    factories.agent("Noor Haddad", liveperson_id="71")
    factories.agent("", liveperson_id="72", full_name="", nickname="Teun")
    factories.agent("\u202eevil", liveperson_id="73")
    factories.group("Delivery team", liveperson_id="41")
    factories.skill("Delivery", liveperson_id="21")


@pytest.mark.parametrize(("given", "words"), SENTENCES)
def test_says_each_filter_in_words(given, words, named):
    (part,) = asked(given).describe(EVERYTHING)
    assert part.text == words
    assert {name for name, _ in asked(given).params()} <= set(part.names)
    assert part.without == asked("")


def test_names_the_seed_of_a_shuffle(analyst):
    said = {"shuffle&seed=5": "shuffled with seed 5", "-shuffle&seed=0": "shuffled with seed 0, backwards"}
    for tail, words in said.items():
        assert asked(f"csat=1&sort={tail}").sentence(3, analyst) == f"3 conversations with CSAT 1, {words}"
    # A view without one is shuffled anew each time.
    assert asked("sort=shuffle").sentence(None, analyst) == "Conversations, shuffled"


def test_counts_in_short_what_it_lists(analyst):
    parts = asked("agent=a&agent=b&close_reason=x&close_reason=y&csat=1&csat=2&skill=1").describe(analyst)
    assert [part.short for part in parts] == ["CSAT 1 or 2", "2 agents", "skill 1", "2 close reasons"]


def test_has_words_for_every_parameter():
    said = {pair.partition("=")[0] for given, _ in SENTENCES for pair in given.split("&")}
    untold = {"sort", "seed", "zone", "page", "view", "columns"}
    alike = {name.replace("_max", "_min") for name in said} | {name.replace("_min", "_max") for name in said}
    assert set(PARAMETERS) - untold - alike == {"ended_from", "language"}


def test_says_the_whole_question_in_one_sentence(named):
    query = asked("csat=1&csat=2&skill=21&started_from=2026-11-01")
    assert query.sentence(40, EVERYTHING) == (
        "40 conversations with CSAT 1 or 2, skill Delivery and started since 1 Nov 2026, newest first"
    )
    assert asked("csat=1").sentence(1, EVERYTHING) == "1 conversation with CSAT 1, newest first"
    assert asked("csat=1").sentence(0, EVERYTHING) == "No conversations with CSAT 1, newest first"
    assert asked("sort=mcs").sentence(4812, EVERYTHING) == "4,812 conversations, lowest MCS first"
    assert asked("").sentence(None, EVERYTHING) == "Conversations, newest first"


def test_takes_one_part_away_and_leaves_the_rest(named):
    query = asked("csat=1&mcs_min=3&mcs_max=9&skill=21&sort=csat")
    assert [part.without.querystring() for part in query.describe(EVERYTHING)] == [
        "mcs_min=3&mcs_max=9&skill=21&sort=csat",
        "csat=1&skill=21&sort=csat",
        "csat=1&mcs_min=3&mcs_max=9&sort=csat",
    ]


def test_names_any_number_of_people_by_one_query_for_each_kind(db, django_assert_num_queries):
    everyone = "&".join(
        [f"{name}={factories.agent().liveperson_id}" for name in ("agent", "last_agent", "credited") for _ in range(9)]
        + [f"skill={factories.skill().liveperson_id}" for _ in range(9)]
        + [f"group={factories.group().liveperson_id}" for _ in range(9)]
    )
    with django_assert_num_queries(3):
        asked(everyone).describe(EVERYTHING)


def test_gives_conditions_as_data():
    conditions = asked("csat=1&csat=none&mcs_max=39&agent=71").conditions()
    assert [(c.column, c.operator, c.value) for c in conditions] == [
        ("csat", "in", (1, None)),
        ("mcs", "at_most", 39),
        ("any_agent", "in", ("71",)),
    ]


def test_knows_the_days_that_it_asks_about():
    assert asked("").period_bounds() == (None, None)
    assert asked("started_to=2026-11-03").period_bounds() == (None, date(2026, 11, 3))


def test_is_the_same_question_under_any_view_page_and_columns():
    query = asked("csat=1&view=4&columns=csat.mcs&zone=Europe/Paris")
    assert query.conditions() == asked("csat=1").conditions()
    assert query.asked_for().querystring() == "csat=1&zone=Europe%2FParis"
    assert asked("csat=1", "Europe/Paris").asked_for() == query.asked_for()


def test_says_many_questions_with_as_few_queries_as_one(named, django_assert_num_queries):
    queries = [asked("agent=71&group=41"), asked("agent=72"), asked("skill=21&sort=csat"), asked("")]
    with django_assert_num_queries(3):
        said = search.sentences_of(queries, EVERYTHING)
    assert said == [query.sentence(None, EVERYTHING) for query in queries]
