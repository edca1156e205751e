"""A world to ask questions of."""

import pytest
from django.contrib.auth.models import User
from django.http import QueryDict

from interactions.search import ConversationQuery, parse

from .world import World


@pytest.fixture
def world(analyst: User) -> World:
    """Some of its marks are the analyst's."""
    return World(analyst)


def asked(text: str, zone: str = "UTC") -> ConversationQuery:
    """The query of a good address."""
    parsed = parse(QueryDict(text), zone=zone)
    assert parsed.errors == {}
    return parsed.query
