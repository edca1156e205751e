"""The columnar copy knows every change that is visible, or is not asked."""

import shutil
import threading

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction

from interactions.models import (
    Agent,
    ColumnarCopy,
    ColumnarPiece,
    Conversation,
    ConversationChange,
    ConversationDetail,
    Participation,
)
from interactions.search.columnar import answer, changes, copy, files, layout, making, rows, segment
from interactions.search.conditions import to_q
from interactions.search.limits import within
from tests import factories
from tests.product import wait_for

from .conftest import asked
from .world import World

pytestmark = pytest.mark.django_db(transaction=True)
QUESTIONS = [
    *("", "csat=1", "handled_by=bot", "comment=1", "csat=none", "mcs_max=60&weekday=1", "reviewed=no", "flag=1"),
    # PostgreSQL asks its own index for words.
    *(("q=parcel", "q=-parcel") if connection.vendor == "sqlite" else ()),
]


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch, tmp_path: object, settings: object) -> None:
    """Every table is worth a copy, and no process knows one yet."""
    settings.DATA_DIR = tmp_path  # type: ignore[attr-defined]
    monkeypatch.setattr(making, "LEAST", 0)
    copy.forget()


@pytest.fixture
def reader(world: World) -> User:
    """Sees two of the groups and whatever no person took part in."""
    return factories.user("supervisor", groups=world.groups[:2], unassigned_too=True)


def is_true(*people: User) -> bool:
    """Whether the copy, which must be in use, holds what the database holds."""
    for user in people:
        for text in QUESTIONS:
            query = asked(text)
            found = answer.answer_to(query.conditions(), user)
            assert found is not None, text
            wanted = Conversation.objects.visible_to(user).filter(to_q(query.conditions(), reader=user.pk))
            if found.pks().tolist() != sorted(wanted.values_list("pk", flat=True)):
                return False
    return True


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
    making.drop()
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
    assert len(copy.current().files._answers) == 3
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
