"""Every filter, alone and together, against the same question worked out row by row."""

from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from interactions.models import Conversation
from interactions.search import FILTERS, PARAMETERS, SORTS, parse
from tests import factories
from tests.matching import in_order, matching

from .conftest import asked
from .walks import backwards, forwards

ZONES = ("UTC", "Europe/Paris", "Pacific/Auckland", "America/St_Johns")
SIMPLE = {
    "q": ["refund", "refund late", '"third time"', "ref*", "refund OR late", "-refund", "late -(third OR time)", "!!!"],
    "said_by": ["consumer", "agent", "bot", "note", "comment"],
    "csat": ["1", "2", "4", "5", "none"],
    "csat_min": ["1", "2", "5"],
    "csat_max": ["1", "4"],
    "mcs": ["none"],
    "mcs_min": ["0", "38", "100"],
    "mcs_max": ["0", "39"],
    "mcs_band": ["-1", "0", "1"],
    "mcs_fall_min": ["0", "12"],
    "mcs_fall_max": ["0", "12"],
    "nps_min": ["0", "8"],
    "nps_max": ["0", "8"],
    "fcr": ["0", "1"],
    "survey": ["not_offered", "offered", "abandoned", "answered"],
    "comment": ["1", "0"],
    "credit": ["last", "most", "all"],
    "handled_by": ["human", "bot", "both"],
    "weekday": ["1", "6", "7"],
    "hour": ["0", "9", "13", "23"],
    "reviewed": ["me", "any", "no"],
    "flag": ["1", "0"],
    "tag": ["late parcel", "VIP", "none", "never used", "No", "0", "any"],
    "note": ["1", "0"],
    "status": ["open", "closed"],
    "channel": ["shark", "sms", "nowhere"],
    "device": ["mobile"],
    "language": ["de-de"],
    "close_reason": ["agent"],
    "queue": ["in_queue"],
    "first_contact": ["0", "1"],
    "first_response_min": ["0", "30"],
    "first_response_max": ["0", "30"],
    "duration_min": ["0", "7200"],
    "duration_max": ["0", "7200"],
    "transfers_min": ["0", "1"],
    "transfers_max": ["0", "1"],
    "started_from": ["2026-10-25", "2026-10-31", "1970-01-01"],
    "started_to": ["2026-10-25", "2026-10-20", "2999-12-31"],
    "ended_from": ["2026-10-25"],
    "ended_to": ["2026-10-26"],
}


def values_of(world):
    """For each parameter some values, those that name people and things of this world included."""
    own = {
        "agent": [agent.liveperson_id for agent in world.agents + world.bots],
        "last_agent": [agent.liveperson_id for agent in world.agents + world.bots],
        "credited": [agent.liveperson_id for agent in world.agents],
        "group": [group.liveperson_id for group in world.groups],
        "skill": [skill.liveperson_id for skill in world.skills],
        "consumer": [str(consumer.pk) for consumer in world.consumers],
        "conversation": [row["conversation_id"] for row in world.rows[:3]],
    }
    strange = ["nobody", "-1", "' OR 1=1 --", "%", "Ünï ✨", "9" * 128]
    return SIMPLE | {name: values + ([] if name == "consumer" else strange) for name, values in own.items()}


def test_tries_every_parameter_that_filters(world):
    special = {"period", "sort", "seed", "zone", "page", "view", "columns"}
    assert set(values_of(world)) == set(PARAMETERS) - special


def answers(world, user, params, zone):
    query = asked(urlencode(params, doseq=True), zone)
    return sorted(query.filtered(user).values_list("pk", flat=True)), query.count(user)


def test_finds_by_each_value_what_a_walk_over_all_rows_finds(world, analyst):
    for name, values in values_of(world).items():
        for chosen in [[value] for value in values] + ([values] if PARAMETERS[name].is_many else []):
            expected = sorted(row["id"] for row in matching(world.rows, {name: chosen}, "Europe/Paris"))
            found, count = answers(world, analyst, {name: chosen}, "Europe/Paris")
            assert (name, chosen, found) == (name, chosen, expected)
            assert count == len(expected)


