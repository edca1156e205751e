"""Each count beside a value is what the list holds once that value is chosen."""

import tracemalloc
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from interactions.search import FILTERS, PARAMETERS, covering, joined, manymarks, parse
from interactions.search.columnar import answer, copy
from interactions.search.facets import NAMES, TOGETHER, mcs_bin
from tests import columns, factories

from .conftest import asked
from .test_filters import values_of

CLEARED = {"mcs_min": "mcs_range"}


def chosen(query, name, value):
    """`query` with `value` in place of what the facet's own filter says."""
    cleared = query.replace(**FILTERS[CLEARED.get(name, name)].cleared() | {"credit": query.credit})
    return cleared.replace(**(mcs_bin(int(value)) if name == "mcs_min" else {name: (value,)}))


def domain(world, name):
    if name == "mcs_min":
        return [str(low) for low in range(0, 100, 10)]
    return [choice.value for choice in PARAMETERS[name].choices] or [
        value for value in values_of(world)[name] if len(value) < 20
    ]


def check(world, user, query):
    found = query.facets(user)
    assert set(found) == set(NAMES)
    for name, counts in found.items():
        values = {*domain(world, name), *counts}
        assert {value: counts[value] for value in values} == {
            value: chosen(query, name, value).count(user) for value in values
        }, (query.querystring(), name)


@pytest.fixture(params=["few", "many"])
def size(request, monkeypatch):
    """Many rows are met along the index that holds all facets, few ones otherwise; many marks are read at once."""
    if request.param == "many":
        monkeypatch.setattr(covering, "FEW", -1)
        monkeypatch.setattr(manymarks, "MANY", -1)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_counts_what_the_list_would_hold(world, analyst, size, data):
    offered = values_of(world)
    params = {}
    for name in data.draw(st.lists(st.sampled_from(sorted(offered)), max_size=3, unique=True)):
        most = 3 if PARAMETERS[name].is_many else 1
        params[name] = data.draw(st.lists(st.sampled_from(offered[name]), min_size=1, max_size=most, unique=True))
    parsed = parse(params, zone="Europe/Paris")
    if parsed.is_valid:
        check(world, analyst, parsed.query)


@pytest.mark.parametrize(
    "given_",
    [
        "credit=all&fcr=1",
        "credit=most&comment=1",
        "csat=1&csat=none&mcs_min=38&mcs_max=39",
        "q=refund&survey=offered&hour=9",
    ],
)
@pytest.mark.parametrize("role", ["analyst", "supervisor", "stranger", "admin"])
def test_counts_what_each_person_may_read(world, role, given_, size):
    user = factories.user(role, groups=world.groups[:1] if role == "supervisor" else ())
    check(world, user, asked(given_))


def test_counts_a_conversation_once_for_an_agent_who_joined_twice(analyst):
    noor = factories.agent("Noor Haddad")
    factories.conversation(agents=[noor, factories.agent(), noor])
    assert asked("").facets(analyst)["agent"][noor.liveperson_id] == 1


@pytest.mark.parametrize("pks", [(3, 95), (40_000, 0xD800 - 32, 0x10000)])
def test_tells_agents_apart_by_any_key(analyst, supervisor, pks, monkeypatch):
    monkeypatch.setattr(joined, "_PIECE", 2)
    group = supervisor.scope.groups.get()
    agents = [factories.agent(pk=pk, group=group) for pk in pks]
    for number in range(len(agents)):
        factories.conversation(agents=agents[number:])
    factories.conversation()
    for user in (analyst, supervisor):
        expected = {agent.liveperson_id: number for number, agent in enumerate(agents, 1)}
        assert asked("").facets(user, ["agent"])["agent"] == expected


def test_puts_a_full_hundred_into_the_last_bar(analyst):
    for mcs in (None, 0, 9, 10, 89, 90, 100):
        factories.conversation(mcs=mcs)
    found = asked("").facets(analyst)
    assert found["mcs_min"] == {"0": 2, "10": 1, "80": 1, "90": 2}
    assert found["mcs"] == {"none": 1}


EVERY_KIND = [
    "csat=none&mcs_band=-1&status=closed",
    "mcs_min=20&first_contact=0",
    "group=G1&started_from=2026-01-01",
    "skill=S1&skill=S2&weekday=1&hour=9",
    "comment=0&reviewed=no&handled_by=bot&handled_by=human",
    "status=open&duration_max=99",
    "credit=most&fcr=0&queue=none",
    "credit=all&comment=1&close_reason=agent",
]


