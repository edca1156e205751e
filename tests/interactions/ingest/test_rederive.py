"""Rebuilding everything from the raw records."""

import sys

import pytest

from interactions.ingest import account, rederive
from interactions.ingest.reading import Tools
from interactions.models import (
    Conversation,
    ConversationDetail,
    Message,
    Participation,
    RawRecord,
    TranscriptText,
    UnreadableRecord,
)
from tests.interactions.ingest import test_store as pages
from tests.interactions.ingest.tables import digests, everything
from tests.interactions.ingest.test_hostile import CORPUS, store

pytestmark = pytest.mark.django_db


def test_gives_what_the_import_gave(importer):
    importer.run()
    imported, raw = everything(), digests()
    for model in (Message, Participation, TranscriptText, ConversationDetail):
        model.objects.all().delete()
    Conversation.objects.update(csat=None, mcs=None, message_count=0, last_agent=None)
    rederive.forget_version()
    assert rederive.rederive(importer.tools).outcome.changed == 60
    assert (everything(), digests()) == (imported, raw)


# NaN is kept as null: the value is the same, but the note about it is gone.
@pytest.mark.parametrize("name", sorted(CORPUS.keys() - {"not a number"}))
def test_gives_what_the_import_gave_of_hostile_records(name):
    account.pin("sandbox-1")
    store([CORPUS[name]])
    imported, raw = everything(), digests()
    bodies = list(RawRecord.objects.values_list("pk", "body"))
    rederive.forget_version()
    rederive.rederive(Tools(sleep=lambda seconds: None))
    assert (everything(), digests()) == (imported, raw)
    assert list(RawRecord.objects.values_list("pk", "body")) == bodies


def test_does_nothing_when_todays_rules_filled_everything(importer):
    importer.run()
    assert rederive.remaining() == 0
    assert rederive.rederive(importer.tools).done == 0


def test_goes_on_where_it_was_stopped(importer, monkeypatch):
    importer.run()
    monkeypatch.setattr(rederive, "PAGE", 25)
    rederive.forget_version()

    def stop(progress):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rederive.rederive(importer.tools, stop)
    assert rederive.remaining() == 35
    assert rederive.rederive(importer.tools).outcome.changed == 35


def test_tries_unreadable_records_again(importer, monkeypatch):
    def broken(record, automatic):
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(sys.modules["interactions.ingest.store.prepare"], "derive", broken)
        importer.run()
    assert (Conversation.objects.count(), UnreadableRecord.objects.count()) == (0, 60)
    rederive.rederive(importer.tools)
    assert (Conversation.objects.count(), UnreadableRecord.objects.count()) == (60, 0)


@pytest.fixture
def kept(monkeypatch):
    """A conversation whose newer state, with another MCS, could not be read and is kept; by now it can be."""
    account.pin("sandbox-1")
    real = sys.modules["interactions.ingest.store.prepare"].derive

    def broken(record, automatic):
        if record.info.mcs == 3:
            raise ZeroDivisionError
        return real(record, automatic)

    pages.store(pages.talk("one"))
    with monkeypatch.context() as patch:
        patch.setattr(sys.modules["interactions.ingest.store.prepare"], "derive", broken)
        pages.store(pages.talk("one", info={"mcs": 3}), read_at=pages.NOW + pages.MINUTE)
    return UnreadableRecord.objects.get()


def test_keeps_the_newer_state_that_could_not_be_read_before(kept):
    rederive.forget_version()
    rederive.rederive(Tools(sleep=lambda seconds: None))
    assert (Conversation.objects.get().mcs, UnreadableRecord.objects.count()) == (3, 0)


def test_says_anew_why_a_record_cannot_be_read(kept, monkeypatch):
    def broken(record, automatic):
        raise KeyError

    monkeypatch.setattr(sys.modules["interactions.ingest.store.prepare"], "derive", broken)
    rederive.forget_version()
    rederive.rederive(Tools(sleep=lambda seconds: None))
    found = UnreadableRecord.objects.get()
    assert found.reason == "It could not be understood (KeyError)."
    assert (found.json_bytes, found.seen_count) == (kept.json_bytes, 1)


def test_keeps_the_instant_at_which_each_record_was_read(importer):
    importer.run()
    before = dict(RawRecord.objects.values_list("pk", "read_at"))
    rederive.forget_version()
    rederive.rederive(importer.tools)
    assert dict(RawRecord.objects.values_list("pk", "read_at")) == before
