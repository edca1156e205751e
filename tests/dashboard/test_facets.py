"""Counts beside the values of the filters: the data for the form, and the page of links."""

import re
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dashboard.views import facets
from interactions.search import PARAMETERS, offered
from interactions.search.columnar import copy
from tests import columns, factories

PAGE, DATA = "/conversations/facets", "/conversations/facets.json"


def told(client: Client, query: str = "") -> dict[str, dict[str, int]]:
    return client.get(f"{DATA}?{query}").json()["counts"]


def links(text: str, facet: str) -> list[tuple[str, str, str]]:
    """(address, words, count) of each value of a facet."""
    section = re.search(rf'<section aria-labelledby="facet-{facet}">.*?</section>', text, re.S)
    assert section
    found = re.findall(r'<a href="([^"]+)"[^>]*><bdi>([^<]+)</bdi>.*?facet-count">([\d,]+)', section[0])
    return [(url.replace("&amp;", "&"), words, count) for url, words, count in found]


def test_tells_what_each_value_would_leave(analyst: User, client_for) -> None:
    for csat, channel in ((1, "sms"), (1, "shark"), (2, "shark"), (None, "")):
        factories.conversation(csat=csat, channel=channel)
    counts = told(client_for(analyst), "csat=1")
    assert counts["csat"] == {"1": 2, "2": 1, "none": 1}
    assert counts["channel"] == {"sms": 1, "shark": 1}


def test_counts_the_facets_that_are_named_alone(analyst: User, client_for) -> None:
    factories.conversation(csat=1, status="closed")
    client = client_for(analyst)
    assert told(client, "csat=1&facet=status&facet=csat") == {"status": {"closed": 1}, "csat": {"1": 1}}
    answer = client.get(f"{DATA}?csat=1&facet=colour")
    assert answer.status_code == 400 and "colour" in answer.json()["errors"]["facet"]


def test_asks_by_a_word_that_filters_nothing(analyst: User, client_for) -> None:
    assert facets.FACET not in PARAMETERS
    answer = client_for(analyst).get(f"/conversations/?{facets.FACET}=csat")
    assert answer.status_code == 400


def test_counts_for_a_supervisor_what_they_may_read(supervisor: User, client_for) -> None:
    own = factories.agent("Noor Haddad", supervisor.scope.groups.get())
    other = factories.agent("Teun Abara", factories.group("Billing team"))
    factories.conversation(agents=[own], csat=1)
    factories.conversation(agents=[other], csat=1)
    client = client_for(supervisor)
    counts = told(client)
    assert counts["csat"] == {"1": 1}
    assert counts["agent"] == counts["last_agent"] == {own.liveperson_id: 1}
    text = client.get(PAGE).content.decode()
    assert "Teun Abara" not in text and "Billing team" not in text


@pytest.mark.parametrize("address", [PAGE, DATA])
@pytest.mark.parametrize("query", ["csat=9", "colour=red", "mcs_min=9&mcs_max=1", "page=zzz", "credit=best"])
def test_refuses_a_wrong_parameter(analyst: User, client_for, address: str, query: str) -> None:
    answer = client_for(analyst).get(f"{address}?{query}")
    assert answer.status_code == 400
    assert query.split("=")[0] in answer.content.decode()


@pytest.mark.parametrize("address", [PAGE, DATA])
def test_sends_a_stranger_to_sign_in_and_refuses_post(client: Client, analyst: User, client_for, address: str) -> None:
    assert client.get(address).url.startswith("/login/")
    assert client_for(analyst).post(address).status_code == 405


def test_leaves_the_reader_of_a_conversation_of_that_name_alone(analyst: User, client_for) -> None:
    for name in ("facets", "facets.json"):
        factories.conversation(conversation_id=name)
        answer = client_for(analyst).get(f"/conversations/{name}/")
        assert (answer.status_code, answer.resolver_match.url_name) == (200, "conversation-detail")


