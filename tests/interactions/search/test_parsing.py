"""From the address to a query, and what is said about an address that makes no sense."""

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from interactions.search import PARAMETERS, ConversationQuery, parse

from .conftest import asked

A_NUMBER = "it must be a whole number from"
WRONG = [
    ("csat_min=abc", "csat_min", f"`csat_min` is 'abc': {A_NUMBER} 1 to 5."),
    ("csat_min=6", "csat_min", f"`csat_min` is '6': {A_NUMBER} 1 to 5."),
    ("mcs_min=-1", "mcs_min", f"`mcs_min` is '-1': {A_NUMBER} 0 to 100."),
    ("mcs_max=1e1", "mcs_max", f"`mcs_max` is '1e1': {A_NUMBER} 0 to 100."),
    ("mcs_max=%2B9", "mcs_max", f"`mcs_max` is '+9': {A_NUMBER} 0 to 100."),
    ("mcs_max= 9", "mcs_max", f"`mcs_max` is ' 9': {A_NUMBER} 0 to 100."),
    ("mcs_max=9%0A", "mcs_max", f"`mcs_max` is '9\ufffd': {A_NUMBER} 0 to 100."),
    ("mcs_max=٣", "mcs_max", f"`mcs_max` is '٣': {A_NUMBER} 0 to 100."),
    ("mcs_max=" + "9" * 60, "mcs_max", f"`mcs_max` is '{'9' * 39}…': {A_NUMBER} 0 to 100."),
    (
        "duration_min=9999999999",
        "duration_min",
        "`duration_min` is '9999999999': it must be a whole number of seconds from 0 to 999999999.",
    ),
    ("consumer=0", "consumer", f"`consumer` is '0': {A_NUMBER} 1 to 9223372036854775807."),
    ("consumer=9223372036854775808", "consumer", None),
    ("csat=6", "csat", "`csat` is '6': it must be 1, 2, 3, 4, 5 or none."),
    ("csat=1&csat=x", "csat", "`csat` is 'x': it must be 1, 2, 3, 4, 5 or none."),
    ("mcs=5", "mcs", "`mcs` is '5': it must be none."),
    ("mcs_band=2", "mcs_band", "`mcs_band` is '2': it must be -1, 0 or 1."),
    ("fcr=yes", "fcr", "`fcr` is 'yes': it must be 1 or 0."),
    ("status=OPEN", "status", "`status` is 'OPEN': it must be open or closed."),
    ("survey=lost", "survey", None),
    ("credited=7&credit=best", "credit", "`credit` is 'best': it must be last, most or all."),
    ("weekday=0", "weekday", "`weekday` is '0': it must be 1, 2, 3, 4, 5, 6 or 7."),
    ("hour=24", "hour", None),
    ("comment=yes", "comment", "`comment` is 'yes': it must be 1 or 0."),
    ("handled_by=nobody", "handled_by", None),
    ("reviewed=nobody", "reviewed", "`reviewed` is 'nobody': it must be me, any or no."),
    ("flag=yes", "flag", "`flag` is 'yes': it must be 1 or 0."),
    ("note=2", "note", None),
    (f"tag={'x' * 121}", "tag", None),
    ("tag=" + "%EF%AC%83" * 41, "tag", None),  # ffi in one letter, whose key is three
    ("tag=%20", "tag", "`tag` is ' ': it must be a tag of at most 40 characters."),
    ("tag=a%00b", "tag", None),
    ("agent=a%00b", "agent", "`agent` is 'a\ufffdb': it must be an id, without control characters."),
    ("agent=" + "a" * 129, "agent", None),
    ("channel=%7F", "channel", None),
    ("started_from=2026-02-29", "started_from", "`started_from` is '2026-02-29': it must be a date that exists."),
    ("started_from=1.11.2026", "started_from", "`started_from` is '1.11.2026': it must be a date such as 2026-11-01."),
    ("ended_to=0000-01-01", "ended_to", "`ended_to` is '0000-01-01': it must be a date between 1970 and 2999."),
    ("ended_to=99999-01-01", "ended_to", "`ended_to` is '99999-01-01': it must be a date such as 2026-11-01."),
    ("ended_to=9999-12-31", "ended_to", "`ended_to` is '9999-12-31': it must be a date between 1970 and 2999."),
    ("ended_to=２０２６-11-01", "ended_to", None),
    ("period=90d", "period", None),
    ("zone=Mars/Olympus", "zone", None),
    ("zone=../../etc/passwd", "zone", None),
    ("zone=/etc/localtime", "zone", None),
    ("zone=europe/paris", "zone", None),
    ("zone=%00", "zone", None),
    ("zone=Factory", "zone", None),
    ("zone=localtime", "zone", None),
    ("sort=name", "sort", None),
    ("sort=--csat", "sort", None),
    ("sort=shuffle&seed=-1", "seed", None),
    ("sort=shuffle&seed=2147483648", "seed", None),
    ("page=xyz", "page", "`page` is not a place in this list: start again from the first page."),
    ("csat_max=5&csat_max=4", "csat_max", "`csat_max` is given 2 times: it takes one value."),
    ("zone=UTC&zone=UTC", "zone", "`zone` is given 2 times: it takes one value."),
    ("colour=red", "colour", "`colour` is not a name that Readback filters by."),
    ("colour=", "colour", "`colour` is not a name that Readback filters by."),
    ("question=late", "question", "`question` is not a name that Readback filters by."),
    (f"q={'x' * 501}", "q", f"`q` is '{'x' * 39}…': it must be at most 500 characters long."),
    (
        f"q={'+'.join(f'w{n}' for n in range(33))}",
        "q",
        "`q` is 'w0 w1 w2 w3 w4 w5 w6 w7 w8 w9 w10 w11 w…': it holds 33 words, and 32 are the most; put a passage in "
        "quotation marks.",
    ),
    ("q=" + "(a OR (b " * 7, "q", None),
    ("q=" + "-(a " * 7, "q", None),
    ("q=a&said_by=nobody", "said_by", "`said_by` is 'nobody': it must be consumer, agent, bot, note or comment."),
    ("CSAT=1", "CSAT", "`CSAT` is not a name that Readback filters by."),
]


