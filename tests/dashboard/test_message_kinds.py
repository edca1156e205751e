"""Every kind of message of LivePerson's documented record, stored by the importer and read in the reader."""

import json
import re
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import pytest
from django.db import transaction

from interactions.ingest.derive import AutomaticTexts
from interactions.ingest.store import prepare, write
from interactions.liveperson import parse_conversation
from interactions.models import Conversation

SAMPLE = Path(__file__).parents[1] / "payloads" / "liveperson" / "search_page.json"


def _stored(record):
    automatic = AutomaticTexts()
    with transaction.atomic():
        write(prepare([parse_conversation(record)], datetime.now(UTC), automatic), automatic)
    return Conversation.objects.get(conversation_id=record["info"]["conversationId"])


@pytest.fixture
def sample(db):
    return json.loads(SAMPLE.read_text())["conversationHistoryRecords"][0]


@pytest.fixture
def shown(client_for, analyst):
    """The words of a stored record's page, tags taken out."""

    def read(record):
        page = client_for(analyst).get(f"/conversations/{_stored(record).conversation_id}/").content.decode()
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())

    return read


@pytest.mark.parametrize(
    "words",
    [
        "Ilse M.",
        "Pine Bot bot",
        "1 automatic message automatic because: sent by the system user",
        "Answers to choose from Delivery ✓ (chosen) Billing",
        "intent where is my order (91%, high)",
        "Card: Oak bookcase, parcel 2 of 3 Image: bookcase Track parcel at harborpine.example ↗",
        "JPG, 'the label'. The file stays at LivePerson.",
        "predefined, edited",
        "Private note: the consumer did not see this Warehouse says it left late.",
        "Secure form 'Delivery address' sent.",
        "Secure form 'Delivery address' answered; what was entered never reaches Readback.",
        "Tracking sheet (PDF) at harborpine.example ↗",
        "Transfer",
        "consumer asked for a person",
        "Closed by agent: manual close",
        "Survey",
        "How satisfied are you, 1 to 5?",
        "2 m 21 s without an answer",
    ],
)
def test_draws_every_kind_of_the_documented_record(shown, sample, words):
    assert words in shown(sample)


def test_says_when_a_message_reached_the_other_side_and_was_read(shown, sample):
    first = sample["messageRecords"][0]
    sample["messageStatuses"] = [
        {"messageId": first["messageId"], "timeL": first["timeL"] + 2000, **status}
        for status in (
            {"participantType": "Agent", "messageDeliveryStatus": "ACCEPT"},
            {"participantType": "Agent", "messageDeliveryStatus": "READ"},
            {"participantType": "Consumer", "messageDeliveryStatus": "READ"},
        )
    ]
    assert "delivered 09:02:13, read 09:02:13" in shown(sample)


def test_names_the_day_on_which_a_message_was_read_where_it_is_another(shown, sample):
    first = sample["messageRecords"][0]
    status = {"messageId": first["messageId"], "participantType": "Agent", "messageDeliveryStatus": "READ"}
    sample["messageStatuses"] = [status | {"timeL": first["timeL"] + 26 * 3_600_000}]
    assert "read 15 May 2024 11:02:11" in shown(sample)


@pytest.mark.parametrize("ident", [{"id": 1}, ["id"], 7])
def test_opens_where_a_message_beside_a_strange_one_has_no_id_that_can_be_read(client_for, analyst, sample, ident):
    first, second = sample["messageRecords"][:2]
    first |= {"type": "HOLOGRAM", "messageData": {"hologram": {"depth": 3}}}
    second["messageId"] = ident
    page = client_for(analyst).get(f"/conversations/{_stored(sample).conversation_id}/")
    assert "a kind Readback does not know (HOLOGRAM)" in page.content.decode()


def _nested(value, levels):
    for level in range(levels):
        value = {"in": value} if level % 2 else [value]
    return value


@pytest.mark.parametrize("levels", [90, 980])
@pytest.mark.parametrize("key", ["hologram", "msg", "richContent", "quickReplies", "file", "link", "secureForm"])
def test_opens_whatever_is_nested_in_a_message(client_for, analyst, sample, levels, key):
    nested = _nested({"text": "the innermost"}, levels)
    sample["messageRecords"][0] |= {"type": "HOLOGRAM", "messageData": {key: nested, "more": {key: nested}}}
    shelves = levels // 2
    cards = '{"type":"vertical","elements":[' * shelves + json.dumps(SHELF) + "]}" * shelves
    sample["messageRecords"][1] |= {"type": "RICH_CONTENT", "messageData": {"richContent": {"content": cards}}}
    row = _stored(sample)
    for page in ("", "print", "text"):
        answer = client_for(analyst).get(f"/conversations/{row.conversation_id}/{page}")
        assert answer.status_code == 200, page


def test_calls_whoever_is_unknown_by_the_whole_of_it(shown, sample):
    note = {"type": "TEXT_PLAIN", "messageData": {"msg": {"text": "a word"}}, "audience": "AGENTS_AND_MANAGERS"}
    sample["messageRecords"][1] |= note | {"sentBy": "Agent", "participantId": None}
    words = shown(sample)
    assert "Unknown agent" in words and "Unknown a." not in words


def test_opens_where_a_message_was_read_at_the_end_of_time(client_for, analyst, sample):
    first = sample["messageRecords"][0]
    status = {"messageId": first["messageId"], "participantType": "Agent", "messageDeliveryStatus": "READ"}
    sample["messageStatuses"] = [status | {"timeL": 253_402_300_799_000}]
    row = _stored(sample)
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        assert client_for(analyst).get(f"/conversations/{row.conversation_id}/?zone={zone}").status_code == 200


