"""Marks from the reader: forms that are posted, by a script or without one."""

import re
import uuid

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from interactions.models import LONGEST_TAG, Flag, Note, Review, Tag, Tagging, tag_key
from tests import factories

SCRIPTED = {"headers": {"X-Readback-Marks": "1"}}


def address(conversation, what: str = "") -> str:
    return f"/conversations/{conversation.conversation_id}/{what}"


def text_of(answer) -> str:
    text = re.sub(r"<(script|style).*?</\1>", " ", answer.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


@pytest.fixture
def client(analyst: User, client_for) -> Client:
    return client_for(analyst)


@pytest.fixture
def three(db: None) -> list:
    """In the order of the list by CSAT."""
    return [factories.conversation(csat=csat, messages=[("consumer", "Hello")]) for csat in (1, 2, 3)]


def test_reviews_and_opens_the_next_of_the_list(client, analyst, three) -> None:
    answer = client.post(address(three[0], "review?sort=csat&reviewed=no"), {"reviewed": "1"})
    assert answer.status_code == 302
    assert answer["Location"] == address(three[1], "?reviewed=no&sort=csat")
    assert list(Review.objects.values_list("user", "conversation")) == [(analyst.pk, three[0].pk)]
    shown = text_of(client.get(answer["Location"]))
    assert "Reviewed. Undo" in shown and "1 of 2" in shown


def test_reviews_once_however_often_it_is_asked(client, three) -> None:
    for _ in range(3):
        client.post(address(three[0], "review?sort=csat"))
    assert Review.objects.count() == 1
    assert "Undo" in text_of(client.get(address(three[1])))  # of the first


def test_goes_on_past_what_others_reviewed_meanwhile(client, three) -> None:
    factories.review(three[1], factories.user("analyst"))
    answer = client.post(address(three[0], "review?sort=csat&reviewed=no"))
    assert answer["Location"].startswith(address(three[2]))


def test_says_at_the_end_how_the_list_was_read(client, three) -> None:
    tail = "?sort=csat&reviewed=no"
    for conversation in three:
        client.get(address(conversation, tail))
    client.post(address(three[0], f"review{tail}"))
    answer = client.post(address(three[2], f"review{tail}"))
    assert answer["Location"].startswith(address(three[2]))
    assert "End of the list: 3 read, 2 reviewed, 1 skipped. Back to the list" in text_of(client.get(answer["Location"]))


def test_takes_a_review_back(client, three) -> None:
    client.post(address(three[0], "review?sort=csat"))
    page = client.get(address(three[1], "?sort=csat")).content.decode()
    form = re.search(r'<form method="post" action="(/marks/undo[^"]*)".*?</form>', page, flags=re.DOTALL)
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[0]))
    answer = client.post(form[1].replace("&amp;", "&"), fields)
    assert answer["Location"] == address(three[0], "?sort=csat")
    assert not Review.objects.exists()
    assert "Taken back." in text_of(client.get(answer["Location"]))
    client.post("/marks/undo", fields)  # pressed twice


def test_offers_no_undo_in_what_is_fetched_ahead(client, three) -> None:
    """Another mark will be the last when it is shown; the page asks for it then."""
    client.post(address(three[0], "review?sort=csat"))
    ahead = client.get(address(three[1], "?sort=csat"), headers={"X-Readback-Prefetch": "1"})
    assert 'data-key="review"' in ahead.content.decode() and 'data-key="undo"' not in ahead.content.decode()
    shown = client.post(address(three[1], "shown?sort=csat"), **SCRIPTED)
    assert 'data-key="undo"' in shown.json()["bar"]


def test_takes_back_nobody_elses_marks(client, three) -> None:
    colleague = factories.user("analyst")
    factories.review(three[0], colleague)
    factories.flag(three[0], colleague)
    factories.tag(three[0], "VIP", colleague)
    note = factories.note(three[0], "Theirs", colleague)
    for token in (
        "review",
        "flag",
        f"tag:{Tag.objects.get().pk}",
        f"note:{note.pk}",
        "",
        "x:1",
        "tag:-1",
        "tag:" + "9" * 40,
    ):
        client.post("/marks/undo", {"mark": token, "conversation": three[0].conversation_id})
    assert [model.objects.count() for model in (Review, Flag, Tagging, Note)] == [1, 1, 1, 1]


