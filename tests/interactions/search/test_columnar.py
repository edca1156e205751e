"""The columnar copy knows every change that is visible, or is not asked."""

import threading
import time

import pytest
from django.db import OperationalError, connection, transaction

from interactions.models import (
    Agent,
    ColumnarCopy,
    Conversation,
    ConversationDetail,
    Participation,
)
from interactions.search import query
from interactions.search.columnar import answer, copy, making, rows, segment
from interactions.search.limits import within
from interactions.search.sums import Number
from tests import factories
from tests.product import wait_for

from .conftest import asked
from .copies import is_true
from .world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("small_copies")]


def test_holds_what_was_there(world, analyst, reader):
    assert answer.answer_to((), analyst) is None
    assert making.renew()
    assert is_true(analyst, reader)
    assert ColumnarCopy.objects.get().size == len(world.rows)
    assert not making.renew()


def test_follows_every_kind_of_change(world, analyst, reader):
    making.renew()
    is_true(analyst, reader)
    first, second, third, *_ = Conversation.objects.order_by("pk")
    outsider = factories.agent("Outsider", group=world.groups[2])
    steps = [
        lambda: Conversation.objects.filter(pk=first.pk).update(csat=1, mcs=7),
        lambda: Conversation.objects.filter(pk=first.pk).update(csat=None, mcs=None),
        lambda: Participation.objects.filter(conversation=second).delete(),
        lambda: Participation.objects.create(
            conversation=second, position=9, agent=outsider, group=world.groups[0], part="assigned", is_counted=True
        ),
        lambda: Participation.objects.filter(conversation=second).update(group=world.groups[2]),
        lambda: ConversationDetail.objects.filter(conversation=third).update(comment="Now there is one"),
        lambda: ConversationDetail.objects.filter(conversation=third).update(comment=""),
        lambda: third.delete(),
        lambda: World(analyst, size=12, seed=3),
        lambda: Conversation.objects.filter(pk__lte=second.pk).delete(),
    ]
    for number, step in enumerate(steps):
        step()
        assert is_true(analyst, reader), number


def test_a_rolled_back_change_was_never_there(world, analyst, reader):
    making.renew()
    assert is_true(analyst)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        Conversation.objects.update(csat=1)
        # What will have been is known to the database alone.
        assert answer.answer_to((), analyst) is None
        assert within(9, lambda: answer.answer_to((), analyst)) is None
        raise ZeroDivisionError
    Conversation.objects.filter(pk=world.rows[0]["id"]).update(csat=5)
    # A limit of time, for which PostgreSQL needs a transaction, is no reason to ask the database.
    assert within(9, lambda: is_true(analyst, reader))


def test_is_not_asked_while_far_behind_and_catches_up(world, analyst, reader, monkeypatch):
    making.renew()
    assert is_true(analyst)
    monkeypatch.setattr(copy, "AT_ONCE", 3)
    monkeypatch.setattr(copy, "_PIECE", 50)
    World(analyst, size=20, seed=3)
    assert answer.answer_to((), analyst) is None
    # The list is right all the same.
    assert asked("").count(analyst) == asked("csat=1").count(analyst) + asked(
        "csat=none&csat=2&csat=3&csat=4&csat=5"
    ).count(analyst)
    wait_for(lambda: answer.answer_to((), analyst) is not None)
    assert is_true(analyst, reader)


def test_a_page_of_figures_waits_until_what_changed_is_known(world, analyst, reader, monkeypatch):
    making.renew()
    monkeypatch.setattr(copy, "AT_ONCE", 3)
    monkeypatch.setattr(copy, "_PIECE", 50)
    monkeypatch.setattr(answer, "_PATIENCE", 60)
    for seed in (3, 4):
        World(analyst, size=20, seed=seed)
        assert answer.answer_to((), analyst) is None
        with answer.one_instant(is_patient=True):
            assert answer.answer_to((), analyst).count() == Conversation.objects.count()
    assert is_true(analyst, reader)


