"""Words in lists that the columnar copy answers: PostgreSQL lists common ones slowly, once, while no page waits."""

import contextlib
import threading

import numpy as np
import pytest
from django.db import connection

from interactions.models import Conversation, TranscriptText
from interactions.search import fulltext, within
from interactions.search.columnar import answer, asking, copy, making, segment
from interactions.search.columnar.segment import Answers
from interactions.search.limits import TooLong
from tests import factories
from tests.product import wait_for

from .conftest import asked
from .copies import is_true
from .saying import store

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("small_copies")]
SEARCH = "q=refund+-late&csat=1&csat=2&csat=3&csat=4&csat=5&sort=-mcs"


def _ids(user):
    return [row.pk for row in asked(SEARCH).rows(user).rows]


def test_a_page_waits_for_no_list_of_words_and_the_next_has_it(world, analyst, reader):
    making.renew()
    for user in (analyst, reader):
        copy.forget()
        first = asked(SEARCH).matched(user)
        assert (first.answer is None) == (connection.vendor == "postgresql")
        before = _ids(user)
        assert before
        assert asked(SEARCH).count(user) == len(before)
        assert asked(SEARCH).matched(user).answer is not None
        assert _ids(user) == before


def test_what_the_database_finds_too_slowly_the_copy_finds(world, analyst, monkeypatch):
    making.renew()
    before = _ids(analyst)
    copy.forget()
    monkeypatch.setattr("interactions.search.matched.within", lambda seconds, ask: None)
    assert _ids(analyst) == before
    assert asked(SEARCH).matched(analyst).answer is not None


def test_words_of_what_is_newer_than_the_files_are_asked_of_the_index(world, analyst, reader):
    making.renew()
    assert is_true(analyst, reader)
    late, early = Conversation.objects.order_by("pk")[:2]
    TranscriptText.objects.filter(conversation=late).delete()
    store(late, {"agent": ["third time"]})
    Conversation.objects.filter(pk=late.pk).update(message_count=77)  # as the import writes it with its words
    fresh = factories.conversation(agents=[world.agents[0]])
    store(fresh, {"consumer": ["a refund", "of the third time"]})
    early.delete()
    assert is_true(analyst, reader)
    assert fresh.pk in [row.pk for row in asked("q=refund&sort=-started_at").rows(analyst).rows]


@pytest.mark.only_on("postgresql")  # SQLite finds words between two keys
def test_of_very_many_newer_ones_the_database_tells(world, analyst, monkeypatch):
    making.renew()
    assert is_true(analyst)
    monkeypatch.setattr(fulltext, "FEW_LOOKED_AT", 3)
    Conversation.objects.filter(pk__in=[row["id"] for row in world.rows[:3]]).update(message_count=78)
    assert answer.answer_to(asked("q=refund").conditions(), analyst) is not None
    Conversation.objects.filter(pk=world.rows[3]["id"]).update(message_count=78)
    assert answer.answer_to(asked("q=refund").conditions(), analyst) is None
    assert answer.answer_to(asked("csat=1").conditions(), analyst) is not None
    assert asked("q=refund").count(analyst) == len(asked("q=refund").rows(analyst, size=10_000).rows)


def test_who_asks_the_same_at_the_same_time_waits_for_the_one_answer():
    answers, asked_for, begun, go = Answers(3), [], threading.Event(), threading.Event()

    def slow():
        asked_for.append(threading.get_ident())
        begun.set()
        assert go.wait(20)
        return np.array([True, False, True])

    found: list[list[bool]] = []
    people = [threading.Thread(target=lambda: found.append(answers.once("it", slow).tolist())) for _ in range(4)]
    for person in people:
        person.start()
    assert begun.wait(20)
    assert answers.once("another", lambda: np.zeros(3, dtype=bool)).tolist() == [False] * 3
    go.set()
    for person in people:
        person.join(20)
    assert found == [[True, False, True]] * 4
    assert len(asked_for) == 1


