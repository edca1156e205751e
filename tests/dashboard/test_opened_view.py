"""The list as it shows a view: its name, what was changed since, its columns; and the menu of views."""

import re

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dashboard import columns
from dashboard.models import ColumnChoice, SavedView
from tests import factories
from tests.dashboard.test_columns import headings
from tests.dashboard.test_saved_views import LOW, saved, text_of


@pytest.fixture
def client(analyst: User, client_for) -> Client:
    return client_for(analyst)


@pytest.fixture
def view(analyst: User) -> SavedView:
    return saved(analyst)


def opened(client: Client, view: SavedView, more: str = "") -> str:
    return text_of(client, f"/conversations/?{view.querystring}&view={view.pk}{more}")


def bar(text: str) -> str:
    """What the line about the open view says, with its controls."""
    found = re.search(r'<div class="view-bar">(.*?)</div>', text, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found[1])).strip() if found else ""


def test_names_the_view_that_it_shows(client: Client, view: SavedView) -> None:
    assert bar(opened(client, view)) == "View Rated 1 or 2"
    assert bar(text_of(client, f"/conversations/?{LOW}")) == ""


@pytest.mark.parametrize(
    "address",
    [
        "csat=1&period=7d&zone=UTC",
        f"{LOW}&zone=UTC&sort=csat",
        f"{LOW}&zone=UTC&columns=started_at.nps",
        f"{LOW}&zone=Asia/Tokyo",
        "",
    ],
)
def test_says_that_it_was_changed_by_a_filter_the_order_or_columns(client: Client, view: SavedView, address: str):
    text = text_of(client, f"/conversations/?{address}&view={view.pk}")
    assert bar(text) == "Rated 1 or 2 , changed: Update Save as new Back to the view"
    assert f'href="/views/{view.pk}/">Back to the view' in text


@pytest.mark.parametrize(
    "name", ["skill", "agent", "last_agent", "credited", "group", "tag", "conversation", "channel"]
)
def test_knows_the_view_in_whatever_order_its_values_are_asked(client: Client, analyst: User, name: str) -> None:
    view = saved(analyst, querystring=f"{name}=B&{name}=A")
    assert bar(text_of(client, f"/conversations/?{name}=A&{name}=B&zone=UTC&view={view.pk}")) == "View Rated 1 or 2"
    assert "changed" in bar(text_of(client, f"/conversations/?{name}=A&zone=UTC&view={view.pk}"))


def test_knows_the_view_however_its_address_is_written(client: Client, view: SavedView) -> None:
    same = f"zone=UTC&period=7d&csat=2&csat=1&csat=1&mcs_min=&sort=-started_at&view={view.pk}"
    assert bar(text_of(client, f"/conversations/?{same}")) == "View Rated 1 or 2"
    shown = f"&columns={columns.written(columns.USUAL)}"
    assert bar(opened(client, view, shown)) == "View Rated 1 or 2"


def test_takes_the_view_along_in_every_link_that_changes_it(client: Client, view: SavedView) -> None:
    factories.conversation(csat=2, agents=[factories.agent()])
    text = opened(client, view)
    inside = re.findall(r'href="(/conversations/[^"]*\?[^"]*)"', text)
    assert len(inside) > 8 and all(f"view={view.pk}" in address for address in inside)
    assert f'<input type="hidden" name="view" value="{view.pk}">' in text


def test_leaves_the_view_out_of_files_and_counts(client: Client, view: SavedView) -> None:
    factories.conversation(csat=2)
    text = opened(client, view, "&columns=started_at.nps")
    assert f'href="/conversations.csv?{LOW.replace("&", "&amp;")}&amp;zone=UTC"' in text
    assert f'data-arrivals="/conversations/count.json?{LOW.replace("&", "&amp;")}&amp;zone=UTC"' in text
    assert client.get(f"/conversations.csv?view={view.pk}&columns=nps").status_code == 200


def test_leads_from_the_reader_back_into_the_view(client: Client, view: SavedView) -> None:
    factories.conversation(csat=2, conversation_id="one")
    text = text_of(client, f"/conversations/one/?{view.querystring}&view={view.pk}")
    assert f"view={view.pk}#row-one" in text


def test_updates_from_the_list(client: Client, view: SavedView) -> None:
    text = text_of(client, f"/conversations/?csat=1&zone=UTC&view={view.pk}")
    action = re.search(rf'action="(/views/{view.pk}/update/\?[^"]+)"', text)
    assert action
    shown = client.post(action[1].replace("&amp;", "&"), follow=True).content.decode()
    assert bar(shown) == "View Rated 1 or 2" and SavedView.objects.get().querystring == "csat=1&zone=UTC"


def test_offers_a_reader_of_a_shared_view_everything_but_to_change_it(client: Client, administrator: User) -> None:
    view = saved(administrator, is_shared=True)
    assert bar(opened(client, view)) == f"View Rated 1 or 2 shared by {administrator.username}"
    assert bar(opened(client, view, "&status=open")) == "Rated 1 or 2 , changed: Save as new Back to the view"


