"""The overview: figures, their links, comparisons, empty states, who sees what."""

import csv
import random
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from interactions.models import SyncWindow, WorkState
from interactions.search.columnar import copy
from tests import columns, factories
from tests.conftest import ClientFor

pytestmark = pytest.mark.django_db
HERE = "/?period=28d&zone=UTC"


@pytest.fixture
def client(analyst: User, client_for: ClientFor) -> Client:
    return client_for(analyst)


def fill(count: int, **fields: Any) -> None:
    """Conversations of the last weeks with ratings, scores and replies, of three agents."""
    chance = random.Random(3)
    agents = [factories.agent(name) for name in ("Noor Haddad", "Petra Lindqvist", "Amos Okoro")]
    for _ in range(count):
        survey = chance.choice(["not_offered", "offered", "abandoned", "answered", "answered"])
        made = {
            "agents": [chance.choice(agents)],
            "started_at": timezone.now() - timedelta(days=chance.randint(0, 45), hours=1),
            "survey": survey,
            "csat": chance.choice([1, 2, 3, 4, 5, 5]) if survey == "answered" else None,
            "mcs": chance.choice([None, 20, 50, 80]),
            "mcs_band": chance.choice([None, -1, 0, 1]),
            "mcs_fall": chance.choice([None, 0, 35, 60]),
            "first_response_seconds": chance.choice([None, 20, 200, 2000]),
        }
        factories.conversation(**made | fields)


@pytest.mark.parametrize("role", ["analyst", "supervisor"])
def test_shows_the_same_by_the_columnar_copy(
    role: str, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Any
) -> None:
    settings.DATA_DIR = tmp_path
    group = factories.group("Delivery team")
    reader = factories.user(role, groups=[group] if role == "supervisor" else [])
    fill(60)
    fill(30, agents=[factories.agent("Vera Novak", group=group)])
    for address in (HERE, "/overview/trend.json?period=28d&zone=UTC", "/overview/trend.csv?zone=UTC"):
        shown = body(client_for(reader).get(address))
        with monkeypatch.context() as having:
            having.setattr(copy, "current", columns.half_changed)
            assert body(client_for(reader).get(address)) == shown
    assert "Vera Novak" in body(client_for(reader).get(HERE))


def body(answer: Any) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return re.sub(r'(?:nonce|csrfmiddlewaretoken" value)="[^"]*"', "", content.decode())


def read_whole(days: int) -> None:
    """Of 60 days of history the last `days` days are read, and so is the newest refresh."""
    now = timezone.now()
    oldest, reached = now - timedelta(days=60), now - timedelta(days=days)
    for kind, start, end, state in [
        ("backfill", reached, now, WorkState.COMPLETE),
        ("backfill", oldest, reached, WorkState.WAITING),
        ("refresh", oldest, now, WorkState.COMPLETE),
    ]:
        SyncWindow.objects.create(kind=kind, start_from=start, start_to=end, state=state, planned_at=now)


def linked_numbers(html: str) -> list[tuple[str, str]]:
    """Address and text of each link into the list."""
    return [
        (unescape(url), text) for url, text in re.findall(r'<a[^>]*href="(/conversations/\?[^"]*)"[^>]*>([^<]+)', html)
    ]


def test_says_its_period_in_the_address(client: Client) -> None:
    response = client.get("/", {"skill": "77", "csat": ["1", "2"]})
    assert response.status_code == 302
    assert response["Location"] == "/?skill=77&csat=1&csat=2&period=28d&zone=UTC"


def test_takes_the_zone_of_the_address_or_else_the_readers(client_for: ClientFor) -> None:
    client = client_for(factories.user("analyst", zone="Asia/Kathmandu"))
    assert client.get("/")["Location"] == "/?period=28d&zone=Asia/Kathmandu"
    assert client.get("/?zone=Europe/Paris&period=")["Location"] == "/?zone=Europe/Paris&period=28d"


@pytest.mark.parametrize("dates", ["period=7d", "started_from=2026-01-01", "ended_to=2026-02-01"])
def test_keeps_an_address_that_has_dates(client: Client, dates: str) -> None:
    assert client.get(f"/?{dates}").status_code == 200