def test_flags_and_takes_the_flag_down(client, three) -> None:
    url = address(three[0], "flag")
    for _ in range(2):
        assert client.post(url, {"flagged": "1"})["Location"] == address(three[0])
    assert Flag.objects.count() == 1
    assert "Flag by you, " in text_of(client.get(address(three[0])))
    client.post(url, {"flagged": "0"})
    assert not Flag.objects.exists()
    client.post("/marks/undo", {"mark": "unflag", "conversation": three[0].conversation_id})
    assert Flag.objects.count() == 1


@pytest.mark.parametrize(
    ("what", "given", "words"),
    [
        ("flag", {"flagged": "1"}, "It was flagged already."),
        ("tags", {"tag": "vip"}, "It had this tag already."),
        ("tags", {"remove": "none such"}, "It did not have this tag any more."),
        ("review", {"reviewed": "0"}, "It was not reviewed by you."),
    ],
)
def test_says_so_where_a_colleague_was_first(what, given, words, client, three) -> None:
    colleague = factories.user("analyst")
    factories.flag(three[0], colleague)
    factories.tag(three[0], "VIP", colleague)
    answer = client.post(address(three[0], what), given, **SCRIPTED)
    assert words in answer.json()["bar"] and 'data-key="undo"' not in answer.json()["bar"]


def test_makes_a_tag_when_it_is_first_used(client, three) -> None:
    for name in ("  Late   parcel ", "LATE PARCEL", "late parcel"):
        client.post(address(three[0], "tags"), {"tag": name})
    client.post(address(three[1], "tags"), {"tag": "lAte parcel"})
    assert Tag.objects.get().name == "Late parcel"
    assert Tagging.objects.count() == 2
    assert '<option value="Late parcel">' in client.get(address(three[2])).content.decode()
    client.post(address(three[0], "tags"), {"remove": "late parcel"})
    client.post(address(three[1], "tags"), {"remove": "late\0"})
    assert Tagging.objects.count() == 1


@pytest.fixture
def many_tags(db: None) -> None:
    names = [*(f"Case {n:03}" for n in range(205)), "Straße 100%", "Zu spät", "Immer zu spät", "Ёлка"]
    Tag.objects.bulk_create(Tag(name=name, key=tag_key(name)) for name in names)


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("zu SP", ["Zu spät", "Immer zu spät"]),
        ("STRASSE", ["Straße 100%"]),
        ("%", ["Straße 100%"]),
        ("_", []),
        ("case 20", [f"Case 20{n}" for n in range(5)]),
        ("ёл", ["Ёлка"]),
        ("  zu   spät ", ["Zu spät", "Immer zu spät"]),
        ("zu sp\0ät", ["Zu spät", "Immer zu spät"]),
        ("x" * 9000, []),
        ("", [f"Case {n:03}" for n in range(50)]),
    ],
)
def test_finds_any_tag_while_it_is_typed(typed, names, client, many_tags) -> None:
    assert client.get("/tags.json", {"tag": typed}).json() == {"tags": names}


def test_asks_for_tags_only_where_the_page_does_not_hold_them_all(client, three, many_tags) -> None:
    page = client.get(address(three[0])).content.decode()
    assert page.count('<option value="Case ') == 200 and 'data-more="/tags.json"' in page
    Tag.objects.filter(key__gt="case 150").delete()
    page = client.get(address(three[0])).content.decode()
    assert page.count('<option value="Case ') == 151 and "data-more" not in page


UNSEEN = ("\u200b", "\u202e", "\u2060 \u2060", "\ufe0f", "\u3164", "\u2800", "\u034f", "\u00ad", "\u0301", "\U000e0061")


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("", "A tag needs at least one letter."),
        (" \u0007 ", "A tag needs at least one letter."),
        *((unseen, "A tag needs at least one letter.") for unseen in UNSEEN),
        ("x" * 41, "A tag has at most 40 characters; this one has 41."),
        ("None", "stands for conversations without a tag"),
        ("a\0b", "Null characters"),
    ],
)
def test_refuses_what_is_no_tag(name, error, client, three) -> None:
    answer = client.post(address(three[0], "tags"), {"tag": name})
    assert answer.status_code == 400 and error in answer.content.decode()
    answer = client.post(address(three[0], "tags"), {"tag": name}, **SCRIPTED)
    assert answer.status_code == 400 and error in answer.json()["error"]
    assert not Tag.objects.exists()


@pytest.mark.parametrize("name", ["❤️", "+1", "क्ष", "می‌خواهم", "!", "e\u0301", "1\ufe0f\u20e3"])
def test_takes_whatever_prints_for_a_tag(name, client, three) -> None:
    client.post(address(three[0], "tags"), {"tag": name})
    assert Tag.objects.get().key == tag_key(name)


