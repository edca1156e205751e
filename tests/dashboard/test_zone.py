"""The time zone in the addresses of the list."""

import re

import pytest
from django.contrib.auth.models import User

from tests import factories
from tests.dashboard.test_conversation_list import page_of


@pytest.fixture
def page(analyst: User, client_for):
    """Asks for the list as an analyst and gives the text of the answer."""
    client = client_for(analyst)
    return lambda query: page_of(client, query)


def test_names_the_zone_in_every_address_where_it_decides_what_is_found(page) -> None:
    factories.conversation(csat=1)
    text = page("period=7d&csat=1")
    assert 'data-address="/conversations/?csat=1&amp;period=7d&amp;zone=UTC"' in text
    inside = re.findall(r'href="(/conversations/[^"]*period=7d[^"]*)"', text)
    assert len(inside) > 5 and all("zone=UTC" in address for address in inside)
    for said in ("csat=1", "period=7d&zone=UTC", "zone=Asia/Tokyo"):
        assert "data-address" not in page(said)


def test_takes_a_persons_own_zone_for_no_filter(page) -> None:
    for query, is_open in (("period=7d&zone=UTC", False), ("period=7d&zone=Asia/Tokyo", True)):
        text = page(query)
        assert ('class="more" open' in text) is is_open and f'name="zone" value="{query[15:]}"' in text
