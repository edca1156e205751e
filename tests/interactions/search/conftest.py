"""A world to ask questions of."""

import pytest
from django.contrib.auth.models import User
from django.http import QueryDict

from interactions.search import ConversationQuery, parse
from interactions.search.columnar import copy, facts, infile, making, segment
from tests import factories

from .world import World


@pytest.fixture
def world(analyst: User) -> World:
    """Some of its marks are the analyst's."""
    return World(analyst)


@pytest.fixture
def small_copies(monkeypatch: pytest.MonkeyPatch, tmp_path: object, settings: object) -> None:
    """Every table is worth a copy, and no process knows one yet."""
    settings.DATA_DIR = tmp_path  # type: ignore[attr-defined]
    monkeypatch.setattr(making, "LEAST", 0)
    monkeypatch.setattr(copy, "_FEW", 3)
    monkeypatch.setattr(facts, "_PIECE", 6)
    monkeypatch.setattr(segment, "_PIECE", 7)
    monkeypatch.setattr(infile, "_PIECE", 5)
    monkeypatch.setattr(infile, "_STRETCH", 3)
    monkeypatch.setattr(infile, "_MOST", 2)
    copy.forget()


@pytest.fixture
def reader(world: World) -> User:
    """Sees two of the groups and whatever no person took part in."""
    return factories.user("supervisor", groups=world.groups[:2], unassigned_too=True)


def asked(text: str, zone: str = "UTC") -> ConversationQuery:
    """The query of a good address."""
    parsed = parse(QueryDict(text), zone=zone)
    assert parsed.errors == {}
    return parsed.query
