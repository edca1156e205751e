"""The reader, as a signed-in person gets it."""

import re
import zlib
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dashboard.models import Preference
from interactions.models import Attribute, Conversation, Message, RawRecord, SurveyAnswer, Transfer
from tests import factories


def address(conversation, tail=""):
    return f"/conversations/{conversation.conversation_id}/{tail}"


@pytest.fixture
def reading(client_for, analyst):
    """What an analyst reads at an address, as text."""
    client = client_for(analyst)
    return lambda conversation, tail="": client.get(address(conversation, tail)).content.decode()


@pytest.fixture
def delivery(db):
    noor = factories.agent("Noor Haddad", group=factories.group("Delivery desk"))
    return factories.conversation(
        agents=[factories.bot(), noor],
        consumer=factories.consumer(first_name="Ilse", last_name="Marchetti"),
        skill=factories.skill("Delivery"),
        csat=2,
        mcs=38,
        mcs_band=-1,
        channel="shark",
        device="mobile",
        close_reason="agent",
        messages=[("consumer", "One parcel never came"), ("bot", "What is it about?"), ("agent", "Hello, I am Noor.")],
    )


def test_shows_the_whole_conversation_by_speaker(reading, delivery):
    page = reading(delivery, "?sort=-started_at")
    assert "<title>Ilse Marchetti, Delivery, CSAT 2, MCS 38 negative, 1 of 1 · Readback</title>" in page
    for words in ("One parcel never came", "What is it about?", "Hello, I am Noor.", "Ilse M.", "Pine Bot", "Noor H."):
        assert words in page
    assert "web, mobile" in page
    assert "closed by agent" in page


def test_sends_a_stranger_to_the_sign_in(client, delivery):
    response = client.get(address(delivery))
    assert response.status_code == 302
    assert response["Location"].startswith("/login/")


def test_answers_unknown_and_invisible_alike_with_a_way_back(client_for, supervisor, delivery):
    client = client_for(supervisor)
    answers = [client.get(f"/conversations/{name}/?csat=2") for name in (delivery.conversation_id, "nobody")]
    assert [answer.status_code for answer in answers] == [404, 404]
    pages = [re.sub(r'value="\w{64}"', "", answer.content.decode()) for answer in answers]
    assert pages[0].replace(delivery.conversation_id, "nobody") == pages[1]
    assert b'href="/conversations/?csat=2"' in answers[0].content


@pytest.mark.parametrize("strange", ["a/b", "a//b", "?a#b", "<b>", "..%2F", "a\nb", "\t"])
def test_opens_whatever_the_id_is_made_of(client_for, analyst, strange):
    consumer, now = factories.consumer(), timezone.now()
    for name, hours in (("later", 1), (strange, 2)):
        factories.conversation(conversation_id=name, consumer=consumer, started_at=now - timedelta(hours=hours), csat=1)
    client = client_for(analyst)
    later = client.get("/conversations/later/").content.decode()
    (address,) = set(re.findall(r'href="(/conversations/[^"?]*/)"', later)) - {"/conversations/"}
    assert client.get(unescape(address)).status_code == 200
    assert client.get("/?period=7d").status_code == 200


@pytest.mark.parametrize("odd", ["%00", "a%00b", "%ED%A0%80", "%0A", "%2e%2e"])
def test_finds_nothing_under_an_odd_id(client_for, analyst, odd):
    assert client_for(analyst).get(f"/conversations/{odd}/").status_code == 404


def test_lets_a_supervisor_read_a_conversation_of_the_own_group(client_for, supervisor):
    own = factories.agent(group=supervisor.scope.groups.get())
    seen = factories.conversation(agents=[own], messages=[("agent", "Good morning")])
    assert b"Good morning" in client_for(supervisor).get(address(seen)).content


@pytest.mark.parametrize("tail", ["?csat_min=abc", "?mcs_min=90&mcs_max=10", "?colour=red", "?sort=luck", "?page=x"])
def test_refuses_wrong_parameters_like_the_list(client_for, analyst, delivery, tail):
    response = client_for(analyst).get(address(delivery, tail))
    assert response.status_code == 400
    assert b"One parcel never came" not in response.content


def test_allows_nothing_but_reading(client_for, analyst, delivery):
    assert client_for(analyst).post(address(delivery)).status_code == 405


def test_finds_the_neighbours_in_the_list(reading, db):
    now = timezone.now()
    first, second, third = (
        factories.conversation(csat=1, started_at=now - timedelta(hours=hour)) for hour in (1, 2, 3)
    )
    factories.conversation(csat=5, started_at=now - timedelta(minutes=90))
    page = reading(second, "?csat=1")
    assert '<span class="reader-rank" data-late-place>2 of 3</span>' in page
    assert f'href="{address(first)}?csat=1" rel="prev"' in page
    assert f'href="{address(third)}?csat=1" rel="next"' in page
    assert f'href="/conversations/?csat=1#row-{second.conversation_id}"' in page


