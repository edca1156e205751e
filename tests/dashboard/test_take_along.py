"""A transcript on paper, as text and as LivePerson's record."""

import zlib

import pytest
from django.utils import timezone

from interactions.models import RawRecord, Scope
from tests import factories


@pytest.fixture
def talk(db):
    noor = factories.agent("Noor Haddad")
    return factories.conversation(
        conversation_id="talk",
        agents=[noor],
        consumer=factories.consumer(first_name="Ilse", last_name="Marchetti"),
        csat=2,
        messages=[
            ("consumer", "One parcel\nnever came"),
            ("automatic", "We are here soon"),
            ("note", "Left late"),
            ("agent", "Hello <Ilse>"),
        ],
    )


@pytest.fixture
def get(client_for, analyst):
    client = client_for(analyst)
    return lambda path: client.get(f"/conversations/{path}")


@pytest.mark.parametrize(
    ("tail", "has_notes", "has_automatic"),
    [
        ("", False, False),
        ("?notes=1", True, False),
        ("?automatic=1", False, True),
        ("?notes=1&automatic=1", True, True),
    ],
)
@pytest.mark.parametrize("form", ["print", "text"])
def test_takes_along_what_was_chosen(get, talk, form, tail, has_notes, has_automatic):
    page = get(f"talk/{form}{tail}").content.decode()
    assert "never came" in page and "Hello" in page
    assert ("Left late" in page) is has_notes
    assert ("We are here soon" in page) is has_automatic


def test_writes_one_line_for_each_message(get, talk):
    answer = get("talk/text?zone=UTC&notes=1")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    lines = answer.content.decode().splitlines()
    assert lines[0] == "Ilse Marchetti, CSAT 2" and lines[2] == "Conversation talk"
    assert any(line.endswith("Ilse M.: One parcel") for line in lines)
    assert "    never came" in lines
    assert any(line.endswith("Noor H. (private note): Left late") for line in lines)
    assert any(line.endswith("Noor H.: Hello <Ilse>") for line in lines)


def test_writes_formatted_text_and_cards_with_whole_addresses(get, db):
    html = '<p>Hello <b>you</b></p><p>Oak &amp; Co, <a href="https://shop.example/x?a=1">see here</a></p>'
    link = {"link": {"address": "https://shop.example/t", "kind": "pdf", "caption": "Sheet"}}
    unopened = {"link": {"address": "ftp://shop.example/t", "kind": None, "caption": None}}
    rich = {"rich_content": [{"type": "image", "tooltip": "shelf"}] + [{"type": "text", "text": "x"}] * 200}
    messages = [("consumer", "Hi"), {"speaker": "agent", "type": "TEXT_HTML", "text": html}]
    messages += [{"speaker": "agent", "type": "LINK", "text": "", "payload": each} for each in (link, unopened)]
    messages.append({"speaker": "agent", "type": "RICH_CONTENT", "text": "", "payload": rich})
    factories.conversation(conversation_id="rich", agents=[factories.agent("Noor Haddad")], messages=messages)
    text = get("rich/text").content.decode()
    assert "Noor H.: Hello you\n    Oak & Co, see here <https://shop.example/x?a=1>\n" in text
    assert "Noor H.: [Sheet (PDF) https://shop.example/t]\n" in text and "[Link ftp://shop.example/t]\n" in text
    assert "(Image: shelf)\n" in text and "(1 more element, not shown)\n" in text


def test_isolates_names_and_words_that_turn_the_writing_direction(get, db):
    factories.conversation(
        conversation_id="turned",
        consumer=factories.consumer(first_name="\u202eIlse", last_name=""),
        messages=[{"speaker": "consumer", "text": "one\n\u202etwo", "mcs": 38}],
    )
    text = get("turned/text").content.decode()
    assert " \u2068\u202eIlse\u2069: one\n    \u2068\u202etwo\u2069  [MCS 38" in text


def test_prints_a_name_once_for_what_is_one_run_without_the_notes(get, db):
    noor = factories.agent("Noor Haddad")
    messages = [("note", "hidden"), ("agent", "shown"), ("note", "hidden"), ("agent", "again")]
    factories.conversation(conversation_id="gap", agents=[noor], messages=messages)
    page = get("gap/print").content.decode()
    assert page.count("turn-same") == 1


def test_keeps_the_list_and_its_zone(get, talk):
    page = get("talk/print?csat=2&zone=Asia/Tokyo").content.decode()
    assert "Asia/Tokyo" in page
    assert 'href="/conversations/talk/?csat=2&amp;zone=Asia%2FTokyo"' in page
    assert '<input type="hidden" name="csat" value="2">' in page
    assert 'href="/conversations/talk/"' in get("talk/print?notes=1").content.decode()


@pytest.mark.parametrize("form", ["print", "text"])
def test_refuses_wrong_parameters(get, talk, form):
    answer = get(f"talk/{form}?colour=red")
    assert answer.status_code == 400 and b"never came" not in answer.content


@pytest.mark.parametrize("form", ["print", "text", "raw", "new"])
def test_hides_what_the_reader_may_not_see(client_for, supervisor, talk, form):
    assert client_for(supervisor).get(f"/conversations/talk/{form}").status_code == 404


def test_shows_the_record_to_operators_and_whoever_may_reveal(client_for, talk):
    body = zlib.compress(b'{"info": {"ipAddress": "203.0.113.24"}}')
    RawRecord.objects.create(conversation=talk, digest=b"0" * 16, body=body, read_at=timezone.now())
    people = {role: factories.user(role) for role in ("analyst", "operator", "admin")}
    answers = {role: client_for(user).get("/conversations/talk/raw") for role, user in people.items()}
    assert {role: answer.status_code for role, answer in answers.items()} == {
        "analyst": 403,
        "operator": 200,
        "admin": 200,
    }
    assert b"203.0.113.24" in answers["operator"].content
    Scope.objects.filter(user=people["analyst"]).update(may_reveal=True)
    people["analyst"].refresh_from_db()
    assert client_for(people["analyst"]).get("/conversations/talk/raw").status_code == 200


def test_offers_the_record_only_to_them(client_for, talk):
    RawRecord.objects.create(conversation=talk, digest=b"0" * 16, body=zlib.compress(b"{}"), read_at=timezone.now())
    pages = [client_for(factories.user(role)).get("/conversations/talk/").content for role in ("analyst", "operator")]
    assert [b"/conversations/talk/raw" in page for page in pages] == [False, True]


def test_counts_the_messages_of_an_open_conversation(get, db):
    factories.conversation(conversation_id="open", status="open", messages=[("consumer", "Anybody?")])
    assert get("open/new").json() == {"count": 1, "is_open": True}
    page = get("open/").content.decode()
    assert 'data-new-url="/conversations/open/new"' in page and 'data-count="1"' in page
