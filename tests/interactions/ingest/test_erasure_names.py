"""Who is erased is known by the id however a record writes it, and whatever part it gives them."""

import json
import zlib
from contextlib import suppress
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from interactions.ingest import one
from interactions.ingest.erasure import NotAConsumer, Theirs, erase, stored_of
from interactions.ingest.store import erased, prepare, write
from interactions.liveperson import parse_conversation
from interactions.liveperson.records import marked, parse_encoded
from interactions.models import Agent, Consumer, Conversation, RefreshRequest, Tombstone, UnreadableRecord
from tests.interactions.ingest import test_store as pages
from tests.interactions.ingest.derive.talk import joins, say
from tests.interactions.ingest.tables import astray

pytestmark = pytest.mark.django_db(transaction=True)
ILSE = {"participantId": "c-1", "firstName": "Ilsebill"}


def later():
    return pages.NOW + timedelta(minutes=1)


def of(ident, *messages, **given):
    return pages.talk("two", *(messages or [say(0, participantId=ident)]), **given)


def whose(ident):
    return of(ident, consumerParticipants=[{"participantId": ident, "firstName": "Ilsebill"}])


def stored(records, read_at=pages.NOW):
    items = prepare(records, read_at, pages.AutomaticTexts())
    with transaction.atomic():
        return write(items, pages.AutomaticTexts())


def holders(*words):
    """The tables and columns in which one of the words stands, also inside what is compressed."""
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        if connection.vendor == "sqlite":  # with those below the full-text index
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            names = [name for (name,) in cursor.fetchall()]
        found = set()
        for name in names:
            cursor.execute(f'SELECT * FROM "{name}"')
            columns = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                found |= {(name, column) for column, cell in zip(columns, row, strict=True) if holds(cell, words)}
        return found


def holds(cell, words):
    if isinstance(cell, bytes | memoryview):
        cell = bytes(cell)
        with suppress(zlib.error):
            cell = zlib.decompress(cell)
    else:
        cell = str(cell).encode()
    return any(word.encode() in cell for word in words)


@pytest.mark.parametrize(
    "record",
    [
        of("c-2", consumerParticipants=[{"participantId": "c-2"}, ILSE]),
        of("c-2", say(0, participantId="c-2"), say(1, participantId="c-1"), consumerParticipants=[]),
        of("c-1", say(0, None, participantId="c-1"), consumerParticipants=None),
        of("c-2", messageStatuses=[{"participantId": "c-1"}], consumerParticipants=[{"participantId": "c-2"}]),
    ],
    ids=["second of two", "wrote too", "nobody's consumer", "read it"],
)
def test_removes_by_the_rule_that_keeps_out(record):
    pages.store(record, pages.talk("other", say(0, participantId="c-2"), consumerParticipants=[]))
    assert stored_of("c-1") == erase("c-1", timezone.now()) == Theirs(1, 0)
    assert Conversation.objects.get().conversation_id == "other"
    assert not holders("c-1", "Ilsebill")
    pages.store(record, read_at=later())
    assert Conversation.objects.get().conversation_id == "other"


@pytest.mark.parametrize(
    "ident", ["c\x01one", "c\x00one", "c\ud800one", "c\x7fone", 1.5, 4711.0, 4.711e3, "x" * 129, 'π/"☎', "c-1 "]
)
def test_knows_an_id_as_it_is_stored(ident):
    pages.store(whose(ident))
    given = str(int(ident)) if ident == 4711 else str(ident)
    assert erase(given, timezone.now()).conversations == 1
    pages.store(whose(ident), read_at=later())
    assert not Conversation.objects.exists() and not Consumer.objects.exists()


@pytest.mark.parametrize("ident", ["c\x01one", 1.5, "c\ud800one"])
def test_erases_by_the_number_of_a_consumer(ident):
    pages.store(whose(ident))
    call_command("erase", "--yes", consumer=Consumer.objects.get().pk)
    pages.store(whose(ident), read_at=later())
    assert not Conversation.objects.exists()


@pytest.mark.parametrize(
    "written",
    [
        b'"participantId":4.711e3',
        b'"participantId":47110e-1',
        b'"participant\\u0049d":"4711"',
        b'"\\u0070articipantId" :\t"\\u0034711"',
        b'"participantId"\n:\n"4711"',
    ],
)
@pytest.mark.parametrize("is_readable", [True, False])
def test_reads_the_id_however_it_is_written(written, is_readable):
    record = json.dumps(whose("X") if is_readable else {**whose("X"), "info": {}}).encode()
    encoded = record.replace(b'"participantId": "X"', written)
    stored([parse_encoded(encoded)])
    assert Conversation.objects.exists() == is_readable
    assert erase("4711", timezone.now()) == (Theirs(1, 0) if is_readable else Theirs(0, 1))
    stored([parse_encoded(encoded)], later())
    assert not Conversation.objects.exists() and not UnreadableRecord.objects.exists()


