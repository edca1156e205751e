"""Erasing a consumer: nothing of them is left, and nothing comes back whichever way LivePerson shows it."""

import io
import threading
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from django.utils import timezone

from interactions import jobs
from interactions.ingest import one, sync
from interactions.ingest.erasure import Theirs, erase, stored_of
from interactions.ingest.store import erased
from interactions.liveperson.pages import LIMIT, OVERLAP
from interactions.models import (
    Attribute,
    Consumer,
    Conversation,
    ConversationDetail,
    DeletedNote,
    Flag,
    Message,
    Participation,
    RawRecord,
    RefreshRequest,
    SyncRun,
    SyncWindow,
    Tombstone,
    TranscriptText,
    UnreadableRecord,
)
from interactions.search import parse
from tests import factories
from tests.interactions.ingest import test_store as pages
from tests.interactions.ingest.derive.talk import say

ILSE = (erased.CONSUMER, "c-1")
TEN = timedelta(minutes=10)
TABLES = (Attribute, ConversationDetail, DeletedNote, Flag, Message, Participation, RawRecord, TranscriptText)


def _into(at):
    """How far an instant lies in its ten minutes."""
    return timedelta(seconds=at.timestamp() % TEN.total_seconds())


def busiest():
    """The consumer of most conversations, who came back."""
    consumers = {each: each.conversations.count() for each in Consumer.objects.all()}
    return max(consumers, key=lambda each: consumers[each])


def left_of(pks):
    return [model.__name__ for model in TABLES if model._default_manager.filter(conversation__in=pks).exists()]


@pytest.mark.django_db(transaction=True)
def test_leaves_nothing_and_takes_nothing_in_again(importer, analyst):
    importer.run()
    gone = busiest()
    pks = list(gone.conversations.values_list("pk", flat=True))
    idents = set(gone.conversations.values_list("conversation_id", flat=True))
    Flag.objects.create(conversation_id=pks[0], user=analyst, flagged_at=timezone.now())
    at = {"written_at": timezone.now(), "deleted_at": timezone.now()}
    DeletedNote.objects.create(note_key=1, conversation_id=pks[0], user=analyst, text="Ask Ilse", **at)
    assert len(pks) > 1 and {"DeletedNote", "Message"} <= set(left_of(pks))
    erased_now = erase(gone.participant_id, timezone.now())
    assert (erased_now.conversations, left_of(pks)) == (len(pks), [])
    assert Conversation.objects.count() == 60 - len(pks)
    assert not Consumer.objects.filter(participant_id=gone.participant_id).exists()
    # By every way back: a refresh, the weekly comparison, and by its id.
    for _ in range(8):
        importer.later(hours=28, minutes=1).run()
    one.ask(min(idents), None, importer.clock.now)
    importer.run()
    assert one.latest(min(idents)).result == "not_found"
    assert not Conversation.objects.filter(conversation_id__in=idents).exists()
    assert Conversation.objects.count() == 60 - len(pks)
    assert not Consumer.objects.filter(participant_id=gone.participant_id).exists()
    assert gone.participant_id not in str(list(Tombstone.objects.values()))


@pytest.mark.django_db(transaction=True)
def test_is_found_by_no_word_any_more(analyst):
    pages.store(pages.talk("one", say(0, text="a purple umbrella")))
    query = parse({"q": ["purple"]}, zone="UTC").query
    assert query.count(analyst) == 1
    erase("c-1", timezone.now())
    assert (query.count(analyst), list(query.keyset(analyst)), TranscriptText.objects.count()) == (0, [], 0)


@pytest.mark.django_db(transaction=True)
def test_lets_everybody_else_in():
    erase("c-1", timezone.now())
    other = pages.talk("two", say(0, participantId="c-2"), consumerParticipants=[{"participantId": "c-2"}])
    assert pages.counts(pages.store(pages.talk("one"), other)) == (1, 0, 0, 0)
    assert Conversation.objects.get().conversation_id == "two"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("ident", ["c-1", 'π/"☎', "4711"])
def test_keeps_out_and_removes_what_cannot_be_read(ident):
    whole = {"consumerParticipants": [{"participantId": int(ident) if ident.isdecimal() else ident}], "info": {}}
    pages.store(whole)
    assert UnreadableRecord.objects.count() == 1
    assert erase(ident, timezone.now()).unreadable == 1
    pages.store(whole, read_at=pages.NOW + timedelta(minutes=1))
    assert not UnreadableRecord.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_knows_whom_an_older_key_has_hashed(settings):
    erase("c-1", timezone.now())
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]
    pages.store(pages.talk("one"))
    assert not Conversation.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_goes_on_where_it_was_stopped(monkeypatch):
    for number in range(5):
        factories.conversation(
            conversation_id=f"c{number}", consumer=Consumer.objects.get_or_create(participant_id="c-1")[0]
        )
    monkeypatch.setattr("interactions.ingest.erasure._TOGETHER", 2)
    calls = []

    def stopped(pks):
        calls.append(pks)
        if len(calls) == 2:
            raise KeyboardInterrupt

    with monkeypatch.context() as stopping, pytest.raises(KeyboardInterrupt):
        stopping.setattr("interactions.ingest.erasure.clear_children", stopped)
        erase("c-1", timezone.now())
    assert Conversation.objects.count() == 3 and erased.erased_among([ILSE]) == {ILSE}
    assert erase("c-1", timezone.now()).conversations == 3
    assert not Conversation.objects.exists() and Tombstone.objects.count() == 1 + 5