@pytest.mark.parametrize("rule", ["last", "most", "all"])
def test_credits_by_each_rule(world, analyst, rule):
    for agent in world.agents + world.bots:
        params = {"credited": [agent.liveperson_id], "credit": [rule]}
        expected = sorted(row["id"] for row in matching(world.rows, params, "UTC"))
        assert answers(world, analyst, params, "UTC") == (expected, len(expected))


@pytest.mark.usefixtures("pace")
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_agrees_in_list_count_and_key_set_for_any_question(world, analyst, data):
    offered = values_of(world)
    params = {}
    for name in data.draw(st.lists(st.sampled_from(sorted(offered)), max_size=3, unique=True)):
        most = 3 if PARAMETERS[name].is_many else 1
        params[name] = data.draw(st.lists(st.sampled_from(offered[name]), min_size=1, max_size=most, unique=True))
    zone = data.draw(st.sampled_from(ZONES))
    sort = data.draw(st.sampled_from([f"{sign}{name}" for name in SORTS if name != "shuffle" for sign in ("", "-")]))
    parsed = parse({**params, "sort": [sort], "zone": [zone]}, zone="UTC")
    if not parsed.is_valid:
        assert len(parsed.invalid) == 2
        return
    expected = in_order(matching(world.rows, params, zone), sort)
    size = data.draw(st.integers(1, 9))
    assert parsed.query.count(analyst) == len(expected)
    assert [pk for keys in parsed.query.keyset(analyst, size=size) for pk in keys] == expected
    assert forwards(parsed.query, analyst, size) == expected
    assert backwards(parsed.query, analyst, size) == expected


HARDLY_ANY = [
    {"handled_by": ["bot"]},
    {"handled_by": ["bot", "both"]},
    {"csat": ["none"], "status": ["open"]},
    {"status": ["open"], "started_from": ["2026-10-22"], "consumer": ["1", "2"]},
    {"ended_from": ["2026-10-24"], "ended_to": ["2026-10-26"]},
    {"ended_to": ["2026-10-24"], "csat": ["1", "2"]},
    {"mcs_max": ["39"], "csat": ["1"], "started_to": ["2026-10-30"]},
]


@pytest.mark.usefixtures("pace")
@pytest.mark.parametrize("sort", ["-started_at", "started_at", "mcs", "agent"])
@pytest.mark.parametrize("scope", [{}, {"unassigned_too": True}], ids=["own alone", "unassigned too"])
def test_finds_what_hardly_any_of_a_supervisor_s_meets(world, scope, sort):
    user = factories.user("supervisor", groups=world.groups[:2], **scope)
    own = set(Conversation.objects.visible_to(user).values_list("pk", flat=True))
    for params in HARDLY_ANY:
        query = asked(urlencode({**params, "sort": sort}, doseq=True))
        expected = [pk for pk in in_order(matching(world.rows, params, "UTC"), sort) if pk in own]
        assert query.count(user) == len(expected)
        assert [pk for keys in query.keyset(user, size=3) for pk in keys] == expected
        assert forwards(query, user, 3) == backwards(query, user, 3) == expected


def test_means_or_by_one_name_and_and_by_two(world, analyst):
    both = asked("csat=1&csat=2&status=closed").filtered(analyst)
    assert {row.csat for row in both} == {1, 2}
    assert {row.status for row in both} == {"closed"}


def test_takes_an_empty_value_for_no_filter():
    assert asked("csat=&mcs_min=&agent=&period=&zone=&page=&sort=") == asked("")


def test_reads_codes_in_any_case():
    assert asked("channel=SHARK&channel=shark").channel == ("shark",)


@pytest.mark.parametrize("entry", FILTERS.values(), ids=str)
def test_offers_a_control_for_every_parameter(entry):
    for parameter in entry.parameters:
        assert parameter.label and parameter.kind
        assert all(parameter.read(choice.value) == choice.value for choice in parameter.choices)


@pytest.mark.parametrize("value", ["nobody", "' OR 1=1 --", "%_%", "\u202e✨", "../..", "0", "-1"])
@pytest.mark.parametrize("name", ["agent", "last_agent", "credited", "group", "skill", "conversation", "channel"])
def test_finds_nothing_for_an_id_that_nobody_has(name, value, analyst):
    query = asked(urlencode({name: value}))
    assert query.rows(analyst).rows == []
    assert query.count(analyst) == 0