@pytest.mark.parametrize("given_", EVERY_KIND)
def test_counts_the_same_along_any_way(world, analyst, monkeypatch, given_):
    query = asked(given_)
    found = query.facets(analyst)
    monkeypatch.setattr(covering, "FEW", -1)
    assert query.facets(analyst) == found
    monkeypatch.setattr(manymarks, "MANY", -1)
    assert query.facets(analyst) == found


@pytest.mark.parametrize("given_", ["", *EVERY_KIND])
@pytest.mark.parametrize("zone", ["UTC", "America/St_Johns"])
def test_counts_the_same_in_columns(world, analyst, reader, monkeypatch, settings, tmp_path, zone, given_):
    query = asked(given_, zone)
    by_database = [query.facets(user) for user in (analyst, reader)]
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(copy, "current", columns.half_changed)
    assert answer.answer_to(query.conditions(), analyst) is not None
    assert [query.facets(user) for user in (analyst, reader)] == by_database


def test_counts_credit_by_the_rule_that_is_asked_for(analyst):
    noor, teun = factories.agent("Noor Haddad"), factories.agent("Teun Abara")
    made = {"credited_agent": noor, "most_agent": teun}
    factories.conversation(agents=[teun, noor, teun], **made)
    one, two = noor.liveperson_id, teun.liveperson_id
    for rule, expected in (("last", {one: 1}), ("most", {two: 1}), ("all", {one: 1, two: 1})):
        for chosen in ("", f"&credited={one}"):
            assert asked(f"credit={rule}{chosen}").facets(analyst, ["credited"]) == {"credited": expected}


def test_counts_by_the_clocks_of_the_zone(analyst):
    for hour in (21, 22):  # in summer and on a Saturday; in Paris the later one is the first of Sunday
        factories.conversation(started_at=datetime(2026, 7, 4, hour, 30, tzinfo=UTC))
    assert asked("").facets(analyst, ["weekday", "hour"]) == {"weekday": {"6": 2}, "hour": {"21": 1, "22": 1}}
    found = asked("", "Europe/Paris").facets(analyst, ["weekday", "hour"])
    assert found == {"weekday": {"6": 1, "7": 1}, "hour": {"23": 1, "0": 1}}


@pytest.mark.parametrize("given_", ["", "csat=1&csat=none&skill=S1"])
def test_counts_each_by_itself_as_with_the_others(world, analyst, given_):
    query = asked(given_)
    everything = query.facets(analyst)
    for names in (*((name,) for name in NAMES), *TOGETHER):
        assert query.facets(analyst, names) == {name: everything[name] for name in names}
    assert sorted(name for names in TOGETHER for name in names) == sorted(NAMES)


def test_takes_a_long_text_of_values_apart_piece_by_piece(supervisor, monkeypatch):
    own = factories.agent(group=supervisor.scope.groups.get())
    for channel in ("sms", "sms", "", "app", "whatsapp business"):
        factories.conversation(agents=[own], channel=channel)
    monkeypatch.setattr(joined, "_PIECE", 2)
    assert asked("").facets(supervisor)["channel"] == {"sms": 2, "app": 1, "whatsapp business": 1}


def statements(user, params):
    with CaptureQueriesContext(connection) as seen:
        asked(urlencode(params, doseq=True)).facets(user)
    return len(seen)


def test_asks_as_often_for_many_rows_as_for_few(supervisor):
    own = factories.agent(group=supervisor.scope.groups.get())
    factories.conversation(agents=[own])
    assert supervisor.scope.group_ids  # read once for each person
    few = statements(supervisor, {"csat": ["1", "2"], "agent": ["A"]})
    for csat in (1, 2, 3, 4, 5, None):
        factories.conversation(agents=[own, factories.agent()], csat=csat, skill=factories.skill(), channel=f"c{csat}")
    assert statements(supervisor, {"csat": ["1", "2"], "agent": ["A"]}) == few
    assert statements(supervisor, {}) < few  # CSAT is then counted with its neighbours, and nothing is looked for


@pytest.mark.parametrize("vendor", ["database", "in columns"])
def test_counts_hours_also_where_a_record_starts_in_the_year_9999(
    world, analyst, monkeypatch, settings, tmp_path, vendor
):
    settings.DATA_DIR = tmp_path
    factories.conversation(started_at=datetime(9999, 12, 30, 5, tzinfo=UTC))
    if vendor == "in columns":
        monkeypatch.setattr(copy, "current", columns.half_changed)
    tracemalloc.start()
    found = asked("").facets(analyst, ["hour", "weekday"])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found["hour"]["5"] == 1 + sum(row["started_at"].hour == 5 for row in world.rows)
    assert sum(found["weekday"].values()) == len(world.rows) + 1
    assert peak < 50_000_000