@pytest.mark.parametrize(("text", "name", "sentence"), WRONG)
def test_says_which_parameter_is_wrong_and_why(text, name, sentence):
    parsed = parse(QueryDict(text), zone="UTC")
    assert list(parsed.errors) == [name]
    assert parsed.invalid == {name}
    assert not parsed.is_valid
    if sentence:
        assert parsed.errors[name] == sentence


CLASHES = [
    ("mcs_min=90&mcs_max=10", "`mcs_min` is 90 and `mcs_max` is 10: the first must not be larger."),
    ("duration_min=2&duration_max=1", "`duration_min` is 2 and `duration_max` is 1: the first must not be larger."),
    (
        "started_from=2026-11-02&started_to=2026-11-01",
        "`started_from` is 2026-11-02 and `started_to` is 2026-11-01: the first must not be later.",
    ),
    (
        "period=7d&started_to=2026-11-01",
        "`period` is 7d and `started_to` is 2026-11-01: give one or the other.",
    ),
]


@pytest.mark.parametrize(("text", "sentence"), CLASHES)
def test_names_both_parameters_that_contradict_each_other(text, sentence):
    parsed = parse(QueryDict(f"{text}&csat=1"), zone="UTC")
    assert list(parsed.errors.values()) == [sentence]
    assert parsed.invalid == {pair.partition("=")[0] for pair in text.split("&")}
    assert parsed.query == ConversationQuery(csat=("1",))


def test_keeps_the_filters_that_are_good():
    parsed = parse(QueryDict("csat=1&mcs_min=x&skill=22&sort=-mcs&nothing=1"), zone="Europe/Paris")
    assert parsed.query == ConversationQuery(csat=("1",), skill=("22",), sort="-mcs", zone="Europe/Paris")
    assert set(parsed.errors) == {"mcs_min", "nothing"}


def test_takes_a_plain_mapping_as_well():
    assert parse({"csat": ["2", "1"], "sort": ["csat"]}, zone="UTC").query == asked("csat=1&csat=2&sort=csat")


@pytest.mark.parametrize("blanks", ["%20", "+%09+", "%E2%80%A8", ""])
def test_takes_blanks_for_no_search(blanks):
    assert asked(f"q={blanks}&csat=1") == asked("csat=1")
    assert asked(f"q={blanks}").querystring() == ""


def test_takes_equal_bounds():
    assert asked("mcs_min=5&mcs_max=5&started_from=2026-11-01&started_to=2026-11-01").mcs_min == 5


@pytest.mark.parametrize("text", ["sort=shuffle", "sort=-shuffle", "sort=shuffle&seed="])
def test_asks_for_a_seed_to_shuffle_by(text):
    assert parse(QueryDict(text), zone="UTC").needs_seed


@pytest.mark.parametrize("text", ["sort=shuffle&seed=0", "sort=csat", "", "sort=shuffle&seed=x"])
def test_asks_for_no_seed_without_need(text):
    assert not parse(QueryDict(text), zone="UTC").needs_seed


def test_uses_the_readers_zone_unless_the_address_names_one():
    assert asked("", zone="Asia/Tokyo").zone == "Asia/Tokyo"
    assert asked("zone=Europe/Paris", zone="Asia/Tokyo").zone == "Europe/Paris"


@pytest.mark.parametrize("name", ["x" * 60, "a\0b", "\u202egpj"])
def test_counts_an_unknown_name_as_wrong_however_it_prints(name):
    assert name in parse({name: ["1"]}, zone="UTC").invalid


NAMES = st.one_of(st.sampled_from(sorted(PARAMETERS)), st.text(max_size=8))
VALUES = st.one_of(
    st.text(st.characters(codec=None, exclude_categories=()), max_size=20), st.sampled_from(["1", "none"])
)


@given(st.dictionaries(NAMES, st.lists(VALUES, max_size=3), max_size=5))
def test_never_fails_on_any_address(params):
    parsed = parse(params, zone="UTC")
    known = {name for name, values in params.items() if name in PARAMETERS or name in parsed.invalid}
    assert parsed.is_valid == (not parsed.invalid)
    assert all(sentence.endswith(".") for sentence in parsed.errors.values())
    again = parse(QueryDict(parsed.query.querystring()), zone="UTC")
    assert again.query == parsed.query or "seed" in known
    assert again.is_valid
