"""The list of conversations."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dashboard import emptiness
from interactions.search import PARAMETERS
from tests import factories

ADDRESS = "/conversations/"


@pytest.fixture
def page(analyst: User, client_for):
    """Asks for the list as an analyst and gives the text of the answer."""
    client = client_for(analyst)
    return lambda query="": page_of(client, query)


def page_of(client: Client, query: str = "") -> str:
    return client.get(f"{ADDRESS}?{query}").content.decode()


def ids(text: str) -> list[str]:
    return re.findall(r'<tr id="row-([^"]+)"', text)


def test_shows_a_row_with_everything_the_default_columns_hold(page) -> None:
    agents = [factories.agent("Teun Abara"), factories.agent("Noor Haddad")]
    factories.conversation(
        agents=agents,
        consumer=factories.consumer(first_name="Ilse", last_name="Marchetti"),
        skill=factories.skill("Delivery"),
        csat=2,
        mcs=38,
        mcs_band=-1,
        mcs_first=62,
        mcs_lowest=18,
        first_response_seconds=239,
        message_count=27,
        close_reason="agent",
        started_at=timezone.now() - timedelta(hours=3),
    )
    text = page()
    for part in ("Ilse Marchetti", "Noor Haddad", "+1", "Delivery", "csat-2", "▼", "3 m 59 s", "20 m 00 s", ">27<"):
        assert part in text
    assert "<polyline" in text and "Agent</td>" in text


def test_says_why_a_value_is_missing(page) -> None:
    factories.conversation()
    text = page()
    for reason in ("not offered", "not scored", "no human reply", "nobody took part"):
        assert reason in text


def test_shows_an_open_conversation_with_its_age(page) -> None:
    factories.conversation(
        status="open", mcs=40, mcs_band=0, started_at=timezone.now() - timedelta(hours=2, minutes=4, seconds=30)
    )
    text = page()
    assert "so far" in text and ">open</td>" in text
    age = re.search(r'<span data-age="(\d+)" title="So far: [^"]+">2 h 4 m</span>', text)
    assert age and 7470 <= int(age[1]) < 7500


def test_shows_no_age_of_what_has_ended(page) -> None:
    factories.conversation()
    assert "data-age" not in page()


def test_escapes_what_people_call_themselves(page) -> None:
    factories.conversation(consumer=factories.consumer(first_name="<script>alert(1)</script>", last_name=""))
    assert "<script>alert" not in page()


def test_says_the_question_in_a_sentence_whose_parts_can_be_removed(page) -> None:
    factories.conversation(csat=1)
    text = page("csat=1&csat=2&status=closed")
    assert "<title>1 conversation with CSAT 1 or 2 and status closed, newest first" in text
    assert 'href="/conversations/?status=closed" aria-label="Remove CSAT 1 or 2"' in text
    assert "Clear all" in text and "Times in UTC" in text


@pytest.mark.parametrize(
    "query",
    [
        "csat=1",
        "csat_max=2",
        "mcs_min=10&mcs_max=40",
        "mcs_band=-1",
        "mcs_fall_min=30",
        "survey=answered",
        "status=closed",
        "channel=shark",
        "first_response_max=100",
        "period=28d",
        "agent=A",
        "credited=A&credit=last",
        "skill=S",
        "group=G",
    ],
)
def test_filters(page, query: str) -> None:
    person = factories.agent(
        "Noor Haddad", liveperson_id="A", group=factories.group("Delivery team", liveperson_id="G")
    )
    match = factories.conversation(
        agents=[person],
        skill=factories.skill("Delivery", liveperson_id="S"),
        csat=1,
        survey="answered",
        mcs=20,
        mcs_band=-1,
        mcs_fall=44,
        channel="shark",
        first_response_seconds=60,
    )
    factories.conversation(status="open", started_at=timezone.now() - timedelta(days=60))
    assert ids(page(query)) == [match.conversation_id]


def test_links_a_name_and_a_badge_to_the_list_that_they_narrow_down_to(page) -> None:
    factories.conversation(agents=[factories.agent("Noor Haddad", liveperson_id="A")], csat=2)
    text = page("status=closed")
    assert 'href="/conversations/?agent=A&amp;status=closed"' in text
    assert 'href="/conversations/?csat=2&amp;status=closed"' in text


def test_takes_the_list_along_into_the_reader(page) -> None:
    made = factories.conversation(csat=1, conversation_id="a/b?c")
    assert 'href="/conversations/a%2Fb%3Fc/?csat=1"' in page("csat=1")
    assert made.conversation_id in ids(page("csat=1"))


def test_puts_the_interesting_end_first_and_reverses_on_the_second_press(page) -> None:
    factories.conversation()
    assert 'href="/conversations/?sort=-duration"' in page()
    pressed = page("sort=-duration")
    assert 'aria-sort="descending"' in pressed and 'href="/conversations/?sort=duration"' in pressed


def test_marks_the_order_it_is_in(page) -> None:
    factories.conversation()
    assert re.findall(r'aria-sort="(\w+)"', page("sort=csat")) == ["ascending"]
    assert re.findall(r'aria-sort="(\w+)"', page()) == ["descending"]


def test_walks_through_pages(page) -> None:
    made = [factories.conversation(started_at=timezone.now() - timedelta(minutes=n)) for n in range(60)]
    first = page()
    assert "Rows 1-50 of 60" in first
    following = re.search(r'href="/conversations/\?([^"]+)">Next<', first)
    assert following
    second = page(following[1].replace("&amp;", "&"))
    assert "Rows 51-60 of 60" in second
    assert ids(first) + ids(second) == [row.conversation_id for row in made]


def test_names_the_size_of_a_file_before_it_is_asked_for(page) -> None:
    factories.conversation(csat=1, message_count=1126)
    text = page("csat=1")
    for kind in ("CSV", "CSV with BOM"):
        assert f"Conversations, 1 row ({kind})" in text and f"Messages, 1,126 rows ({kind})" in text
    assert 'href="/messages.csv?csat=1&amp;zone=UTC"' in text


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("csat_min=abc", "csat_min</code> is &#x27;abc&#x27;"),
        ("mcs_min=90&mcs_max=10", "mcs_max</code> is 10"),
        ("sort=colour", "sort</code>"),
        ("colour=red", "colour</code> is not a name"),
        ("started_from=2026-02-30", "started_from</code>"),
        ("period=7d&started_from=2026-01-01", "period</code>"),
        ("page=zzz", "page</code>"),
        ("zone=Mars/Base", "zone</code>"),
    ],
)
def test_refuses_a_wrong_parameter_and_says_why(analyst: User, client_for, query: str, reason: str) -> None:
    factories.conversation()
    answer = client_for(analyst).get(f"{ADDRESS}?{query}")
    text = answer.content.decode()
    assert answer.status_code == 400
    assert reason in text and 'role="alert"' in text and ids(text) == []


@pytest.mark.parametrize("name", ["agent", "last_agent", "credited", "skill", "group", "tag", "channel", "consumer"])
def test_looks_nowhere_for_what_it_refuses(supervisor: User, client_for, name: str) -> None:
    long = "x" * 129
    with CaptureQueriesContext(connection) as asked:
        answer = client_for(supervisor).get(f"{ADDRESS}?{name}={long}&{name}=%00a")
    assert answer.status_code == 400 and long not in str(asked.captured_queries)


def test_keeps_what_it_can_read_of_a_name_with_a_wrong_value(page) -> None:
    text = page("csat=1&csat=x&channel=SMS&channel=%00")
    assert 'name="csat" value="1" checked' in text and 'name="channel" value="sms" checked' in text


def test_keeps_the_other_filters_when_one_is_wrong(page) -> None:
    text = page("mcs_min=90&mcs_max=10&csat=1&survey=answered")
    assert 'name="csat" value="1" checked' in text
    assert 'name="survey" value="answered" checked' in text
    assert text.count('aria-invalid="true"') == 2 and 'value="90"' in text
    assert "data-filters open>" in text and "data-filters open>" not in page("csat=1")


def test_shows_every_parameter_of_the_address_in_its_control(page) -> None:
    text = page("credited=A&credit=most&first_response_min=30&nps_max=3&zone=Europe/Paris&hour=9&conversation=c-1")
    for shown in (
        'name="credited" value="A" checked',
        '<option value="most" selected',
        'name="first_response_min" value="30"',
        'name="nps_max" value="3"',
        'name="zone" value="Europe/Paris"',
        'name="hour" value="9" checked',
        'name="conversation" value="c-1"',
    ):
        assert shown in text
    assert 'class="more" open' in text and 'class="more" open' not in page("csat=1")


def test_has_a_control_for_every_parameter_but_those_of_search_and_place(page) -> None:
    made = factories.conversation(
        agents=[factories.agent()],
        device="mobile",
        language="de-de",
        channel="sms",
        close_reason="agent",
        queue="in_queue",
    )
    factories.tag(made, "VIP")
    names = set(re.findall(r'<(?:input|select)[^>]* name="(\w+)"', page("agent=A&skill=S&group=G&consumer=4")))
    assert set(PARAMETERS) - names == {"seed", "page", "view", "columns"}


def test_carries_parameters_without_a_control_along(page) -> None:
    form = page("sort=shuffle&seed=3&csat=1&page=").partition('id="filters"')[2].partition("</form>")[0]
    assert re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form) == [("seed", "3")]


def test_puts_the_chosen_ones_of_a_long_list_first(page) -> None:
    people = [factories.agent(f"Agent {letter}") for letter in "ABCDEFGH"]
    text = page(f"agent={people[6].liveperson_id}")
    assert re.findall(r'name="agent" value="(\w+)"', text)[:2] == [people[6].liveperson_id, people[0].liveperson_id]


def test_lets_one_of_several_conversations_go(page) -> None:
    text = page("conversation=a&conversation=b")
    assert 'name="conversation" value="a" checked' in text and 'name="conversation" value="b" checked' in text


def test_writes_times_in_the_zone_of_the_address(page) -> None:
    made = factories.conversation()
    text = page("zone=Asia/Tokyo")
    assert "Times in Asia/Tokyo" in text
    assert f"{made.started_at + timedelta(hours=9):%H:%M}" in text


def test_draws_a_seed_for_a_shuffle_without_one(analyst: User, client_for) -> None:
    answer = client_for(analyst).get(f"{ADDRESS}?sort=shuffle&csat=1")
    assert answer.status_code == 302
    assert re.fullmatch(r"/conversations/\?csat=1&sort=shuffle&seed=\d+", answer.url)


def test_says_what_there_is_without_one_of_the_filters(page) -> None:
    factories.conversation(csat=1)
    text = page("csat=1&status=open")
    assert "No conversations" in text
    assert 'Without “status open” there is <a href="/conversations/?csat=1">1</a>' in text


def test_leads_to_a_nearby_list_that_takes_long_to_count(page, monkeypatch: pytest.MonkeyPatch) -> None:
    factories.conversation(csat=1)
    monkeypatch.setattr(emptiness, "within", lambda seconds, ask: None)
    text = page("csat=1&status=open")
    assert '<a href="/conversations/?csat=1">Look without “status open”</a>, which takes long to count.' in text
    assert "Nothing matches" not in text


def test_says_of_an_empty_list_how_far_it_looked(page) -> None:
    factories.conversation(csat=1)
    text = page("csat=5")
    assert "See progress" in text and "Nothing matches in what has been read." in text


def test_words_the_first_start(page) -> None:
    assert "Reading the first conversations from LivePerson." in page()


def test_tells_a_person_without_groups_whom_to_ask(client_for) -> None:
    factories.conversation(agents=[factories.agent(group=factories.group())])
    text = client_for(factories.user("supervisor", username="ivo")).get(ADDRESS).content.decode()
    assert "You have no agent groups yet" in text and "you are ivo here" in text


def test_shows_a_supervisor_the_conversations_of_own_groups_only(supervisor: User, client_for) -> None:
    own = factories.conversation(agents=[factories.agent("Noor Haddad", supervisor.scope.groups.get())])
    factories.conversation(agents=[factories.agent("Teun Abara", factories.group("Billing team"))])
    text = client_for(supervisor).get(ADDRESS).content.decode()
    assert ids(text) == [own.conversation_id]
    assert "Teun Abara" not in text and "Billing team" not in text


def test_says_beside_the_rows_that_the_period_is_not_completely_read(page) -> None:
    factories.conversation()
    text = page()
    assert "Not complete: this period is still being read." in text and 'href="/sync/">See progress' in text


def test_counts_again_for_a_list_that_stays_open(analyst: User, client_for) -> None:
    client = client_for(analyst)
    factories.conversation(csat=1)
    page = page_of(client, "csat=1")
    assert 'data-arrivals="/conversations/count.json?csat=1" data-count="1"' in page
    factories.conversation(csat=1)
    assert client.get("/conversations/count.json?csat=1").json() == {"count": 2}
    assert client.get("/conversations/count.json?csat=x").status_code == 400


def test_tells_what_came_from_what_is_left(analyst: User, supervisor: User, client_for) -> None:
    client, group = client_for(analyst), supervisor.scope.groups.get()
    early = [factories.conversation(csat=1) for _ in range(2)]
    found = re.search(r'data-since="(\d+)"', page_of(client, "csat=1&reviewed=no"))
    assert found
    address = f"/conversations/count.json?csat=1&reviewed=no&since={found[1]}"
    assert client.get(address).json() == {"count": 2, "arrived": 0}
    for each in early:  # by somebody else
        factories.review(each, supervisor)
    factories.conversation(csat=1)
    factories.conversation(csat=1, agents=[factories.agent(group=group)])
    factories.conversation(csat=2)
    assert client.get(address).json() == {"count": 2, "arrived": 2}
    assert client_for(supervisor).get(address).json() == {"count": 1, "arrived": 1}
    for wrong in ("x", "-1", "", "1" * 19, "٣"):
        answer = client.get(f"/conversations/count.json?csat=1&since={wrong}")
        assert (answer.status_code, [*answer.json()["errors"]]) == (400, ["since"])


def test_sends_a_stranger_to_sign_in(client: Client, db: None) -> None:
    assert client.get(f"{ADDRESS}?csat=1").url == "/login/?next=/conversations/%3Fcsat%3D1"


def test_answers_head_and_refuses_post(analyst: User, client_for) -> None:
    client = client_for(analyst)
    assert client.head(ADDRESS).status_code == 200
    assert client.post(ADDRESS).status_code == 405


def test_asks_the_database_as_often_for_fifty_rows_as_for_five(supervisor: User, client_for) -> None:
    client = client_for(supervisor)
    address = f"{ADDRESS}?status=closed&sort=agent"

    def fill(number: int) -> None:
        for _ in range(number):
            person = factories.agent(group=supervisor.scope.groups.get())
            factories.conversation(agents=[person], skill=factories.skill(), consumer=factories.consumer())

    def queries() -> int:
        client.get(address)  # the session is written every few minutes, channels are remembered
        with CaptureQueriesContext(connection) as seen:
            client.get(address)
        return len(seen)

    fill(5)
    few = queries()
    fill(45)
    assert queries() == few


def test_shows_no_style_or_script_of_its_own(page) -> None:
    factories.conversation(mcs=38, mcs_first=62, mcs_lowest=18)
    text = page()
    assert " style=" not in text and " onclick=" not in text
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))


def test_gives_files_an_address_that_means_the_same_days_to_everybody(page) -> None:
    factories.conversation()
    assert 'href="/conversations.csv?period=7d&amp;zone=UTC"' in page("period=7d")
    assert 'href="/messages.csv?zone=Europe%2FParis"' in page("zone=Europe/Paris")


def test_finds_an_id_with_the_blanks_that_came_along(page) -> None:
    made = factories.conversation()
    for pasted in (f"{made.conversation_id}%20", f"%20%20{made.conversation_id}", f"%09{made.conversation_id}%0A"):
        assert f'id="row-{made.conversation_id}"' in page(f"conversation={pasted}"), pasted


def test_calls_languages_by_their_names(page) -> None:
    factories.conversation(language="de-de")
    factories.conversation(language="tlh")
    text = page("language=de-de")
    assert '<input type="checkbox" name="language" value="de-de" checked> <bdi>German (de-de)</bdi>' in text
    assert "<bdi>tlh</bdi>" in text and "language German (de-de)" in text


@pytest.mark.parametrize(
    ("tail", "word"), [("", "Any time"), ("started_from=2026-11-01", "By date"), ("started_to=2026-11-01", "By date")]
)
def test_does_not_call_dates_any_time(page, tail: str, word: str) -> None:
    factories.conversation()
    assert f'<input type="radio" name="period" value="" checked><span>{word}</span>' in page(tail)


def test_names_the_heading_without_the_controls_in_it(page) -> None:
    factories.conversation(csat=1)
    assert 'aria-label="1 conversation with CSAT 1, newest first"' in page("csat=1")