def test_finds_by_a_tag_whose_key_is_three_times_as_long(client, three) -> None:
    client.post(address(three[0], "tags"), {"tag": "\N{LATIN SMALL LIGATURE FFI}" * LONGEST_TAG})
    found = client.get("/conversations/", {"tag": "ffi" * LONGEST_TAG})
    assert found.status_code == 200 and f'id="row-{three[0].conversation_id}"' in found.content.decode()


def test_writes_a_note_once(client, analyst, three) -> None:
    given = {"text": " Ask Noor \r\nabout it ", "nonce": str(uuid.uuid4())}
    for _ in range(2):
        client.post(address(three[0], "notes"), given)
    assert Note.objects.get().text == "Ask Noor\nabout it" or Note.objects.get().text == "Ask Noor \nabout it"
    shown = client.get(address(three[0])).content.decode()
    assert "Ask Noor" in shown and "Note by you" in shown


def test_keeps_what_was_typed_while_the_note_was_on_its_way(client, three) -> None:
    nonce = str(uuid.uuid4())
    for text in ("Ask", "Ask Noor", "Ask", "Ask Noor"):
        client.post(address(three[0], "notes"), {"text": text, "nonce": nonce})
    assert list(Note.objects.order_by("pk").values_list("text", flat=True)) == ["Ask", "Ask Noor"]


def test_writes_a_note_on_one_message(client, three) -> None:
    message = three[0].messages.get()
    form = client.get(address(three[0], f"notes?message={message.message_id}&sort=csat")).content.decode()
    assert f'name="message" value="{message.message_id}"' in form and "sort=csat" in form
    answer = client.post(address(three[0], "notes?sort=csat"), {"text": "Rude", "message": message.message_id})
    assert answer["Location"] == f"{address(three[0])}?sort=csat#{message.anchor}"
    turn = re.search(rf'id="{message.anchor}".*?</li>', client.get(address(three[0])).content.decode(), re.DOTALL)
    assert turn and "Rude" in turn[0]


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"text": " "}, "A note needs at least one letter."),
        ({"text": "x" * 4001}, "A note has at most 4,000 characters; this one has 4,001."),
        ({"text": "x", "message": "of another"}, "This message is not in the conversation any more"),
    ],
)
def test_refuses_what_is_no_note_and_keeps_the_words(given, error, client, three) -> None:
    answer = client.post(address(three[0], "notes"), given)
    assert answer.status_code == 400
    assert error in answer.content.decode() and given["text"].strip() in answer.content.decode()
    assert not Note.objects.exists()


def test_changes_and_deletes_own_notes_alone(client, analyst, three) -> None:
    mine, theirs = (
        factories.note(three[0], "Mine", analyst),
        factories.note(three[0], "Theirs", factories.user("analyst")),
    )
    page = client.get(address(three[0], "?sort=csat")).content.decode()
    assert f'href="/notes/{mine.pk}/?sort=csat"' in page and f"/notes/{theirs.pk}/" not in page
    answer = client.post(f"/notes/{mine.pk}/?sort=csat", {"text": "Better"})
    assert answer["Location"] == address(three[0], "?sort=csat")
    mine.refresh_from_db()
    assert mine.text == "Better" and mine.changed_at
    for url in (f"/notes/{theirs.pk}/", f"/notes/{theirs.pk}/delete/", "/notes/99999999/delete/"):
        assert client.post(url, {"text": "Hm"}).status_code == 404
    client.post(f"/notes/{mine.pk}/delete/")
    assert list(Note.objects.values_list("text", flat=True)) == ["Theirs"]


WHAT = ("review", "flag", "tags", "notes", "shown")


@pytest.mark.parametrize("what", WHAT)
def test_answers_alike_for_what_is_not_there_and_what_is_not_to_be_seen(what, supervisor, client_for, three) -> None:
    client = client_for(supervisor)
    answers = [client.post(f"/conversations/{ident}/{what}", {"tag": "x"}) for ident in (three[0], "nobody", "a%00b")]
    assert {answer.status_code for answer in answers} == {404}
    assert not Tagging.objects.exists()
    assert client.post("/marks/undo", {"mark": "review", "conversation": three[0].conversation_id}).status_code == 404


def test_edits_no_note_on_what_is_not_to_be_seen_any_more(supervisor, client_for, three) -> None:
    note = factories.note(three[0], "Mine", supervisor)
    assert client_for(supervisor).post(f"/notes/{note.pk}/", {"text": "Hm"}).status_code == 404


