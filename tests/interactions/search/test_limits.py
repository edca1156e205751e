"""A question that takes too long is given up; everything after it is as before."""

import time

import pytest
from django.db import OperationalError, connection

from interactions.search import within
from interactions.search.limits import seconds_left

pytestmark = pytest.mark.django_db
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000000) SELECT COUNT(*) FROM n"


def ask(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def test_gives_up_what_takes_too_long():
    began = time.monotonic()
    assert within(0.1, lambda: ask(ENDLESS)) is None
    assert time.monotonic() - began < 5
    assert ask("SELECT 1") == 1


def test_gives_the_answer_of_what_is_quick():
    assert within(5, lambda: ask("SELECT 7")) == 7


def test_leaves_the_usual_limit_as_it_was():
    if connection.vendor == "sqlite":
        within(0.01, lambda: ask(ENDLESS))
        assert ask("SELECT COUNT(*) FROM (SELECT 1 UNION ALL SELECT 2)") == 2
        return
    before = ask("SHOW statement_timeout")
    within(5, lambda: ask("SELECT 1"))
    assert ask("SHOW statement_timeout") == before
    within(0.01, lambda: ask(ENDLESS))
    assert ask("SHOW statement_timeout") == before


def test_a_limit_inside_another_is_never_the_longer_one_and_leaves_it_in_force():
    assert within(0.1, lambda: within(600, lambda: ask(ENDLESS))) is None
    assert within(0.1, lambda: [within(5, lambda: ask("SELECT 7")), ask(ENDLESS)]) is None
    assert within(0.1, lambda: [within(0.01, lambda: ask(ENDLESS)), ask(ENDLESS)]) is None
    assert within(5, lambda: [within(0.01, lambda: ask(ENDLESS)), ask("SELECT 7")]) == [None, 7]
    assert seconds_left() is None and ask("SELECT 1") == 1


def test_takes_no_other_fault_for_slowness():
    with pytest.raises((OperationalError, Exception), match="no_such_table"):
        within(5, lambda: ask("SELECT * FROM no_such_table"))
