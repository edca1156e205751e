"""Words and names in every direction of writing, stored by the importer and drawn in the reader as they were sent."""

import re
from html import unescape

import pytest

from interactions.models import Message
from tests.dashboard.test_message_kinds import _stored, sample

__all__ = ["sample"]
WORDS = {
    "right to left": "مرحبا، أين طلبي؟",
    "both directions": "הזמנה 4711 by DHL?",
    "emoji of several characters": "Merci 👩🏽‍🚀 🏳️‍🌈 🇫🇷 👍🏿",
    "combining marks": "re\u0301sume\u0301 and Z\u0335\u0322a\u0338\u0321l\u0337\u0322g\u0336o",
    "turned round": "\u202eabc\u202c and \u2067def",
}
NAME = "ليلى \u202eevil"


@pytest.fixture
def page(sample, client_for, analyst):
    """Makes the reader's page of the sample in which one message has these words and the consumer the name."""

    def read(words: str, path: str = "?sort=csat") -> str:
        sample["messageRecords"][0]["messageData"] = {"msg": {"text": words}}
        for person in sample["consumerParticipants"]:
            person.update(firstName=NAME.split()[0], lastName=NAME.split()[1])
        stored = _stored(sample)
        assert Message.objects.of(stored.pk).order_by("pk").first().text == words
        return client_for(analyst).get(f"/conversations/{stored.conversation_id}/{path}").content.decode()

    return read


@pytest.mark.parametrize("words", WORDS.values(), ids=WORDS)
@pytest.mark.parametrize("path", ["?sort=csat", "print"])
def test_draws_words_as_they_were_sent_in_a_paragraph_of_their_own_direction(page, words, path):
    drawn = re.findall(r'<p class="turn-text" dir="auto">(.*?)</p>', page(words, path), flags=re.DOTALL)
    assert unescape(drawn[0]) == words


def test_sets_words_that_were_found_apart_without_parting_them(page):
    text = page(WORDS["both directions"], "?q=DHL")
    assert '<p class="turn-text" dir="auto">הזמנה 4711 by <mark' in text


@pytest.mark.parametrize("path", ["?sort=csat", "print"])
def test_lets_no_name_turn_what_stands_beside_it(page, path):
    """Each stands in an element that isolates it or between characters that do, in titles too."""
    text = page("Hello", path)
    found = [text[: match.start()] for match in re.finditer("ليلى", text)]
    assert found and [before[-60:] for before in found if not re.search(r"(?:<bdi[^>]*>|\u2068)$", before)] == []