@pytest.mark.parametrize(
    ("type", "data", "words"),
    [
        ("HOLOGRAM", {"hologram": {"depth": 3}}, "Content of a kind Readback does not know (HOLOGRAM). Show raw"),
        ("HOSTED_FILE", {}, "No text was delivered for this message."),
        ("RICH_CONTENT", {"richContent": {"content": "{broken"}}, "a kind Readback does not know (RICH_CONTENT)"),
        ("TEXT_PLAIN", {"msg": {"text": ""}}, "No text was delivered for this message."),
        ("TEXT_PLAIN", {"msg": {"text": "<b>bold</b> &amp;"}}, "&amp;lt;b&amp;gt;"),
    ],
)
def test_draws_what_is_strange_for_what_it_is(client_for, analyst, sample, type, data, words):
    sample["messageRecords"][0] |= {"type": type, "messageData": data}
    page = client_for(analyst).get(f"/conversations/{_stored(sample).conversation_id}/").content.decode()
    plain = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert words.replace("&amp;lt;", "&lt;").replace("&amp;gt;", "&gt;") in plain


def test_fetches_nothing_from_what_it_shows(client_for, analyst, sample):
    page = client_for(analyst).get(f"/conversations/{_stored(sample).conversation_id}/").content.decode()
    assert "<img" not in page and "cdn.harborpine.example" not in page
    links = re.findall(r'<a href="https?://[^>]+>', page)
    assert len(links) == 2 and all('rel="noopener noreferrer nofollow"' in link for link in links)


def _rich(*elements):
    return {"content": json.dumps({"type": "vertical", "elements": list(elements)})}


SHELF = {"type": "text", "text": "Oak shelf"}
CHECKLIST = {"type": "checklist", "title": "Sizes", "elements": [{"type": "checkbox", "text": "a zebra"}]}
REPLIES = {"type": "quickReplies", "replies": [{"type": "button", "title": "zebra"}, {"type": "button", "title": "no"}]}
WIDE = [{"type": "text", "text": f"line {number}"} for number in range(250)]

# What holds "zebra" for the list, and whether the page can mark the very words.
HOLDING_ZEBRA = [
    ("TEXT_PLAIN", {"msg": {"text": "a zebra"}}, True),
    ("RICH_CONTENT", {"msg": {"text": "a zebra"}, "richContent": _rich(SHELF)}, True),
    ("RICH_CONTENT", {"richContent": _rich(SHELF, CHECKLIST)}, True),
    (
        "RICH_CONTENT",
        {"richContent": _rich({"type": "text", "text": "a zebra"}, {"type": "button", "title": "b"})},
        True,
    ),
    ("RICH_CONTENT", {"richContent": _rich({"type": "image", "caption": "zebra", "tooltip": "animal"})}, True),
    ("RICH_CONTENT", {"richContent": _rich(*WIDE, {"type": "text", "text": "zebra"})}, True),
    ("TEXT_PLAIN", {"quickReplies": {"content": json.dumps(REPLIES)}}, True),
    ("HOSTED_FILE", {"msg": {"text": "a zebra"}, "file": {"relativePath": "/a", "fileType": "JPG"}}, True),
    ("HOSTED_FILE", {"file": {"relativePath": "/a", "fileType": "JPG", "caption": "a zebra"}}, True),
    ("LINK", {"link": {"externalFileLink": "https://a.example/x", "fileType": "PDF", "caption": "a zebra"}}, True),
    ("LINK", {"link": {"externalFileLink": "https://a.example/zebra"}}, True),
    ("LINK", {"link": {"externalFileLink": "ftp://a.example/zebra"}}, False),
    ("SECURE_FORM_INVITATION", {"secureForm": {"formId": "1", "formName": "a zebra", "invitationId": "2"}}, True),
    ("TEXT_HTML", {"msg": {"text": "<p>a <b>ze</b></p><td>zebra &amp; co"}}, True),
    ("TEXT_HTML", {"msg": {"text": "<span>a</span><span>zebra</span>"}}, True),
    ("TEXT_HTML", {"msg": {"text": "<div>" * 600 + "a zebra"}}, True),
    ("TEXT_HTML", {"msg": {"text": "a<script>zebra</script>"}}, False),
    ("HOLOGRAM", {"msg": {"text": "a zebra"}, "hologram": {}}, True),
]


@pytest.mark.parametrize(("type", "data", "is_marked"), HOLDING_ZEBRA)
def test_counts_walks_to_and_marks_what_the_list_counts_as_a_match(client_for, analyst, sample, type, data, is_marked):
    sample["messageRecords"][0] |= {"type": type, "messageData": data}
    sample["messageRecords"][6] |= {"messageData": {"msg": {"text": "zebra, yes"}}}
    client, ident = client_for(analyst), _stored(sample).conversation_id
    listed = client.get("/conversations/?q=zebra").content.decode()
    page = client.get(f"/conversations/{ident}/?q=zebra").content.decode()
    assert "; 2 matches: consumer, " in listed and "data-match-words>2 matches<" in page
    turns = re.findall(r'<li class="turn[^"]* turn-match" id="([^"]+)".*?</li>\n', page, re.DOTALL)
    assert f'data-opens-at="{turns[0]}"' in page and f"#{turns[0]}" in listed and len(turns) == 2
    first = page[page.index(f'id="{turns[0]}"') : page.index(f'id="{turns[1]}"')]
    assert ("<mark>zebra</mark>" in first) is is_marked
    assert ("holds what was searched for" in first) is not is_marked


@pytest.mark.parametrize(("type", "data", "is_marked"), HOLDING_ZEBRA)
def test_shows_every_word_that_can_be_searched_for(shown, sample, type, data, is_marked):
    sample["messageRecords"][0] |= {"type": type, "messageData": data}
    assert ("zebra" in shown(sample)) is (is_marked or type == "LINK")