@pytest.mark.parametrize("inside", [b"NaN", b'"\\ud800"', b"1" * 5000, b"[" * 3000 + b"]" * 3000])
def test_reads_the_id_in_what_is_no_json_to_the_letter(inside):
    assert erased.participants_of(b'{"a":%s,"participantId":"c-1","b":[{"participantId":7}]}' % inside) == {"c-1", "7"}


@pytest.mark.parametrize(
    "value", [b"true", b"null", b'{"participantId":[]}', b"NaN", b"1e999", b"1.2.3", b'"0"', b"-1"]
)
def test_takes_nothing_else_for_an_id(value):
    assert erased.participants_of(b'{"participantId":%s,"\\u0061":0}' % value) == set()
    assert erased.participants_of(b'{"text":"\\"participantId\\":\\"c-1\\""}') == set()


def test_reads_no_record_where_nobody_was_erased(monkeypatch):
    monkeypatch.setattr(erased, "participants_of", None)
    pages.store(pages.talk("one"))
    assert Conversation.objects.exists()


@pytest.mark.parametrize("ident", ["", " ", "\t", "0", "-1", "undefined", "null", "NA", "N/A"])
def test_refuses_what_stands_for_nobody(ident):
    with pytest.raises(CommandError, match="stands for nobody"):
        call_command("erase", "--yes", "--", ident)
    assert not Tombstone.objects.exists()


@pytest.mark.parametrize("ident", ["h-1", "p-1", "b-1", "s-1", "chief"])
def test_refuses_an_agents_id(ident):
    chief = joins("chief", part="MANAGER", agentFullName="Chief")
    pages.store(pages.talk("one", people=[joins("h-1", agentPid="p-1"), joins("b-1", kind="2"), joins("s-1"), chief]))
    for yes in (True, False):
        with pytest.raises(CommandError, match="is the id of an agent"):
            call_command("erase", ident, yes=yes)
    assert not Tombstone.objects.exists() and Conversation.objects.exists()
    with pytest.raises(NotAConsumer):
        stored_of(ident)


def test_says_that_nothing_names_the_id(capsys):
    pages.store(pages.talk("one"))
    with pytest.raises(
        CommandError, match="Nothing that is stored names this id, .*Nothing was erased; --yes keeps out"
    ):
        call_command("erase", "c-7")
    call_command("erase", "c-7", "--yes")
    assert capsys.readouterr().out.startswith("Nothing that is stored names this id, or not any more: look")
    assert pages.counts(pages.store(whose("c-7"))) == (0, 0, 0, 0) and Conversation.objects.exists()


def test_refuses_bytes_that_are_no_text():
    with pytest.raises(CommandError, match="not UTF-8"):
        call_command("erase", "\udcff\udcfe", "--yes")
    assert not Tombstone.objects.exists()


def test_removes_and_keeps_out_the_heads_of_their_conversations():
    whole = pages.talk("one")
    pages.store(whole)
    head = marked(parse_conversation({"info": {**whole["info"], "mcs": 5}}), "too large")
    stored([head], later())
    one.ask("one", None, timezone.now())
    assert stored_of("c-1") == erase("c-1", timezone.now()) == Theirs(1, 1)
    assert not UnreadableRecord.objects.exists() and not RefreshRequest.objects.exists()
    outcome = stored([head], later() + timedelta(minutes=1))
    assert not UnreadableRecord.objects.exists()
    assert (pages.counts(outcome), outcome.kept_out) == ((0, 0, 0, 0), {"one"})


@pytest.mark.parametrize(
    "record",
    [
        pages.talk("one", say(0), say(1, "Agent", participantId="c-1")),
        pages.talk("one", transfers=[{"timeL": 1_900_000_001_000, "reason": "Back2Q", "by": "c-1"}]),
    ],
)
def test_leaves_no_agent_of_their_id(record):
    pages.store(record)
    made = Agent.objects.get(liveperson_id="c-1")
    erase("c-1", timezone.now())
    made.refresh_from_db()
    assert (made.liveperson_id, made.is_deleted) == (f"erased-{made.pk}", True)
    assert astray() == []
    assert not holders("c-1")