def test_leads_back_to_the_page_on_which_the_row_stands(client_for, analyst):
    rows = [factories.conversation() for _ in range(52)]
    client = client_for(analyst)
    back = client.get(address(rows[0], "?sort=-started_at")).context["list_url"]
    page = client.get(back.partition("#")[0])
    assert (page.context["first_row"], page.context["last_row"]) == (51, 52)
    assert f'id="row-{rows[0].conversation_id}"' in page.content.decode()
    assert "page=" not in page.context["rows"][0].url


def test_says_when_a_conversation_is_not_in_the_list(reading, delivery):
    assert "Not in this list" in reading(delivery, "?csat=5")


def test_says_that_the_list_is_not_read_completely(reading, delivery):
    assert "Not complete: this period is still being read." in reading(delivery, "?csat=2")


def test_redirects_a_shuffle_to_a_seed(client_for, analyst, delivery):
    response = client_for(analyst).get(address(delivery, "?sort=shuffle"))
    assert response.status_code == 302
    assert "seed=" in response["Location"]


def test_writes_times_in_the_asked_zone(reading, db):
    noon = timezone.now().replace(month=1, day=15, hour=12, minute=0, second=0, microsecond=0)
    page = reading(factories.conversation(started_at=noon), "?zone=Asia/Tokyo")
    assert "21:00-21:20 Asia/Tokyo" in page


def test_shows_an_empty_conversation(reading, db):
    page = reading(factories.conversation(consumer=None))
    assert "No messages were delivered for this conversation." in page
    assert "LivePerson scored no message here." in page
    assert "Visitor" in page


def test_shows_answers_that_were_not_recognised_beside_those_that_were(reading, db):
    row = factories.conversation(survey="answered", csat=4)
    given = [("csat", "splendid", False), ("csat", "4", True), ("fcr", "half of it", False), ("nps", "", False)]
    for position, (kind, answer, is_valid) in enumerate(given):
        row.survey_answers.create(position=position, kind=kind, question=f"{kind}?", answer=answer, is_valid=is_valid)
    text = " ".join(re.sub(r"<[^>]+>", " ", reading(row)).split())
    assert "CSAT 4 of 5 csat? splendid (answer not recognised) fcr? half of it (answer not recognised)" in text
    assert "csat? 4" not in text and "nps?" not in text


def test_shows_scores_of_messages_without_a_running_one(reading, db):
    scored = [{"speaker": "consumer", "raw_score": raw} for raw in (-50, 10)]
    page = reading(factories.conversation(messages=scored))
    assert "scored no message" not in page and "data-trace-fold" not in page
    assert "LivePerson scored single messages and gave no running MCS." in page
    assert "Scores as a table" in page and "-50" in page


def test_works_without_detail_and_for_an_open_conversation(reading, db):
    row = factories.conversation(status="open", messages=[("consumer", "Anybody?")])
    Conversation.objects.get(pk=row.pk).detail.delete()
    page = reading(row)
    assert "still open" in page
    assert "without an answer so far" in page


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("not_offered", "Not offered"),
        ("offered", "Offered, not answered"),
        ("abandoned", "Abandoned after 1 question"),
        ("answered", "Answered"),
    ],
)
def test_always_words_the_survey(reading, state, words, db):
    row = factories.conversation(survey=state)
    SurveyAnswer.objects.create(conversation=row, position=1, kind="csat", answer="4")
    SurveyAnswer.objects.create(conversation=row, position=2, kind="custom", answer="")
    assert f"<dd>{words}</dd>" in reading(row)


def test_shows_comment_credit_and_rule(reading, db):
    noor = factories.agent("Noor Haddad")
    detail = {"comment": "Noor was kind", "credit_rule": "last_before_survey"}
    page = reading(factories.conversation(agents=[noor], survey="answered", fcr=False, detail=detail))
    assert "Noor was kind" in page
    assert "the last person assigned before the survey" in page
    assert "<dt>Solved</dt><dd>No</dd>" in page


def test_lists_earlier_conversations_that_the_reader_may_see(client_for, supervisor):
    ilse, mine = factories.consumer(), factories.agent(group=supervisor.scope.groups.get())
    now = timezone.now()
    latest = factories.conversation(agents=[mine], consumer=ilse, started_at=now)
    seen = factories.conversation(agents=[mine], consumer=ilse, started_at=now - timedelta(days=1))
    hidden = factories.conversation(agents=[factories.agent()], consumer=ilse, started_at=now - timedelta(days=2))
    page = client_for(supervisor).get(address(latest)).content.decode()
    assert "1 earlier" in page
    assert address(seen) in page
    assert hidden.conversation_id not in page