def test_links_each_value_to_the_list_that_it_toggles(analyst: User, client_for) -> None:
    factories.conversation(csat=1, mcs=40)
    factories.conversation(csat=2, mcs=100)
    text = client_for(analyst).get(f"{PAGE}?csat=1&sort=csat").content.decode()
    assert links(text, "csat")[:2] == [
        ("/conversations/?sort=csat", "1", "1"),
        ("/conversations/?csat=1&csat=2&sort=csat", "2", "1"),
    ]
    assert links(text, "mcs_min")[4] == ("/conversations/?csat=1&mcs_min=40&mcs_max=49&sort=csat", "40 to 49", "1")
    assert links(text, "mcs_min")[9] == ("/conversations/?csat=1&mcs_min=90&mcs_max=100&sort=csat", "90 to 100", "0")
    assert "1 conversation with CSAT 1, lowest CSAT first" in text and text.count('aria-current="true"') == 1


def test_offers_what_no_address_can_hold_without_a_link(analyst: User, client_for) -> None:
    """As rows hold that were stored when control characters were still kept."""
    noor = factories.agent("Noor", liveperson_id="h\n1", group=factories.group("Night", liveperson_id="g\x7f"))
    odd = {"channel": "a\x1fb", "language": "e\nn", "skill": factories.skill("Late", liveperson_id="s\t1")}
    made = factories.conversation(agents=[noor], csat=1, credited_agent=noor, **odd, messages=[("agent", "Hello")])
    factories.conversation(agents=[factories.agent("Teun")], csat=2, skill=factories.skill("Soon"), language="en")
    client = client_for(analyst)
    text = client.get(PAGE).content.decode()
    assert "<li><bdi>Noor</bdi>" in text and "<li><bdi>Late</bdi>" in text
    assert [words for _, words, _ in links(text, "agent")] == ["Teun"]
    reader = f"/conversations/{made.conversation_id}/"
    for address in ("/conversations/", reader, f"{reader}?csat=1", "/?period=7d"):
        page = client.get(address).content.decode()
        assert "Noor" in page
        for url in re.findall(r'href="(/conversations/\?[^"]+)"', page):
            assert client.get(url.replace("&amp;", "&")).status_code == 200, url
    assert re.search(r'name="skill" value="s\t1" disabled> <bdi>Late<', client.get("/conversations/").content.decode())


def test_offers_what_conversations_have_of_what_liveperson_no_longer_has(analyst: User, client_for) -> None:
    gone = {"skill": factories.skill("Repairs", is_deleted=True), "group": factories.group("Night", is_deleted=True)}
    factories.conversation(**gone)
    factories.conversation(skill=factories.skill("Delivery"), group=factories.group("Day"))
    factories.skill("Forgotten", is_deleted=True)
    factories.group("Forgotten", is_deleted=True)
    client = client_for(analyst)
    form, page = (client.get(address).content.decode() for address in ("/conversations/", PAGE))
    for name, thing in gone.items():
        label = f"{thing.name}, no longer in LivePerson"
        assert f'name="{name}" value="{thing.liveperson_id}"> <bdi>{label}</bdi>' in form
        url = f"/conversations/?{name}={thing.liveperson_id}"
        assert (url, label, "1") in links(page, name)
        assert f"1 conversation with {name} {thing.name}" in client.get(url).content.decode()
    assert "Forgotten" not in form + page


CODES = ("channel", "device", "language", "close_reason", "queue")


@pytest.mark.parametrize("name", CODES)
@pytest.mark.parametrize("is_in_columns", [False, True])
def test_offers_codes_that_only_old_conversations_hold(
    analyst: User, client_for, monkeypatch: pytest.MonkeyPatch, settings, tmp_path, name: str, is_in_columns: bool
) -> None:
    factories.conversation(**{name: "fax"}, started_at=datetime(2025, 1, 1, tzinfo=UTC))
    for _ in range(6):
        factories.conversation(**{name: "sms"})
    monkeypatch.setattr(offered, "NEWEST", 5)
    if is_in_columns:
        settings.DATA_DIR = tmp_path
        monkeypatch.setattr(copy, "current", columns.half_changed)
    client = client_for(analyst)
    assert told(client, f"facet={name}") == {name: {"fax": 1, "sms": 6}}
    assert f'name="{name}" value="fax"' in client.get("/conversations/").content.decode()
    assert (f"/conversations/?{name}=fax", "fax", "1") in links(client.get(PAGE).content.decode(), name)


