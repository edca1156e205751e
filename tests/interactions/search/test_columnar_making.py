"""The columnar copy is made by one at a time, whole, and only where it is of use."""

import shutil
import threading

import pytest
from django.core.management import call_command
from django.db import connection

from interactions.models import (
    ColumnarCopy,
    ColumnarPiece,
    Consumer,
    Conversation,
    ConversationChange,
)
from interactions.search.columnar import answer, changes, copy, files, layout, making, rows
from tests.product import wait_for

from .conftest import asked
from .copies import is_true
from .world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("small_copies")]


def test_is_made_anew_after_many_changes(world, analyst, reader, monkeypatch):
    making.renew()
    former = ColumnarCopy.objects.get()
    assert is_true(analyst, reader)
    in_hand = answer.answer_to((), analyst)
    monkeypatch.setattr(making, "_LEAST_LINES", 5)
    World(analyst, size=50, seed=3)
    assert making.renew()
    newer = ColumnarCopy.objects.get()
    assert newer.token != former.token and newer.seq == changes.last()
    # Nobody needs the lines any more, nor the former files; whoever has them in hand still reads them.
    assert ConversationChange.objects.count() <= 1
    assert not files.is_there(former.token)
    assert in_hand.count() == len(world.rows) and len(in_hand.pks()) == len(world.rows)
    assert is_true(analyst, reader)


@pytest.mark.parametrize("harm", ["another's copy", "another server"])
def test_a_database_put_back_is_not_answered_by_a_copy_of_what_came_later(world, analyst, harm):
    making.renew()
    row = ColumnarCopy.objects.get()
    # The row names files that are not here, or a position that this server has not come to yet.
    ColumnarCopy.objects.update(**({"token": "0" * 32} if harm == "another's copy" else {"position": 2**60}))
    assert answer.answer_to((), analyst) is None
    assert asked("csat=1").count(analyst) == Conversation.objects.filter(csat=1).count()
    if harm == "another's copy" and connection.vendor == "postgresql":
        return  # the host that made it may have it
    if connection.vendor == "postgresql":
        ConversationChange.objects.create(xid=2**60 + 1, conversation=world.rows[0]["id"])
    # The next shift of a worker makes another.
    assert making.renew() and ColumnarCopy.objects.get().token != row.token
    assert is_true(analyst)
    assert not copy.current().seen


@pytest.mark.only_on("postgresql")  # SQLite has one host, which has the files
def test_another_host_takes_the_copy_from_the_database(world, analyst, reader, tmp_path, settings):
    making.renew()
    former = files.folder() / ColumnarCopy.objects.get().token
    settings.DATA_DIR = tmp_path / "another"
    copy.forget()
    World(analyst, size=20, seed=3)
    assert answer.answer_to((), analyst) is None
    assert asked("csat=1").count(analyst) == Conversation.objects.filter(csat=1).count()
    wait_for(lambda: answer.answer_to((), analyst) is not None)
    assert is_true(analyst, reader)
    taken = files.folder() / former.name
    assert {path.name: path.read_bytes() for path in taken.iterdir()} == {
        path.name: path.read_bytes() for path in former.iterdir()
    }


@pytest.mark.parametrize("harm", ["gone", "csat", "part_row", "about.json"])
def test_does_without_a_copy_that_is_not_whole(world, analyst, harm):
    making.renew()
    place = files.folder() / ColumnarCopy.objects.get().token
    if harm == "gone":
        shutil.rmtree(place)
        ColumnarPiece.objects.all().delete()
    else:
        (place / harm).write_bytes(b"")
    assert answer.answer_to((), analyst) is None
    assert asked("csat=1").count(analyst) == Conversation.objects.filter(csat=1).count()
    if connection.vendor == "sqlite":
        assert making.renew() and is_true(analyst)