def test_sends_a_stranger_to_sign_in(db: None) -> None:
    assert Client().get(HERE)["Location"].startswith("/login/")
    assert Client().get("/overview/trend.json?period=7d")["Location"].startswith("/login/")


@pytest.mark.parametrize(
    "wrong", ["csat_min=abc", "mcs_min=90&mcs_max=10", "sort=colour", "wish=1", "started_from=2026-02-30"]
)
def test_shows_no_figures_for_a_wrong_address(client: Client, wrong: str) -> None:
    fill(5)
    response = client.get(f"/?{wrong}&ended_from=2026-01-01")
    html = response.content.decode()
    assert response.status_code == 400
    assert wrong.partition("=")[0] in html
    assert "figure-value" not in html
    assert client.get(f"/overview/trend.json?{wrong}").status_code == 400


def test_gives_the_trend_as_a_file_with_the_numbers_of_its_table(client: Client) -> None:
    fill(30)
    answer = client.get("/overview/trend.csv?period=28d&zone=UTC")
    rows = list(csv.DictReader(answer.getvalue().decode().splitlines()))
    table = client.get("/?period=28d&zone=UTC").context["trend"]["rows"]
    assert [row["from"] for row in rows] == [row.first.isoformat() for row in table]
    assert [row["conversations"] for row in rows] == [row.conversations.text for row in table]
    assert [row["ratings"] for row in rows] == [row.rated.text for row in table]
    rated = [
        [float(row[name]) for name in ("csat_low", "csat_share", "csat_high")] for row in rows if row["csat_share"]
    ]
    assert rated
    assert all(each == sorted(each) for each in rated)


@pytest.mark.parametrize("wrong", ["csat_min=abc", "wish=1"])
def test_gives_no_file_for_a_wrong_address(client: Client, wrong: str) -> None:
    assert client.get(f"/overview/trend.csv?{wrong}").status_code == 400


def test_refuses_what_is_not_reading(client: Client) -> None:
    assert client.post(HERE).status_code == 405


@pytest.mark.parametrize("address", ["/?period=7d", "/overview/trend.json?period=7d"])
def test_answers_a_probe_without_a_body(client: Client, address: str) -> None:
    assert client.head(address).status_code == 200


def test_opens_exactly_the_conversations_behind_each_number(client: Client) -> None:
    fill(60)
    found = linked_numbers(client.get(HERE).content.decode())
    counts = [(url, text) for url, text in found if re.fullmatch(r"(n |of )?[\d,]+( \w+)*", text.strip())]
    # MCS means and spans open what they were computed from: their digits are no count.
    counts = [(url, text) for url, text in counts if "mcs_min=0" not in url and "first_response_min" not in url]
    assert len(counts) > 50
    for url, text in counts:
        response = client.get(url)
        assert (url, response.context["count"]) == (url, int(re.sub(r"\D", "", text)))


def numbers(client: Client, address: str = HERE) -> dict[str, Any]:
    context = client.get(address).context
    return {card.key: card for card in context["cards"]}


def test_opens_the_good_ratings_behind_the_share(client: Client) -> None:
    for csat in [5] * 6 + [4] * 2 + [1] * 2 + [None] * 3:
        factories.conversation(csat=csat)
    csat = numbers(client)["csat"]
    assert (csat.value.text, csat.value.interval) == ("80%", "(49-94)")
    assert client.get(csat.value.url).context["count"] == 8
    assert (csat.others[0].text, client.get(csat.others[0].url).context["count"]) == ("n 10", 10)


@pytest.mark.parametrize(
    ("narrowing", "share", "n"),
    [("csat=5", "100%", 6), ("csat=1&csat=4", "50%", 4), ("csat_max=4", "50%", 4), ("csat_min=2", "100%", 8)],
)
def test_never_widens_a_filter_that_is_there(client: Client, narrowing: str, share: str, n: int) -> None:
    for csat in [5] * 6 + [4] * 2 + [1] * 2:
        factories.conversation(csat=csat)
    card = numbers(client, f"{HERE}&{narrowing}")["csat"]
    assert card.value.text == share
    assert client.get(card.others[0].url).context["count"] == n
    good = client.get(card.value.url).context["count"]
    assert good / n == float(share[:-1]) / 100


