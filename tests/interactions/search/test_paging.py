"""Walking a list page by page, in every order, forwards and backwards."""

import pytest
from django.http import QueryDict

from interactions.models import Conversation
from interactions.search import SORTS, ConversationQuery, parse
from tests import factories

DIRECTED = [f"{sign}{name}" for name in SORTS for sign in ("", "-")]


def asked(text: str) -> ConversationQuery:
    parsed = parse(QueryDict(text), zone="UTC")
    assert parsed.errors == {}
    return parsed.query


@pytest.mark.django_db
@pytest.mark.parametrize("sort", DIRECTED)
def test_smoke(sort, analyst):
    people = [factories.agent("Noor"), factories.agent("bram")]
    for n in range(7):
        factories.conversation(csat=[None, 1, 2][n % 3], mcs=[None, 4][n % 2], agents=people[: n % 3])
    query = asked(f"sort={sort}&seed=4")
    rows = query.rows(analyst, size=3)
    assert len(rows.rows) == 3
    keys = [pk for part in query.keyset(analyst, size=2) for pk in part]
    assert sorted(keys) == sorted(Conversation.objects.values_list("pk", flat=True))
    assert [row.pk for row in rows.rows] == keys[:3]
    second = query.replace(page=rows.next).rows(analyst, size=3)
    assert [row.pk for row in second.rows] == keys[3:6]
    print(query.sentence(3), query.querystring(), second)