def test_does_without_a_copy_when_a_number_is_too_large(world, analyst, monkeypatch):
    making.renew()
    assert is_true(analyst)
    monkeypatch.setitem(layout.TYPES, "message_count", layout.INT8)
    Conversation.objects.filter(pk=world.rows[0]["id"]).update(message_count=300)
    assert answer.answer_to((), analyst) is None
    assert asked("sort=-messages").rows(analyst).rows[0].pk == world.rows[0]["id"]
    ColumnarCopy.objects.all().delete()
    assert not making.renew()
    assert [place.name for place in files.folder().iterdir() if place.is_dir()] == []
    # That is not tried again and again.
    monkeypatch.setattr(files, "write", None)
    assert not making.renew()
    assert answer.answer_to((), analyst) is None


def test_a_full_disk_leaves_everything_as_it_was(world, analyst, reader, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(rows, "between", full)
    assert not making.renew()
    assert [place.name for place in files.folder().iterdir() if place.is_dir()] == []
    monkeypatch.undo()
    monkeypatch.setattr(making, "LEAST", 0)
    assert making.renew() and is_true(analyst, reader)


def test_of_two_that_were_made_one_counts(world, analyst, monkeypatch):
    """Two hosts that do not see each other's lock: the slower began earlier, and its lines are gone."""
    making.renew()
    monkeypatch.setattr(making, "_LEAST_LINES", 1)
    Conversation.objects.filter(pk=world.rows[0]["id"]).update(csat=1)
    write = files.write

    def slower(goes_on):
        made = write(goes_on)
        Conversation.objects.filter(pk=world.rows[0]["id"]).update(csat=5)
        monkeypatch.setattr(files, "write", write)
        assert making._made(goes_on)  # the other's
        return made

    monkeypatch.setattr(files, "write", slower)
    assert not making.renew()
    assert ColumnarCopy.objects.get().size == len(world.rows)
    assert is_true(analyst)
    copy.forget()
    assert is_true(analyst)


def test_what_no_copy_needs_is_not_kept(world, analyst, monkeypatch):
    making.renew()
    monkeypatch.setattr(making, "LEAST", len(world.rows) + 1)
    ColumnarCopy.objects.update(seq=-(10**6))
    assert not making.renew()
    assert not ColumnarCopy.objects.exists() and ConversationChange.objects.count() <= 1
    assert not [place for place in files.folder().iterdir() if place.is_dir()]


def test_erasing_takes_the_copy_away(world, analyst):
    making.renew()
    assert is_true(analyst)
    consumer = Consumer.objects.filter(conversations__isnull=False).first()
    theirs = consumer.conversations.values_list("pk", flat=True)[0]
    call_command("erase", "--consumer", str(consumer.pk), "--yes")
    assert not Conversation.objects.filter(pk=theirs).exists()
    assert answer.answer_to((), analyst) is None
    assert not ColumnarPiece.objects.exists()
    assert not [place for place in files.folder().iterdir() if place.is_dir()]
    assert making.renew() and is_true(analyst)


def test_one_process_makes_it_at_a_time_and_may_be_stopped(world, analyst):
    inside, go = threading.Event(), threading.Event()

    def slow() -> bool:
        inside.set()
        return go.wait(20)

    made: list[bool] = []

    def first() -> None:
        made.append(making.renew(slow))
        connection.close()

    thread = threading.Thread(target=first)
    thread.start()
    assert inside.wait(20)
    assert not making.renew()
    go.set()
    thread.join()
    assert made == [True] and is_true(analyst)
    ColumnarCopy.objects.all().delete()
    assert not making.renew(lambda: False)
    assert not ColumnarCopy.objects.exists()


def test_small_tables_have_none(world, monkeypatch):
    monkeypatch.setattr(making, "LEAST", len(world.rows) + 1)
    assert not making.renew()
    monkeypatch.setattr(making, "LEAST", 1)
    monkeypatch.setattr(making, "MOST", len(world.rows) - 1)
    assert not making.renew()