def test_lists_at_most_ten_earlier_conversations(reading, db):
    ilse, now = factories.consumer(), timezone.now()
    rows = [factories.conversation(consumer=ilse, started_at=now - timedelta(days=day)) for day in range(13)]
    page = reading(rows[0])
    assert "12 earlier" in page
    assert address(rows[10]) in page
    assert address(rows[11]) not in page
    assert f"/conversations/?consumer={ilse.pk}" in page


def test_shows_attributes_and_the_surroundings_of_the_raw_record(reading, db):
    row = factories.conversation(messages=[{"speaker": "agent", "type": "HOLOGRAM", "message_id": "m1"}])
    Attribute.objects.create(conversation=row, position=1, kind="CUSTOMER_INFO", name="customerType", value="gold")
    body = (
        b'{"campaign":{"campaignName":"Support pages"},"info":{"browser":"SAFARI"},'
        b'"messageRecords":[{"messageId":"m1","messageData":{"hologram":{"depth":3}}}]}'
    )
    RawRecord.objects.create(conversation=row, digest=b"0" * 16, body=zlib.compress(body), read_at=timezone.now())
    page = reading(row)
    for words in (
        "customer info: customerType",
        "gold",
        "Support pages",
        "SAFARI",
        "(HOLOGRAM)",
        "&quot;depth&quot;: 3",
    ):
        assert words in page


@pytest.mark.parametrize("body", [b"not json", b"[]", b'{"info": 7, "campaign": [], "messageRecords": {}}'])
def test_survives_a_raw_record_that_cannot_be_read(reading, body, db):
    row = factories.conversation(messages=[("consumer", "Still here")])
    RawRecord.objects.create(conversation=row, digest=b"0" * 16, body=zlib.compress(body), read_at=timezone.now())
    assert "Still here" in reading(row)


def test_prints_hostile_text_as_text(reading, db):
    row = factories.conversation(
        consumer=factories.consumer(first_name="<script>alert(1)</script>", last_name="\u202eevil"),
        skill=factories.skill("<b>Skill</b>"),
        detail={"comment": "<img src=x onerror=alert(1)>"},
        messages=[
            ("consumer", "<script>alert(2)</script>"),
            {
                "speaker": "agent",
                "type": "TEXT_HTML",
                "text": '<a href="javascript:alert(3)">x</a><img src="//a.example/">',
            },
            {"speaker": "bot", "type": "LINK", "payload": {"link": {"address": "javascript:alert(4)"}}},
            ("consumer", "w" * 50_000),
        ],
    )
    page = reading(row)
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "<b>Skill" not in page
    assert 'href="javascript' not in page.lower()
    assert "w" * 50_000 in page


def test_needs_as_many_queries_for_many_messages_as_for_few(client_for, analyst):
    counts = [_queries(client_for(analyst), size) for size in (5, 500)]
    assert counts[0] == counts[1]
    # PostgreSQL is told how long two counts may take, each in a savepoint here.
    assert counts[0] <= (38 if connection.vendor == "sqlite" else 44)


def _queries(client, size):
    people = [factories.agent() for _ in range(2 + size // 50)]
    row = factories.conversation(
        agents=people,
        consumer=factories.consumer(),
        messages=[("consumer" if number % 2 else "agent", f"Line {number}") for number in range(size)],
    )
    for position, person in enumerate(people):
        Transfer.objects.create(conversation=row, position=position, at=row.started_at, by=person, target_agent=person)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address(row)).status_code == 200
    return len(queries)


@pytest.mark.parametrize("is_partial", [True, False])
def test_says_when_only_a_part_was_delivered(reading, delivery, is_partial):
    RawRecord.objects.create(
        conversation=delivery,
        digest=b"0" * 16,
        body=zlib.compress(b"{}"),
        read_at=timezone.now(),
        is_partial=is_partial,
    )
    assert ("LivePerson delivered only a part of this conversation." in reading(delivery)) is is_partial


@pytest.mark.parametrize(("choice", "is_marked"), [("fall", True), ("start", False)])
def test_opens_at_the_largest_fall_for_whoever_wants_it(client_for, analyst, choice, is_marked):
    Preference.objects.create(user=analyst, opens_at=choice)
    talk = factories.conversation(messages=[("consumer", word) for word in ("one", "two", "three")])
    for message, mcs in zip(Message.objects.of(talk.pk), (60, 30, 25), strict=True):
        Message.objects.filter(pk=message.pk).update(mcs=mcs)
    text = client_for(analyst).get(address(talk)).content.decode()
    fallen = Message.objects.of(talk.pk)[1]
    assert (f'data-opens-at="{fallen.anchor}"' in text) is is_marked
