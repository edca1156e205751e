"""Addresses that are written once for many days or agents are those that would be written for each."""

from datetime import date

import pytest
from django.http import QueryDict

from dashboard.links import AgentLinks, DayLinks, list_url, narrowed, started_between
from interactions.search import parse

SPANS = [
    (date(2026, 11, 20), date(2026, 11, 20)),
    (date(2025, 12, 29), date(2026, 1, 4)),
    (date(2001, 2, 3), date(2001, 2, 4)),  # what it writes for all of them
    (date(2001, 2, 4), date(2001, 2, 3)),
    (date(1, 1, 1), date(9999, 12, 31)),
]
QUERIES = [
    "period=28d&zone=Europe/Paris",
    "started_from=2026-11-01&csat=1&csat=5&sort=-mcs",
    "ended_from=2001-02-03&ended_to=2001-02-04&zone=UTC",
    "q=started_from%3D2001-02-03 %26started_to%3D2001-02-04&csat_min=2&agent=2001-02-03",
]
PARAMS = [{}, {"csat": ("4", "5")}, {"csat_min": 1}, {"mcs_min": 0}, {"csat": ("3",)}]


@pytest.mark.parametrize("asked", QUERIES)
def test_writes_what_would_be_written_for_each_span(asked):
    query = parse(QueryDict(asked), zone="UTC").query
    links = DayLinks(query)
    for first, last in [*SPANS, *SPANS]:
        for params in PARAMS:
            expected = list_url(narrowed(started_between(query, first, last), params))
            assert links.url(first, last, params) == expected, (first, last, params)


@pytest.mark.parametrize(
    "asked", [*QUERIES, "", "agent=7&last_agent=somebody&credited=somebody&q=agent%3Dsomebody", "agent=somebody"]
)
def test_writes_what_would_be_written_for_each_agent(asked):
    query = parse(QueryDict(asked), zone="UTC").query
    links = AgentLinks(query)
    for number in ("700001", "somebody", "a b&c=d", "é/+%", "\x00", "", "x" * 300):
        assert links.url(number) == list_url(query.replace(agent=(number,))), number


def test_has_no_agents_address_where_the_list_has_none():
    """Rows hold ids that an address cannot; none of these lists is one that can be asked for."""
    query = parse(QueryDict("csat=1"), zone="UTC").query.replace(skill=("\x00",))
    assert AgentLinks(query).url("700001") == list_url(query.replace(agent=("700001",))) == ""
