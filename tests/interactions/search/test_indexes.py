"""The database answers every order from an index, at the start, in the middle and at the end."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from interactions.models import Conversation
from interactions.search import SORTS, covering
from tests import factories

from .conftest import asked

# An agent's name stands in another table: that order alone is sorted when asked for.
INDEXED = [f"{sign}{name}" for name in SORTS if name not in ("agent", "shuffle") for sign in ("", "-")]


@pytest.fixture
def filled(db):
    made = [factories.conversation(csat=n % 5 + 1, mcs=n, mcs_fall=n, first_response_seconds=n) for n in range(30)]
    made += [factories.conversation(status="open") for _ in range(5)]
    if connection.vendor == "postgresql":
        # So few rows are read faster than any index; what counts is whether the index could do it.
        with connection.cursor() as cursor:
            for way in ("seqscan", "bitmapscan", "sort"):
                cursor.execute(f"SET LOCAL enable_{way} = off")
    return made


def plans_of(work, kind="ORDER BY"):
    """What the database says it does for each question of a kind that `work` asks."""
    with CaptureQueriesContext(
        connection,
    ) as captured:
        work()
    explain = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
    asked_for = [query["sql"] for query in captured if kind in query["sql"]]
    with connection.cursor() as cursor:
        for sql in asked_for:
            cursor.execute(explain + sql.replace("%", "%%"))
            yield "\n".join(str(row[-1]) for row in cursor.fetchall())


def index_of(sort):
    fields = [SORTS[sort.removeprefix("-")].key, "id"]
    return next(index.name for index in Conversation._meta.indexes if index.fields == fields)


@pytest.mark.parametrize("sort", INDEXED)
def test_walks_the_index_of_the_order_from_any_place(sort, filled, administrator):
    query = asked(f"sort={sort}")
    first = query.rows(administrator, size=10)
    second = query.replace(page=first.next).rows(administrator, size=10)
    for page in (None, first.next, second.previous, first.last):
        plans = list(plans_of(lambda page=page: query.replace(page=page).rows(administrator, size=10)))
        assert plans
        for plan in plans:
            assert index_of(sort) in plan
            assert "TEMP B-TREE" not in plan and "Sort" not in plan


@pytest.mark.parametrize("sort", INDEXED)
def test_seeks_instead_of_reading_up_to_the_place(sort, filled, administrator):
    query = asked(f"sort={sort}")
    page = query.rows(administrator, size=10).next
    (plan, *_) = plans_of(lambda: query.replace(page=page).rows(administrator, size=5))
    sought = "SEARCH interactions_conversation" if connection.vendor == "sqlite" else r"Index Cond: .*ROW\("
    assert re.search(sought, plan)


# PostgreSQL groups by hashes and has no such index.
ALONG = {"sqlite": "USING COVERING INDEX conversation_facets", "postgresql": "Aggregate"}


@pytest.mark.parametrize("given_", ["", "mcs_band=-1", "csat=none", "started_from=2020-01-01&mcs_min=1", "skill=S"])
def test_counts_most_rows_without_sorting_them(filled, administrator, given_, monkeypatch):
    monkeypatch.setattr(covering, "FEW", -1)
    plans = list(plans_of(lambda: asked(given_).facets(administrator, ["channel", "language"]), "GROUP BY"))
    assert plans
    for plan in plans:
        assert ALONG[connection.vendor] in plan and "TEMP B-TREE" not in plan


LED = {"sqlite": r"SEARCH .* USING COVERING INDEX conversation_facets \(csat", "postgresql": "Aggregate"}
RATED = ["csat=1", "csat=1&csat=2&started_from=2020-01-01", "csat_max=2&mcs_min=1", "csat=1&status=open"]


@pytest.mark.parametrize("given_", RATED)
def test_counts_some_ratings_where_the_index_of_all_facets_begins_with_them(filled, administrator, given_):
    for work, kind in (
        (lambda: asked(given_).facets(administrator, ["channel"]), "GROUP BY"),
        (lambda: asked(given_).count(administrator), "__count"),
    ):
        plans = list(plans_of(work, kind))
        assert plans
        for plan in plans:
            assert re.search(LED[connection.vendor], plan)