@pytest.mark.django_db(transaction=True)
def test_waits_for_a_page_that_is_being_written():
    done = threading.Event()

    def erasing():
        erase("c-1", timezone.now())
        connections.close_all()
        done.set()

    thread = threading.Thread(target=erasing)
    with transaction.atomic():
        items = pages.prepare([pages.parse_conversation(pages.talk("one"))], pages.NOW, pages.AutomaticTexts())
        pages.write(items, pages.AutomaticTexts())
        thread.start()
        assert not done.wait(0.5)
    thread.join(30)
    assert done.is_set() and not Conversation.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_gives_way_to_a_conversation_that_is_being_asked_for():
    pages.store(pages.talk("one"))
    one.ask("one", None, timezone.now())
    troubles = []

    def erasing():
        try:
            erase("c-1", timezone.now())
        except Exception as trouble:
            troubles.append(trouble)
        connections.close_all()

    thread = threading.Thread(target=erasing)
    with transaction.atomic():
        RefreshRequest.objects.update(done_count=1)
        thread.start()
        thread.join(0.5)
        pages.store(pages.talk("one"), read_at=pages.NOW + timedelta(minutes=1))
    thread.join(30)
    assert not (thread.is_alive() or troubles)
    assert not Conversation.objects.exists() and not RefreshRequest.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_costs_a_page_one_or_two_statements(django_assert_num_queries):
    with django_assert_num_queries(1 + (connection.vendor == "postgresql")):
        erased.without_erased({})


@pytest.mark.parametrize("past", [0, 1], ids=["whole ten minutes", "a minute past them"])
@pytest.mark.django_db(transaction=True)
def test_counts_no_record_less_where_two_pages_meet(importer_of, clock, past):
    clock.now -= (_into(clock.now) - timedelta(minutes=past)) % TEN
    importer = importer_of(300, days=2)
    importer.run()
    window = SyncWindow.objects.filter(kind=SyncWindow.Kind.BACKFILL).order_by("-seen_count").first()
    SyncWindow.objects.exclude(pk=window.pk).delete()
    # LivePerson widens what is asked for to whole ten minutes.
    first, last = window.start_from - _into(window.start_from), window.start_to + (TEN - _into(window.start_to)) % TEN
    inside = Conversation.objects.filter(started_at__range=(first, last)).order_by("started_at", "pk")
    assert window.seen_count == inside.count() > LIMIT
    # Of the ten that are on both pages.
    for row in inside[LIMIT - OVERLAP : LIMIT - OVERLAP // 2]:
        erase(row.consumer.participant_id, timezone.now())
    SyncRun.objects.all().delete()
    SyncWindow.objects.update(state="waiting", not_before=None)
    sync.run_window(importer.client, jobs.claim(SyncWindow.objects.all(), importer.clock()), importer.tools)
    done = SyncRun.objects.get()
    # An open conversation may have grown meanwhile.
    counted = done.changed_count + done.unchanged_count
    assert (done.state, done.read_count, counted) == ("complete", inside.count(), inside.count())


@pytest.mark.django_db(transaction=True)
def test_looks_at_every_record_and_says_how_far_it_has_come(monkeypatch):
    monkeypatch.setattr("interactions.ingest.erasure._TOGETHER", 2)
    theirs = [pages.talk(name, say(0, participantId="c-2"), say(1), consumerParticipants=[]) for name in "abc"]
    pages.store(*theirs, *[pages.talk(name, say(0, participantId="c-2"), consumerParticipants=[]) for name in "de"])
    pages.store({"info": {}, "consumerParticipants": [{"participantId": "c-1"}]})
    told = []
    assert stored_of("c-1", lambda *far: told.append(far)) == Theirs(3, 1)
    assert erase("c-1", timezone.now(), lambda *far: told.append(far)) == Theirs(3, 1)
    assert told == [(2, 6), (4, 6), (5, 6), (6, 6), (6, 6)] * 2


def run(*arguments):
    out = io.StringIO()
    call_command("erase", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.django_db(transaction=True)
def test_the_command_asks_first_and_says_what_went():
    pages.store(pages.talk("one"), pages.talk("two"))
    expected = (
        "would erase 2 conversations and 0 records that could not be read for good. Nothing was erased; add --yes"
    )
    with pytest.raises(CommandError, match=expected):
        run("c-1")
    number = str(Consumer.objects.get(participant_id="c-1").pk)
    assert run("--consumer", number, "--yes").startswith("Erased 2 conversations and 0 records")
    assert not Conversation.objects.exists()
    for wrong in ([], ["c-1", "--consumer", "1"], ["--consumer", "999"]):
        with pytest.raises(CommandError):
            run(*wrong, "--yes")


@pytest.mark.django_db(transaction=True)
def test_takes_a_record_of_very_many_people(settings):
    erase("c-1", timezone.now())
    crowd = {(erased.CONSUMER, f"c-{number}") for number in range(2, 120_000)}
    settings.SECRET_KEY_FALLBACKS = ["one", "two"]
    assert erased.erased_among(crowd | {ILSE}) == {ILSE}