def test_offers_codes_of_the_newest_where_a_look_at_all_takes_too_long(db: None, monkeypatch) -> None:
    factories.conversation(channel="fax", started_at=datetime(2025, 1, 1, tzinfo=UTC))
    factories.conversation(channel="sms")
    monkeypatch.setattr(offered, "NEWEST", 1)
    monkeypatch.setattr(offered, "within", lambda seconds, ask: None)
    assert offered.codes(["channel"]) == {"channel": ["sms"]}


COUNTED = ("comment", "fcr", "handled_by", "close_reason", "queue", "weekday", "hour", "credited")


def test_counts_beside_every_value_of_a_choice(analyst: User, client_for) -> None:
    noor, bot = factories.agent("Noor"), factories.bot("Pine Bot")
    values = {"fcr": True, "close_reason": "agent", "queue": "active", "credited_agent": noor}
    at = datetime(2026, 11, 16, 9, 30, tzinfo=UTC)  # a Monday
    factories.conversation(agents=[noor], started_at=at, detail={"comment": "Never again"}, **values)
    factories.conversation(agents=[bot], started_at=at, messages=[{"speaker": "bot", "agent": bot}], queue="in_queue")
    factories.conversation(started_at=at, close_reason="system", credited_agent=factories.agent("Teun"))
    client = client_for(analyst)
    counts = told(client)
    assert counts["comment"] == {"1": 1, "0": 2} and counts["handled_by"] == {"human": 1, "bot": 1}
    assert counts["weekday"] == {"1": 3} and counts["hour"] == {"9": 3} and counts["fcr"] == {"1": 1}
    form, page = (client.get(address).content.decode() for address in ("/conversations/", PAGE))
    for name in COUNTED:
        assert re.search(rf'class="[^"]*counted">(?:(?!</div>).)*name="{name}"', form), name
        assert sum(int(count) for *_, count in links(page, name)) == sum(counts[name].values()), name
        for value, number in counts[name].items():
            assert client.get(f"/conversations/count.json?{name}={value}").json()["count"] == number


def test_folds_a_long_list_busiest_and_chosen_first(analyst: User, client_for) -> None:
    people = [factories.agent(f"Agent {number:02}") for number in range(20)]
    for number, person in enumerate(people, start=1):
        for _ in range(number % 7):
            factories.conversation(agents=[person])
    text = client_for(analyst).get(f"{PAGE}?agent={people[0].liveperson_id}").content.decode()
    found = links(text, "agent")
    assert found[0][1:] == ("Agent 00", "1") and [count for *_, count in found[1:4]] == ["6", "6", "6"]
    assert len(found) == 18 and "<summary>6 more</summary>" in text  # two took part in nothing


def test_asks_the_database_as_often_for_many_rows_as_for_few(supervisor: User, client_for) -> None:
    client = client_for(supervisor)

    def fill(number: int) -> None:
        for _ in range(number):
            person = factories.agent(group=supervisor.scope.groups.get())
            factories.conversation(agents=[person], skill=factories.skill(), csat=number % 5 + 1)

    def queries(address: str) -> int:
        client.get(address)  # the session is written every few minutes, words are remembered
        with CaptureQueriesContext(connection) as seen:
            client.get(address)
        return len(seen)

    addresses = (f"{DATA}?csat=1&status=closed", f"{PAGE}?csat=1&status=closed")
    fill(5)
    few = [queries(address) for address in addresses]
    fill(30)
    assert [queries(address) for address in addresses] == few