def test_who_waited_for_an_answer_that_failed_looks_for_it():
    answers, begun, go = Answers(2), threading.Event(), threading.Event()

    def fails():
        begun.set()
        assert go.wait(20)
        raise ZeroDivisionError

    first = threading.Thread(target=lambda: pytest.raises(ZeroDivisionError, answers.once, "it", fails))
    first.start()
    assert begun.wait(20)
    asked_for, found = [], []

    def works():
        asked_for.append(1)
        return np.ones(2, dtype=bool)

    others = [threading.Thread(target=lambda: found.append(answers.once("it", works).tolist())) for _ in range(5)]
    for other in others:
        other.start()
    go.set()
    for thread in (first, *others):
        thread.join(20)
    assert found == [[True, True]] * 5
    assert len(asked_for) == 1


@pytest.mark.parametrize(("theirs", "mine", "is_found"), [(0.1, 600, True), (0.1, None, True), (None, 600, False)])
def test_who_has_longer_than_another_who_was_cut_off_looks_anew(theirs, mine, is_found):
    answers, begun, go = Answers(2), threading.Event(), threading.Event()

    def is_cut_off():
        begun.set()
        assert go.wait(20)
        raise TooLong

    def limited(seconds, ask):
        return ask() if seconds is None else within(seconds, ask)

    def search():
        with contextlib.suppress(TooLong):
            limited(theirs, lambda: answers.once("it", is_cut_off))

    first = _beside(search)
    assert begun.wait(20)
    found = []
    second = _beside(lambda: found.append(limited(mine, lambda: answers.once("it", lambda: np.ones(2, dtype=bool)))))
    wait_for(lambda: answers._ends["it"]._cond._waiters)
    go.set()
    first.join(20)
    second.join(20)
    assert [each is not None for each in found] == [is_found]


@pytest.fixture
def slow_words(world, analyst, monkeypatch):
    """The index of words takes seconds, or as long as it may; tells how often it was asked."""
    monkeypatch.setattr(asking, "_SMALL", 0)
    read, times = fulltext.keys_of, []
    slow = "SELECT pg_sleep(3)"
    if connection.vendor == "sqlite":
        slow = (
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000000) SELECT COUNT(*) FROM n"
        )

    def slowly(words):
        times.append(words)
        with connection.cursor() as cursor:
            cursor.execute(slow)
        return read(words)

    making.renew()
    asked("csat=1").count(analyst)  # the copy is in hand
    monkeypatch.setattr(fulltext, "keys_of", slowly)
    return times


def _beside(ask):
    def work():
        try:
            ask()
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_nobody_else_waits_while_words_are_listed(world, analyst, reader, slow_words):
    searching = _beside(lambda: within(60, lambda: asked("q=refund&csat=1").count(analyst)))
    wait_for(lambda: slow_words)
    assert asked("csat=1&csat=2").count(reader) is not None
    assert within(0.05, lambda: asked("q=refund&csat=1").count(reader)) is None
    assert searching.is_alive()
    searching.join(60)
    assert asked("q=refund&csat=1").matched(analyst).answer is not None
    assert len(slow_words) == 1


def test_who_waits_for_one_that_is_cut_off_does_not_ask_after_it(world, analyst, slow_words):
    found = []
    people = [
        _beside(lambda: found.append(within(1.5, lambda: asked("q=refund&csat=1").count(analyst)))) for _ in range(8)
    ]
    for person in people:
        person.join(60)
    assert found == [None] * 8
    assert len(slow_words) < 3  # who came after the first had ended tries again
    assert not copy.current().files.segment._answers._ends


def test_the_place_in_a_search_waits_for_the_words_and_remembers_them(world, analyst):
    making.renew()
    query = asked("q=refund&sort=-mcs")
    listed = query.rows(analyst, size=10_000).rows
    copy.forget()
    assert query.neighbours(analyst, listed[2], 10).rank == 3
    assert query.matched(analyst).answer is not None


def test_what_is_asked_about_is_not_the_next_to_be_forgotten(monkeypatch):
    """As by a page that goes on with what was made of the answer earlier."""
    monkeypatch.setattr(segment, "MOST_ANSWERS", 2)
    answers = Answers(3)
    for question in ("kept", "older", "newer"):
        answers.once(question, lambda: np.ones(3, dtype=bool))
        assert "kept" in answers
    assert "newer" in answers and "older" not in answers