def test_shows_no_link_where_no_address_can_say_it(client: Client) -> None:
    factories.conversation(csat=1)
    card = numbers(client, f"{HERE}&csat=1")["csat"]
    assert (card.value.text, card.value.url) == ("0%", "")


def test_counts_surveys_offered_and_not_offered(client: Client) -> None:
    for survey, times in [("answered", 3), ("abandoned", 2), ("offered", 1), ("not_offered", 4)]:
        for _ in range(times):
            factories.conversation(survey=survey)
    card = numbers(client)["survey"]
    assert [number.text for number in (card.value, *card.others)] == ["50%", "of 6 offered", "4 not offered"]
    assert [client.get(number.url).context["count"] for number in (card.value, *card.others)] == [3, 6, 4]


def test_compares_with_the_equal_period_before(client: Client) -> None:
    for days, csat, times in [(3, 5, 12), (9, 5, 6), (9, 1, 4)]:
        for _ in range(times):
            factories.conversation(started_at=timezone.now() - timedelta(days=days), csat=csat)
    read_whole(days=30)
    response = client.get("/?period=7d&zone=UTC")
    changes = {card.key: card.change.text for card in response.context["cards"] if card.change}
    assert changes == {"conversations": "up 20% from 10", "csat": "up more than chance"}
    assert client.get(response.context["before"]["url"]).context["cards"][0].value.text == "10"


@pytest.mark.parametrize(
    "dates", ["started_from=2026-01-01", "ended_from=2026-01-01", "started_from=1970-01-02&started_to=2026-01-01"]
)
def test_compares_with_nothing_where_no_equal_period_is_defined(client: Client, dates: str) -> None:
    factories.conversation(started_at=timezone.now() - timedelta(days=400))
    assert client.get(f"/?{dates}&zone=UTC").context.get("before") is None


def test_draws_every_rating_and_band_with_its_conversations(client: Client) -> None:
    fill(40)
    context = client.get(HERE).context
    for bar in [*context["csat_bars"], *context["band_bars"]]:
        assert bar.count == (client.get(bar.url).context["count"] if bar.url else 0)
    assert max(bar.length for bar in context["csat_bars"]) == 100


def test_reads_next_what_was_rated_low_or_fell_or_commented_on(client: Client) -> None:
    low = factories.conversation(csat=1, mcs_fall=5)
    factories.conversation(csat=1, started_at=timezone.now() - timedelta(days=9))
    factories.conversation(csat=5, mcs_fall=31, detail={"comment": "It took three chats."})
    first, second, third = client.get(HERE).context["to_read"]
    assert (first.count, second.count, third.count) == (1, 1, 1)
    assert third.url.startswith("/conversations/?comment=1&period=7d")
    assert first.first_url.startswith(f"/conversations/{low.conversation_id}/?csat=1&csat=2&period=7d&reviewed=no")
    assert client.get(first.url).context["count"] == 1


def test_says_that_nothing_was_rated(client: Client) -> None:
    for _ in range(3):
        factories.conversation()
    response = client.get(HERE)
    few = response.context["few"]
    assert few["text"] == "No ratings in this period. 3 conversations were not rated."
    assert client.get(few["url"]).context["count"] == 3
    assert "data-chart=" not in response.content.decode()


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
@pytest.mark.parametrize("far", [datetime(1970, 1, 1, 1, tzinfo=UTC), datetime(9999, 12, 29, 12, tzinfo=UTC)])
def test_shows_a_day_that_no_address_can_ask_for_without_a_link(client: Client, far: datetime, zone: str) -> None:
    for started_at in (datetime(2026, 5, 4, 12, tzinfo=UTC), far):
        factories.conversation(started_at=started_at, csat=5, mcs=60)
    asked = f"?started_to=2026-12-31&zone={zone}" if far.year == 1970 else f"?started_from=2020-01-01&zone={zone}"
    for path in ("/overview/trend.csv", "/overview/trend.json"):
        assert client.get(f"{path}{asked}").status_code == 200
    rows = client.get(f"/{asked}").context["trend"]["rows"]
    urls = [number.url for row in rows for number in (row.conversations, row.csat, row.rated, row.mcs) if number.url]
    assert [row.conversations.text for row in rows] == ["1", "1"] and len(urls) >= 4
    assert {client.get(url).status_code for url in urls} == {200}