@pytest.mark.parametrize("what", WHAT)
def test_wants_a_token_and_a_sign_in(what, analyst, three) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(address(three[0], what)).status_code in (302, 403)
    strict.force_login(analyst)
    assert strict.post(address(three[0], what)).status_code == 403
    assert Client().post(address(three[0], what))["Location"].startswith("/login/")


@pytest.mark.parametrize("what", ("review", "flag", "tags", "shown"))
def test_leads_back_to_the_reader_after_a_sign_in(what, client, three) -> None:
    assert client.get(address(three[0], f"{what}?csat=1"))["Location"] == address(three[0], "?csat=1")
    assert not Review.objects.exists()


def test_gives_a_script_the_fresh_pieces(client, three) -> None:
    message = three[0].messages.get()
    answer = client.post(address(three[0], "flag"), {"flagged": "1"}, **SCRIPTED).json()
    assert "Flagged." in answer["bar"] and "by you, " in answer["section"]
    answer = client.post(address(three[0], "notes"), {"text": "Hm", "message": message.message_id}, **SCRIPTED).json()
    assert answer["message"] == message.message_id and "Hm" in answer["notes"]
    answer = client.post(address(three[0], "review?sort=csat"), **SCRIPTED).json()
    assert answer["go"] == address(three[1], "?sort=csat") and "Reviewed by you" in answer["row"]


@pytest.mark.parametrize(("tail", "place", "left"), [("zone=UTC", "2 of 3", False), ("reviewed=no", "1 of 2", True)])
def test_tells_a_script_where_the_next_one_stands_by_now(client, three, tail, place, left) -> None:
    """Its page may have been fetched before the mark took a row from the list."""
    answer = client.post(address(three[0], f"review?sort=csat&{tail}"), **SCRIPTED).json()
    assert (answer["place"], answer["count"], answer["left"]) == (place, int(place[-1]), left)
    shown = client.post(address(three[1], f"shown?sort=csat&{tail}"), **SCRIPTED).json()
    assert shown["place"] == place and not shown["is_outside"]
    assert client.post(address(three[0], f"shown?sort=csat&{tail}"), **SCRIPTED).json()["is_outside"] is left
    undo = {"mark": "review", "conversation": three[0].conversation_id}
    back = client.post(f"/marks/undo?sort=csat&{tail}", undo, **SCRIPTED).json()
    assert back["place"] == "1 of 3" and "left" not in back


def test_takes_no_mark_that_waited_on_somebody_elses_page(client, analyst, three) -> None:
    for person, status in ((factories.user("analyst").pk, 403), (analyst.pk, 200)):
        answer = client.post(
            address(three[0], "flag"), headers={**SCRIPTED["headers"], "X-Readback-Person": str(person)}
        )
        assert (answer.status_code, "X-Readback-Signed-Out" in answer) == (status, status == 403)
        assert Flag.objects.exists() is (status == 200)


def test_gives_a_script_the_sign_of_the_row_in_the_list(client, three) -> None:
    def row(what: str, given: dict) -> str:
        return client.post(address(three[0], f"{what}?sort=csat"), given, **SCRIPTED).json()["row"]

    assert ">⚑</span>" in row("flag", {"flagged": "1"})
    assert "Not reviewed, flagged" in row("tags", {"tag": "Late"})
    assert row("flag", {"flagged": "0"}) == '<span class="pane-marks"></span>'


def test_names_who_else_reviewed(client, three) -> None:
    factories.review(three[0], factories.user("analyst", username="ivo"))
    assert re.search(r"Reviewed by ivo, \d\d:\d\d", text_of(client.get(address(three[0]))))


def test_marks_a_conversation_whose_id_holds_a_stroke(client) -> None:
    odd = factories.conversation(conversation_id="a/review")
    assert client.post(address(odd, "review")).status_code == 302
    assert Review.objects.get().conversation == odd
    assert client.get(address(odd)).status_code == 200


def test_asks_as_often_for_many_marks_as_for_few(client, analyst, three) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get(address(three[0]))
        return len(seen)

    factories.review(three[0], analyst)
    factories.tag(three[0], "first")
    factories.note(three[0], "one")
    queries()  # what a process remembers is read
    few = queries()
    for number in range(5):
        factories.review(three[0], factories.user("analyst"))
        factories.tag(three[0], f"tag {number}")
        factories.note(three[0], "more", message_id=three[0].messages.get().message_id)
    assert queries() == few