def test_shows_each_reader_their_own_part_of_a_shared_view(supervisor: User, analyst: User, client_for) -> None:
    own = factories.conversation(csat=1, agents=[factories.agent("Noor Haddad", supervisor.scope.groups.get())])
    other = factories.conversation(csat=1, agents=[factories.agent("Teun Abara", factories.group("Billing team"))])
    view = saved(analyst, is_shared=True)
    text = client_for(supervisor).get(f"/views/{view.pk}/", follow=True).content.decode()
    assert own.conversation_id in text and other.conversation_id not in text and "Teun Abara" not in text


@pytest.mark.parametrize("key", ["999", "none-such"])
def test_shows_the_list_plainly_under_a_view_that_the_reader_has_not(
    client: Client, administrator: User, key: str
) -> None:
    private = saved(administrator)
    for each in (key, str(private.pk)):
        text = text_of(client, f"/conversations/?csat=1&view={each}")
        assert bar(text) == "" and private.name not in text.replace("Rated 1 or 2, last 7 days", "")


@pytest.mark.parametrize("given", ["x" * 41, "A", "1&view=2", "..%2F"])
def test_refuses_what_cannot_be_a_view(client: Client, given: str) -> None:
    assert client.get(f"/conversations/?view={given}").status_code == 400


def test_shows_a_view_in_its_own_columns(client: Client, analyst: User) -> None:
    factories.conversation(csat=1)
    ColumnChoice.objects.create(user=analyst, columns=["started_at", "mcs"])
    view = saved(analyst, columns=["nps", "started_at"])
    assert headings(opened(client, view)) == ["nps", "started_at"]
    assert headings(text_of(client, "/conversations/?csat=1")) == ["started_at", "mcs"]


def test_shows_a_built_in_view_in_the_persons_columns(client: Client, analyst: User) -> None:
    factories.conversation(csat=1)
    ColumnChoice.objects.create(user=analyst, columns=["started_at", "mcs"])
    answer = client.get("/views/low-ratings/", follow=True)
    assert headings(answer.content.decode()) == ["started_at", "mcs"]
    assert bar(answer.content.decode()) == "View Rated 1 or 2, last 7 days"


def test_counts_other_columns_over_a_view_as_a_change_to_it(client: Client, view: SavedView) -> None:
    tail = f"{view.querystring}&view={view.pk}"
    answer = client.post(f"/columns/?{tail}", {"order": ["started_at", "nps"], "show": ["nps"]})
    assert answer.url == f"/conversations/?{tail}&columns=started_at.nps"
    assert not ColumnChoice.objects.exists()
    back = client.post(f"/columns/?{answer.url.split('?')[1]}", {"usual": "1"})
    assert back.url == f"/conversations/?{tail}"


@pytest.mark.parametrize("slip", ["mcs_min=50&mcs_max=20", "period=7d&started_from=2026-11-01", "csat=9"])
def test_a_slip_of_its_reader_is_none_of_the_view(client: Client, analyst: User, slip: str) -> None:
    view = saved(analyst, "Mine", "csat=1&zone=UTC")
    answer = client.get(f"/conversations/?zone=UTC&view={view.pk}&{slip}")
    text = answer.content.decode()
    assert answer.status_code == 400 and bar(text) == "Mine , changed: Back to the view"
    assert "not any more" not in text and f'class="button" href="/views/{view.pk}/"' in text


def test_says_which_view_asks_for_what_there_is_not_any_more(client: Client, analyst: User) -> None:
    view = saved(analyst, "Old one", "colour=red&zone=UTC")
    answer = client.get(f"/views/{view.pk}/", follow=True)
    text = answer.content.decode()
    assert answer.status_code == 400 and "colour</code> is not a name" in text
    assert "Old one" in bar(text) and f'href="/views/{view.pk}/delete/"' in text
    assert client.get(f"/views/{view.pk}/count.json").json() == {"count": None}
    assert "not any more" in text_of(client, "/views/")


def test_does_not_offer_to_delete_somebody_elses_broken_view(client: Client, administrator: User) -> None:
    view = saved(administrator, "Old one", "colour=red", is_shared=True)
    text = client.get(f"/views/{view.pk}/", follow=True).content.decode()
    assert "Old one" in bar(text) and "Delete" not in bar(text)


def test_offers_views_in_a_menu_that_ends_with_all_of_them(
    client: Client, view: SavedView, administrator: User
) -> None:
    saved(administrator, "For all", is_shared=True)
    saved(administrator, "Secret")
    text = opened(client, view)
    menu = text[text.index("views-menu") : text.index("All views")]
    found = re.findall(r'<a href="(/views/[\w-]+/)"[^>]*><bdi class="clip">([^<]+)</bdi>', menu)
    assert [name for _, name in found][:3] == ["Rated 1 or 2", "For all", "Rated 1 or 2, last 7 days"]
    assert f'href="/views/{view.pk}/" aria-current="true"' in menu
    assert f'data-count-url="/views/{view.pk}/count.json"' in menu and "Secret" not in menu


def test_asks_the_database_once_for_all_views(client: Client, analyst: User, administrator: User) -> None:
    def queries() -> int:
        client.get("/conversations/")
        with CaptureQueriesContext(connection) as seen:
            client.get("/conversations/")
        return len(seen)

    saved(analyst)
    few = queries()
    for number in range(9):
        saved(administrator, f"View {number}", is_shared=True)
    assert queries() == few