def test_says_that_few_ratings_make_no_trend(client: Client) -> None:
    for _ in range(7):
        factories.conversation(csat=4)
    few = client.get(HERE).context["few"]
    assert few["text"] == "7 ratings in this period: too few for a trend."
    assert client.get(few["url"]).context["count"] == 7


def test_says_that_nothing_matches(client: Client) -> None:
    fill(3)
    html = client.get(f"{HERE}&csat=1&skill=nosuch").content.decode()
    assert "No conversations with" in html
    assert "figure-value" not in html


def test_says_that_reading_has_begun(client: Client) -> None:
    assert "Reading the first conversations from LivePerson." in client.get(HERE).content.decode()


def test_counts_only_what_a_supervisor_may_see(supervisor: User, client_for: ClientFor) -> None:
    mine = factories.agent("Noor Haddad", group=supervisor.scope.groups.get())
    other = factories.agent("Petra Lindqvist", group=factories.group())
    for agents in ([mine], [mine, other], [other], [factories.bot()]):
        factories.conversation(agents=agents, csat=5)
    client = client_for(supervisor)
    context = client.get(HERE).context
    assert context["cards"][0].value.text == "2"
    assert [row.name for row in context["agents"].rows] == ["Noor Haddad"]
    assert context["total"].name == "All that you may see"


def test_tells_who_has_no_group_why_nothing_shows(client_for: ClientFor) -> None:
    fill(2)
    html = client_for(factories.user("stranger")).get(HERE).content.decode()
    assert "You have no agent groups yet" in html


def test_gives_each_agent_the_conversations_credited_to_them(client: Client) -> None:
    fill(50)
    rows = client.get(HERE).context["agents"].rows
    assert [row.name for row in rows] == ["Amos Okoro", "Noor Haddad", "Petra Lindqvist"]
    for row in rows:
        for number in (row.conversations, row.ratings, row.scored):
            assert client.get(number.url).context["count"] == int(number.text)


def test_shows_the_days_of_the_trend_as_a_table_with_links(client: Client) -> None:
    fill(60)
    rows = client.get("/?period=7d&zone=America/New_York").context["trend"]["rows"]
    assert len(rows) == 7
    for row in rows:
        for number in (row.conversations, row.rated, row.scored):
            assert int(number.text) == (client.get(number.url).context["count"] if number.url else 0)


def test_asks_as_often_for_many_conversations_as_for_few(client: Client) -> None:
    fill(3, csat=1, mcs_fall=40, mcs=10, started_at=timezone.now() - timedelta(hours=2))
    client.get(HERE)
    asked = []
    for more in (5, 50):
        fill(more)
        with CaptureQueriesContext(connection) as captured:
            client.get(HERE)
        asked.append(len(captured))
    # Where rows are many, the first of them are found at the first look.
    assert asked[1] <= asked[0] <= 40


def test_has_nothing_that_the_policy_would_refuse(client: Client) -> None:
    fill(30)
    html = client.get(HERE).content.decode()
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|<script(?![^>]*src=)", html)
    assert 'id="plotly.js-style-global" class="no-inline-styles"' in html


@pytest.mark.parametrize("days", [30, 10, 3])
def test_compares_and_vouches_only_for_what_was_read(client: Client, days: int) -> None:
    factories.conversation()
    read_whole(days)
    context = client.get("/?period=7d&zone=UTC").context
    assert (context["before"] is None) == (days < 14)
    assert bool(context["incomplete"]) == (days < 7)