def test_a_page_of_figures_waits_no_longer_than_it_may(world, analyst, monkeypatch):
    making.renew()
    monkeypatch.setattr(copy, "AT_ONCE", 3)
    World(analyst, size=20, seed=3)
    go = threading.Event()
    monkeypatch.setattr(answer, "_PATIENCE", 0.1)
    with monkeypatch.context() as patched:
        patched.setattr(copy, "_catch_up", lambda: go.wait(20))
        began = time.monotonic()
        with answer.one_instant(is_patient=True):
            assert answer.answer_to((), analyst) is None
            assert asked("").facts(analyst).whole({"n": Number()}) == {"n": Conversation.objects.count()}
        assert time.monotonic() - began < 10
        go.set()
        wait_for(lambda: not copy._state.is_busy)
    wait_for(lambda: answer.answer_to((), analyst) is not None)


def test_a_process_opens_the_copy_before_it_is_asked(world, analyst, monkeypatch):
    making.renew()
    copy.forget()
    copy.open_copy()
    assert copy._state.copy.files.segment is not None

    def fail():
        raise OperationalError("no database")

    monkeypatch.setattr(copy, "current", fail)
    copy.open_copy()


@pytest.mark.only_on("postgresql")  # SQLite has one writer at a time
def test_a_transaction_that_began_early_and_ends_late_is_not_missed(world, analyst, reader):
    making.renew()
    first, second, third, *_ = [row["id"] for row in world.rows]
    begun, go = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            Conversation.objects.filter(pk=first).update(csat=1, mcs=1)
            begun.set()
            go.wait(20)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert begun.wait(20)
    for pk in (second, third):
        Conversation.objects.filter(pk=pk).update(csat=1, mcs=2)
        assert is_true(analyst, reader)
    go.set()
    thread.join()
    assert is_true(analyst, reader)
    Conversation.objects.filter(pk=second).update(csat=5)
    assert is_true(analyst, reader)
    assert not copy.current().seen


def test_who_has_little_time_does_not_wait_for_another_who_reads_changes(world, analyst):
    """And of a page whose first question had no more time the next one may still be answered by the copy."""
    making.renew()
    assert is_true(analyst)
    with answer.one_instant():
        with copy._state.lock:
            # The lock is for threads: this one stands for another.
            assert within(0.05, lambda: answer.answer_to((), analyst)) is None
        found = answer.answer_to((), analyst)
        assert found is not None and found.count() == len(world.rows)
        Conversation.objects.filter(pk=world.rows[0]["id"]).delete()
        again = answer.answer_to((), analyst)
        assert again is not None and again.count() == len(world.rows)


def test_answers_of_one_instant(world, analyst, monkeypatch):
    """What moves from one conversation to another while their rows are read is seen once."""
    making.renew()
    first, second = [row["id"] for row in world.rows[:2]]
    Conversation.objects.update(mcs=1)
    Conversation.objects.filter(pk=first).update(mcs=77)
    assert asked("mcs_min=77").count(analyst) == 1
    Conversation.objects.filter(pk=first).update(csat=1)
    read = rows.of

    def moved(keys):
        monkeypatch.setattr(rows, "of", read)
        with transaction.atomic():
            Conversation.objects.filter(pk=first).update(mcs=1)
            Conversation.objects.filter(pk=second).update(mcs=77)
        return read(keys)

    monkeypatch.setattr(rows, "of", moved)
    assert answer.answer_to(asked("mcs_min=77").conditions(), analyst).pks().tolist() == [second]


def test_an_id_that_is_borne_no_more_finds_nothing(world, analyst):
    making.renew()
    agent = world.agents[0]
    query = asked(f"last_agent={agent.liveperson_id}")
    assert query.count(analyst)
    Agent.objects.filter(pk=agent.pk).update(liveperson_id="another")
    assert query.count(analyst) == 0
    assert asked("last_agent=another").count(analyst)