def test_offers_the_form_the_address_of_its_counts(analyst: User, client_for) -> None:
    text = client_for(analyst).get("/conversations/?csat=1&page=").content.decode()
    assert 'data-facets="/conversations/facets.json"' in text
    assert '<noscript><a class="button" href="/conversations/facets?csat=1">Show counts</a></noscript>' in text
    assert "data-facets=" not in client_for(analyst).get("/?period=7d").content.decode()


def test_says_so_where_counting_takes_too_long(analyst: User, client_for, monkeypatch: pytest.MonkeyPatch) -> None:
    factories.conversation(csat=1)
    monkeypatch.setattr(facets, "within", lambda seconds, ask: None)
    client = client_for(analyst)
    assert client.get(f"{DATA}?csat=1").status_code == 503
    answer = client.get(f"{PAGE}?csat=1")
    text = answer.content.decode()
    assert answer.status_code == 503 and "<h1>Conversations with CSAT 1, newest first</h1>" in text
    assert 'The counts could not be loaded: counting takes too long. <a href="">Try again</a>' in text
    assert "The list itself is complete." in text and 'href="/conversations/?csat=1">Back to the list' in text


def test_leads_from_the_count_of_a_tag_to_its_conversations(analyst: User, client_for) -> None:
    client = client_for(analyst)
    factories.conversation(conversation_id="one")
    client.post("/conversations/one/tags", {"tag": "\u0399\u0308\u0301x"})
    facets = client.get(PAGE).context["facets"]
    values = [value for facet in facets if facet.name == "tag" for value in facet.values if value.count]
    assert [value.count for value in values if "tag=none" not in value.url] == [1]
    for value in values:
        assert client.get(value.url.replace("/?", "/count.json?")).json()["count"] == value.count


@pytest.mark.parametrize(
    ("asked", "name", "value", "other"),
    [
        ("channel=SMS", "channel", "sms", "app"),
        ("channel=SMS&channel=sms", "channel", "sms", "app"),
        ("language=DE", "language", "de", "en"),
        ("device=Mobile", "device", "mobile", "desktop"),
        ("tag=LATE++Parcel", "tag", "late parcel", "vip"),
        ("tag=Stra%C3%9Fe&tag=STRASSE", "tag", "strasse", "vip"),
        ("tag=e%CC%81t%C3%89", "tag", "\u00e9t\u00e9", "vip"),
    ],
)
def test_shows_a_value_once_in_whatever_letters_it_is_asked(asked, name, value, other, analyst, client_for) -> None:
    for stored in (value, value, other):
        made = factories.conversation(**({} if name == "tag" else {name: stored}))
        if name == "tag":
            factories.tag(made, stored)
    client = client_for(analyst)
    facet = next(each for each in client.get(f"{PAGE}?{asked}").context["facets"] if each.name == name)
    counts = [each.count for each in facet.values if "no" not in each.label.split()]
    assert sorted(counts) == [1, 2]
    assert [(each.count, each.url) for each in facet.values if each.is_chosen] == [(2, "/conversations/")]
    page = client.get(f"/conversations/?{asked}").content.decode()
    boxes = re.findall(rf'<input type="checkbox" name="{name}" value="([^"]*)"( checked)?', page)
    assert {box for box in boxes if box[0] != "none"} == {(value, " checked"), (other, "")}
    assert len({box[0] for box in boxes}) == len(boxes)


def test_keeps_a_wrong_value_as_it_was_typed(analyst: User, client_for) -> None:
    factories.conversation(channel="sms")
    page = client_for(analyst).get(f"/conversations/?channel=SMS&tag={'X' * 90}&csat=9").content.decode()
    assert re.findall(r'name="channel" value="([^"]*)"( checked)?', page) == [("sms", " checked")]


@pytest.mark.parametrize("name", [name for name, parameter in PARAMETERS.items() if parameter.choices])
def test_reads_each_known_choice_as_it_is_written(name: str) -> None:
    parameter = PARAMETERS[name]
    assert all(str(parameter.read(choice.value)) == choice.value for choice in parameter.choices)
