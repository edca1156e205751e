"""A world to ask questions of."""

import pytest
from django.http import QueryDict

from interactions.search import ConversationQuery, parse

from .world import World


@pytest.fixture
def world(db: None) -> World:
    return World()


def asked(text: str, zone: str = "UTC") -> ConversationQuery:
    """The query of a good address."""
    parsed = parse(QueryDict(text), zone=zone)
    assert parsed.errors == {}
    return parsed.query