def test_no_thread_is_no_error(world, analyst, monkeypatch):
    making.renew()
    assert is_true(analyst)
    monkeypatch.setattr(copy, "AT_ONCE", 3)
    World(analyst, size=20, seed=3)

    def none(_):
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", none)
        assert answer.answer_to((), analyst) is None
    assert answer.answer_to((), analyst) is None  # it is not tried again at once
    monkeypatch.setattr(copy._state, "not_before", 0.0)
    wait_for(lambda: answer.answer_to((), analyst) is not None)
    assert is_true(analyst)


def test_every_table_tells_of_its_changes():
    """SQLite drops triggers with a table that a migration makes anew; the migration has to write them again."""
    listed = {
        "sqlite": "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%_changed_by_%'",
        "postgresql": "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgname LIKE '%_changed_by_%'",
    }
    with connection.cursor() as cursor:
        cursor.execute(listed[connection.vendor])
        found = {(table, name.rsplit("_", 1)[1]) for table, name in cursor.fetchall()}
    tables = [model._meta.db_table for model in (Conversation, ConversationDetail, Participation)]
    assert found == {(table, event) for table in tables for event in ("insert", "update", "delete")}


def test_memory_holds_no_more_answers_than_it_may(world, analyst, monkeypatch):
    making.renew()
    monkeypatch.setattr(segment, "REMEMBERED", 3 * len(world.rows) // 8)
    for number in range(9):
        answer.answer_to(asked(f"mcs_min={number}").conditions(), analyst).count()
    assert len(copy.current().files.segment._answers) == 3
    assert is_true(analyst)


def test_remembers_neither_people_nor_marks(world, analyst, reader):
    """What one person asked is not another's answer, and a mark that was just left counts."""
    making.renew()
    mine = asked("reviewed=me")
    before = mine.count(analyst)
    assert asked("").count(analyst) > asked("").count(reader)
    unread = Conversation.objects.exclude(pk__in=[row.pk for row in mine.rows(analyst).rows]).first()
    factories.review(unread, analyst)
    assert mine.count(analyst) == before + 1
    assert is_true(analyst, reader)


def test_tells_the_messages_of_a_list_that_the_database_would_add_up_too_slowly(world, analyst, monkeypatch):
    monkeypatch.setattr(query, "_ADDED_A_SECOND", 0)
    assert asked("csat=1").size(analyst, 5).messages is None
    making.renew()
    size = asked("csat=1").size(analyst, 5)
    rows = Conversation.objects.filter(csat=1)
    assert (size.count, size.messages) == (rows.count(), sum(rows.values_list("message_count", flat=True)))
    assert size.count
    assert asked("csat=1&mcs_min=1&mcs_max=1&nps_min=0&nps_max=0&duration_max=0").size(analyst, 5).messages == 0


def test_a_page_hears_of_one_instant_and_asks_for_it_once(world, analyst, django_assert_num_queries):
    making.renew()
    unread, all_of_it = asked("reviewed=no").conditions(), asked("").conditions()
    before = answer.answer_to(all_of_it, analyst).count()

    with answer.one_instant():
        left = answer.answer_to(unread, analyst).count()
        Conversation.objects.order_by("pk").first().delete()
        with django_assert_num_queries(0), answer.one_instant():
            assert answer.answer_to(unread, analyst).count() == left
            narrower = asked("reviewed=no&csat=1").conditions()
            assert answer.answer_to(narrower, analyst).count() <= left
            assert answer.answer_to(all_of_it, analyst).count() == before
    assert answer.answer_to(all_of_it, analyst).count() == before - 1


def test_a_mask_of_marks_is_each_asker_s_own(world, analyst):
    making.renew()
    unread = asked("reviewed=no").conditions()

    with answer.one_instant():
        first, second = (answer.answer_to(unread, analyst) for _ in range(2))
        for _, mask in first.found:
            mask[:] = False
        assert (first.count(), second.count()) == (0, asked("reviewed=no").filtered(analyst).count())
