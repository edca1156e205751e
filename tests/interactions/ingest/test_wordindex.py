"""SQLite's index of words: what was deleted leaves it for good."""

import hashlib
import threading
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.utils import timezone

from interactions.ingest import wordindex
from interactions.ingest.erasure import erase
from interactions.models import TranscriptText
from interactions.search import parse
from tests.interactions.ingest import test_store as pages
from tests.interactions.ingest.derive.talk import say
from tests.interactions.ingest.test_erasure_names import holders

pytestmark = pytest.mark.django_db(transaction=True)


def fill(first, count, *words, size=60):
    """So many conversations of somebody else, each with words of its own, a page at a time."""
    for start in range(first, first + count, 10):
        spoken = [" ".join([f"word{number}", *words, *own(number, size)]) for number in range(start, start + 10)]
        talks = [
            pages.talk(f"other{number}", say(0, text=text, participantId="c-2"), consumerParticipants=[])
            for number, text in enumerate(spoken, start)
        ]
        pages.store(*talks)


def own(number, size):
    """So many words that no other conversation has that they fill pages of the index."""
    return [hashlib.blake2b(b"%d %d" % (number, place), digest_size=12).hexdigest() for place in range(size)]


def sound():
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO interactions_transcriptindex(interactions_transcriptindex) VALUES('integrity-check')"
        )
    return True


@pytest.mark.only_on("sqlite")
def test_leaves_no_byte_in_the_file_once_it_is_rewritten():
    fill(0, 60)
    pages.store(pages.talk("one", say(0, text="Xylophagous!")))
    call_command("erase", "c-1", "--yes")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    file = Path(connection.settings_dict["NAME"])
    written = file.read_bytes() + Path(f"{file}-wal").read_bytes()
    assert b"word7" in written and b"ylophagous" not in written


@pytest.mark.parametrize("count", [0, 10, 20, 60])
@pytest.mark.only_on("sqlite")
def test_lets_go_of_the_words_of_whoever_was_erased(count):
    fill(0, 60)
    pages.store(pages.talk("one", say(0, text="xylophagous umbrellas")))
    pages.store(pages.talk("one", say(0, text="xylophagous quokka")), read_at=pages.NOW + pages.timedelta(minutes=1))
    fill(60, count)
    assert holders("xylophagous", "ylophagous")
    call_command("erase", "c-1", "--yes")
    # FTS5 writes what differs from the word before only.
    assert not holders("xylophagous", "ylophagous", "quokka", "mbrellas")
    assert TranscriptText.objects.count() == 60 + count and sound()


@pytest.mark.only_on("sqlite")
def test_finds_everything_afterwards(analyst):
    fill(0, 40, "umbrella")
    wordindex.merge()
    assert parse({"q": ["umbrella"]}, zone="UTC").query.count(analyst) == 40
    assert parse({"q": ["word17"]}, zone="UTC").query.count(analyst) == 1


@pytest.mark.parametrize("parts", [1, 2])
@pytest.mark.parametrize("written", [0, 1, 2, 3])
@pytest.mark.only_on("sqlite")
def test_merges_few_parts_to_their_end(monkeypatch, parts, written):
    """FTS5 by itself leaves them for newer parts of the same number, and does not merge fewer than four of those."""
    monkeypatch.setattr(wordindex, "_PAGES", 2)
    pages.store(pages.talk("one", say(0, text="xylophagous quokka")))
    fill(0, 10 * parts, size=400)
    erase("c-1", timezone.now())
    assert holders("xylophagous", "ylophagous")
    told = []

    def watch(megabytes):
        told.append(megabytes)
        if len(told) == 1:
            fill(1000, 10 * written)

    wordindex.merge(watch)
    assert not holders("xylophagous", "ylophagous", "quokka") and sound()
    # What others write can merge the rest by the way.
    assert written or len(told) > 3


@pytest.mark.parametrize("turn", [1, 3])
@pytest.mark.only_on("sqlite")
def test_merges_in_pieces_that_others_write_between(monkeypatch, turn):
    monkeypatch.setattr(wordindex, "_PAGES", 30)
    fill(0, 150, size=400)
    pages.store(pages.talk("one", say(0, text="xylophagous")))
    fill(150, 150, size=400)
    erase("c-1", timezone.now())
    told = []

    def watch(megabytes):
        told.append(megabytes)
        if len(told) <= turn:
            other = threading.Thread(target=lambda: (fill(1000 * len(told), 10), connections.close_all()))
            other.start()
            other.join(20)
            assert not other.is_alive()

    wordindex.merge(watch)
    assert not holders("xylophagous", "ylophagous") and sound()
    assert TranscriptText.objects.count() == 300 + 10 * min(turn, len(told))


@pytest.mark.only_on("sqlite")
def test_may_be_stopped_and_begun_anew(monkeypatch):
    monkeypatch.setattr(wordindex, "_PAGES", 1)
    fill(0, 100)
    pages.store(pages.talk("one", say(0, text="xylophagous")))
    fill(100, 100)
    calls = []

    def stop(megabytes):
        calls.append(megabytes)
        if len(calls) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        wordindex.merge(stop)
    call_command("erase", "c-1", "--yes")
    assert not holders("xylophagous", "ylophagous") and sound()
    begun = len(calls)
    wordindex.merge(calls.append)
    assert len(calls) == begun  # nothing is left to merge


@pytest.mark.only_on("postgresql")
def test_asks_nothing_of_postgresql(django_assert_num_queries):
    with django_assert_num_queries(0):
        wordindex.merge()
