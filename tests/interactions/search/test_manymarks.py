"""Marks, where there are many of them, are counted as they are found one by one."""

from itertools import chain, combinations

import pytest
from django.db import connection

from interactions.search import covering, manymarks
from tests import factories

from .conftest import asked

MARKS = ["reviewed=me", "reviewed=no", "reviewed=me&reviewed=no", "reviewed=any&reviewed=no", "flag=1", "flag=0"]
MARKS += ["flag=0&flag=1", "note=1", "note=0", "tag=coaching", "tag=none", "tag=coaching&tag=none", "tag=nobody"]
OTHERS = ["", "csat=1&csat=2", "mcs_band=-1", "q=refund", "status=open&first_contact=1"]


@pytest.mark.parametrize("role", ["analyst", "admin", "supervisor", "unassigned too", "stranger"])
def test_counts_what_is_found(world, role, monkeypatch):
    monkeypatch.setattr(manymarks, "MANY", -1)
    user = world.me
    if role == "unassigned too":
        user = factories.user("supervisor", groups=world.groups[:1], unassigned_too=True)
    elif role != "analyst":
        user = factories.user(role, groups=world.groups[:1])
    pairs = (pair for pair in combinations(MARKS, 2) if pair[0].split("=")[0] != pair[1].split("=")[0])
    for given in chain(MARKS, ("&".join(pair) for pair in pairs)):
        for other in OTHERS if given in MARKS else OTHERS[:2]:
            query = asked(f"{given}&{other}")
            assert query.count(user) == len(query.filtered(user).values_list("pk", flat=True)), query.querystring()


def test_reads_marks_at_once_where_there_are_many_of_them_on_sqlite(world, analyst, monkeypatch):
    conditions = asked("reviewed=no").conditions()
    assert manymarks.count_of(conditions, analyst) is None
    monkeypatch.setattr(manymarks, "MANY", 0)
    is_sqlite = connection.vendor == "sqlite"
    assert (manymarks.count_of(conditions, analyst) is not None, manymarks.are_many("flag")) == (is_sqlite, is_sqlite)
    assert manymarks.count_of(asked("csat=1").conditions(), analyst) is None


def test_takes_a_conversation_once_for_two_parts_in_it(supervisor):
    own = factories.agent(group=supervisor.scope.groups.get())
    made = [factories.conversation(agents=[own, own]), factories.conversation(agents=[own])]
    factories.conversation(agents=[factories.agent()])
    keys = covering.keys_of((), supervisor)
    assert keys is not None and keys.tolist() == sorted(row.pk for row in made)
