"""Saved views: keeping, listing, changing, sharing and deleting them."""

import re

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dashboard import columns
from dashboard.models import SavedView
from dashboard.saved import offers, page
from interactions.models import Scope
from tests import factories

LOW = "csat=1&csat=2&period=7d"


def saved(owner: User, name: str = "Rated 1 or 2", querystring: str = f"{LOW}&zone=UTC", **fields) -> SavedView:
    given = {"columns": list(columns.USUAL), **fields}
    return SavedView.objects.create(owner=owner, name=name, querystring=querystring, **given)


@pytest.fixture
def client(analyst: User, client_for) -> Client:
    return client_for(analyst)


def text_of(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_keeps_the_question_with_its_zone_and_its_period_relative(client: Client, analyst: User) -> None:
    Scope.objects.filter(user=analyst).update(zone="Europe/Paris")
    answer = client.post(f"/views/new/?{LOW}&sort=csat&page=", {"name": "  Rated  1 or 2 ", "is_shared": ""})
    view = SavedView.objects.get()
    assert answer.url == f"/views/{view.pk}/"
    assert (view.owner, view.name, view.is_shared) == (analyst, "Rated 1 or 2", False)
    assert view.querystring == f"{LOW}&sort=csat&zone=Europe%2FParis"
    assert view.columns == list(columns.USUAL)


def test_keeps_neither_the_page_nor_the_view_that_was_open(client: Client, analyst: User) -> None:
    other = saved(analyst, "Other")
    rows = [factories.conversation() for _ in range(51)]
    following = re.search(r'href="/conversations/\?([^"]+)">Next<', text_of(client, f"/conversations/?view={other.pk}"))
    assert following and rows
    client.post(f"/views/new/?{following[1].replace('&amp;', '&')}&columns=started_at.nps", {"name": "All"})
    view = SavedView.objects.get(name="All")
    assert view.querystring == "zone=UTC" and view.columns == ["started_at", "nps"]


def test_opens_at_the_lists_own_address(client: Client, analyst: User) -> None:
    view = saved(analyst)
    assert client.get(f"/views/{view.pk}/").url == f"/conversations/?{LOW}&zone=UTC&view={view.pk}"


def test_shares_a_view_with_everyone_where_that_is_chosen(client: Client) -> None:
    client.post("/views/new/", {"name": "All", "is_shared": "1"})
    assert SavedView.objects.get().is_shared


@pytest.mark.parametrize("name", ["Rated 1 or 2", "rated 1 OR 2", " Rated 1  or 2"])
def test_refuses_a_second_view_of_the_same_name(client: Client, analyst: User, name: str) -> None:
    saved(analyst)
    answer = client.post("/views/new/?status=open", {"name": name, "is_shared": "1"})
    text = answer.content.decode()
    assert answer.status_code == 400 and SavedView.objects.count() == 1
    assert "You already have a view named Rated 1 or 2." in text and 'role="alert"' in text
    assert 'name="is_shared" value="1" checked' in text and 'aria-invalid="true"' in text


def test_compares_names_of_every_alphabet_without_case(client: Client, analyst: User) -> None:
    saved(analyst, "Élevé")
    assert client.post("/views/new/", {"name": "ÉLEVÉ"}).status_code == 400


@pytest.mark.parametrize(("name", "reason"), [("", "Give the view a name."), ("x" * 81, "80"), ("a\0b", "Null")])
def test_refuses_a_name_that_is_none(client: Client, name: str, reason: str) -> None:
    answer = client.post("/views/new/", {"name": name})
    assert answer.status_code == 400 and reason in answer.content.decode()
    assert not SavedView.objects.exists()


def test_lets_two_people_use_one_name(client: Client, administrator: User) -> None:
    saved(administrator, is_shared=True)
    assert client.post("/views/new/", {"name": "Rated 1 or 2"}).status_code == 302


def test_says_so_too_when_the_same_name_is_kept_in_the_same_moment(client: Client, monkeypatch) -> None:
    def lose(self: SavedView, *args, **kwargs) -> None:
        raise IntegrityError

    monkeypatch.setattr(SavedView, "save", lose)
    answer = client.post("/views/new/", {"name": "Rated 1 or 2"})
    assert answer.status_code == 400 and "You already have a view named Rated 1 or 2." in answer.content.decode()


def test_holds_the_rules_in_the_database(analyst: User) -> None:
    saved(analyst)
    for wrong in ("RATED 1 or 2", ""):
        with pytest.raises(IntegrityError), transaction.atomic():
            saved(analyst, wrong)


def test_leads_to_the_list_where_the_question_is_wrong(client: Client) -> None:
    assert client.post("/views/new/?colour=red", {"name": "Red"}).url == "/conversations/?colour=red"
    assert client.get("/views/new/?sort=shuffle").url == "/conversations/?sort=shuffle"
    assert not SavedView.objects.exists()


def test_says_on_the_form_what_is_saved(client: Client) -> None:
    text = text_of(client, "/views/new/?csat=1")
    assert "Conversations with CSAT 1, newest first." in text and 'href="/conversations/?csat=1">Cancel' in text


def test_lists_mine_shared_and_built_in_with_their_sentences(client: Client, analyst: User, administrator: User):
    saved(analyst, "My <b>list")
    saved(administrator, "For all", "status=open&zone=UTC", is_shared=True)
    saved(administrator, "Secret")
    text = text_of(client, "/views/")
    assert "My &lt;b&gt;list" in text and "<b>list" not in text
    assert "Conversations with CSAT 1 or 2 and started in the last 7 days, newest first." in text
    assert f"Shared by <bdi>{administrator.username}</bdi>" in text
    assert "Conversations with status open, newest first." in text and "Secret" not in text
    for name in ("Rated 1 or 2, last 7 days", "Collapsed: fall of 30 or more", "Open and waiting"):
        assert name in text


def test_offers_a_built_in_view_once_its_parameter_is_built(monkeypatch, analyst: User) -> None:
    monkeypatch.setattr(offers, "BUILT_IN", (("a", "A", "csat=1"), ("b", "B", "not_built_yet=1")))
    assert [offer.name for offer in offers.offers(analyst)] == ["A"]
    assert offers.find(analyst, "b") is None


def test_finds_who_waits_in_a_queue_and_what_fell(client: Client) -> None:
    factories.conversation(status="open", queue="in_queue")
    factories.conversation(status="open", queue="active")
    factories.conversation(mcs_fall=30)
    factories.conversation(mcs_fall=29)
    counts = {key: client.get(f"/views/{key}/count.json").json()["count"] for key in ("waiting", "collapsed")}
    assert counts == {"waiting": 1, "collapsed": 1}


def test_opens_a_built_in_view_in_the_readers_zone(client: Client, analyst: User) -> None:
    Scope.objects.filter(user=analyst).update(zone="Asia/Tokyo")
    url = client.get("/views/low-ratings/").url
    assert url == "/conversations/?csat=1&csat=2&period=7d&sort=csat&zone=Asia%2FTokyo&view=low-ratings"


def test_counts_what_the_reader_may_see(supervisor: User, analyst: User, client_for) -> None:
    factories.conversation(csat=1, agents=[factories.agent(group=supervisor.scope.groups.get())])
    factories.conversation(csat=1, agents=[factories.agent(group=factories.group())])
    view = saved(analyst, is_shared=True)
    counts = [client_for(user).get(f"/views/{view.pk}/count.json").json()["count"] for user in (analyst, supervisor)]
    assert counts == [2, 1]


def test_asks_as_often_for_every_count(client: Client, analyst: User, django_assert_num_queries) -> None:
    view = saved(analyst)
    client.get(f"/views/{view.pk}/count.json")
    for _ in range(3):
        factories.conversation(csat=1)
        # PostgreSQL is told how long the count may take, in a savepoint here; SQLite whether an index leads to few.
        with django_assert_num_queries(4 if connection.vendor == "sqlite" else 8):
            client.get(f"/views/{view.pk}/count.json")


def test_asks_the_database_as_often_for_twenty_views_as_for_two(client: Client, analyst: User, administrator) -> None:
    people = [factories.agent(), factories.agent()]

    def fill(number: int) -> None:
        for _ in range(number):
            count = SavedView.objects.count()
            who = people[count % 2].liveperson_id
            skill, group = factories.skill().liveperson_id, factories.group().liveperson_id
            address = f"agent={who}&group={group}&skill={skill}&zone=UTC"
            saved((analyst, administrator)[count % 2], f"View {count}", address, is_shared=True)

    def queries() -> int:
        client.get("/views/")
        with CaptureQueriesContext(connection) as seen:
            client.get("/views/")
        return len(seen)

    fill(2)
    few = queries()
    fill(18)
    # Apart from each view's own count. PostgreSQL is told how long it may take, in a savepoint here; SQLite to how many
    # rows the indexes of group and skill lead.
    assert queries() == few + 18 * (3 if connection.vendor == "sqlite" else 5)


def test_counts_beside_the_names_without_a_script(client: Client, analyst: User) -> None:
    for _ in range(2):
        factories.conversation(csat=1)
    factories.conversation(csat=5)
    saved(analyst)
    saved(analyst, "Wrong", "csat=9")
    found = re.findall(r"view-count\">(.*)</p>", text_of(client, "/views/"))
    counts = [re.sub(r"<[^>]+>", "", each).partition(" ")[0] for each in found]
    assert counts == ["2", "", "2", "0", "0", "0"]
    assert "Count them all" not in text_of(client, "/views/")


def test_leaves_a_count_that_takes_long_to_scripts_and_to_a_link(client: Client, analyst: User, monkeypatch) -> None:
    factories.conversation(csat=1)
    view = saved(analyst)
    monkeypatch.setattr(page, "AT_ONCE", page.Patience(0.0, 0.0))
    text = text_of(client, "/views/")
    assert f'data-count-url="/views/{view.pk}/count.json"' in text
    assert 'href="/views/?count=all">Count them all' in text
    assert '1<span class="unseen"> conversation</span>' in text_of(client, "/views/?count=all")
    monkeypatch.setattr(page, "ASKED_FOR", page.Patience(0.0, 0.0))
    assert "counting takes too long" in text_of(client, "/views/?count=all")


@pytest.mark.parametrize("path", ["", "count.json", "edit/", "delete/"])
def test_answers_for_somebody_elses_view_as_for_an_unknown_one(client: Client, administrator: User, path: str) -> None:
    pk = saved(administrator).pk
    assert client.get(f"/views/{pk}/{path}").status_code == 404
    assert client.get(f"/views/{pk + 1}/{path}").status_code == 404
    assert client.get(f"/views/99999999999999999999999/{path}").status_code == 404
    assert client.get(f"/views/none-such/{path}").status_code == 404


@pytest.mark.parametrize("path", ["edit/", "update/", "delete/"])
def test_lets_only_its_owner_change_a_shared_view(client: Client, administrator: User, path: str) -> None:
    view = saved(administrator, is_shared=True)
    assert client.get(f"/views/{view.pk}/").status_code == 302
    assert client.post(f"/views/{view.pk}/{path}", {"name": "Taken"}).status_code == 404
    assert SavedView.objects.get().name == "Rated 1 or 2"
    assert f"/views/{view.pk}/edit/" not in text_of(client, "/views/")


def test_lets_an_administrator_change_a_shared_view_but_no_private_one(
    administrator: User, analyst: User, client_for
) -> None:
    shared, private = saved(analyst, is_shared=True), saved(analyst, "Mine alone")
    client = client_for(administrator)
    assert client.post(f"/views/{shared.pk}/edit/", {"name": "Renamed", "is_shared": "1"}).url == "/views/"
    shared.refresh_from_db()
    assert (shared.name, shared.owner) == ("Renamed", analyst)
    assert client.post(f"/views/{private.pk}/delete/").status_code == 404


def test_renames_and_unshares(client: Client, analyst: User) -> None:
    view = saved(analyst, is_shared=True)
    text = text_of(client, f"/views/{view.pk}/edit/")
    assert 'value="Rated 1 or 2"' in text and 'value="1" checked' in text
    client.post(f"/views/{view.pk}/edit/", {"name": "rated 1 or 2", "is_shared": ""})
    view.refresh_from_db()
    assert (view.name, view.is_shared) == ("rated 1 or 2", False)


def test_keeps_the_old_name_where_the_new_one_is_taken(client: Client, analyst: User) -> None:
    view, _ = saved(analyst), saved(analyst, "Other")
    answer = client.post(f"/views/{view.pk}/edit/", {"name": "other"})
    assert answer.status_code == 400 and "You already have a view named Other." in answer.content.decode()
    view.refresh_from_db()
    assert view.name == "Rated 1 or 2"


def test_asks_before_it_deletes(client: Client, analyst: User) -> None:
    view = saved(analyst)
    text = text_of(client, f"/views/{view.pk}/delete/")
    assert "Delete <bdi>Rated 1 or 2</bdi>?" in text and SavedView.objects.exists()
    answer = client.post(f"/views/{view.pk}/delete/", follow=True)
    assert not SavedView.objects.exists() and "Rated 1 or 2 is deleted." in answer.content.decode()


def test_updates_a_view_to_what_the_list_shows(client: Client, analyst: User) -> None:
    view = saved(analyst)
    answer = client.post(f"/views/{view.pk}/update/?csat=1&sort=mcs&view={view.pk}&columns=started_at.nps")
    assert answer.url == f"/views/{view.pk}/"
    view.refresh_from_db()
    assert (view.querystring, view.columns) == ("csat=1&sort=mcs&zone=UTC", ["started_at", "nps"])


def test_updates_nothing_to_a_wrong_question(client: Client, analyst: User) -> None:
    view = saved(analyst)
    assert client.post(f"/views/{view.pk}/update/?csat=9").url == "/conversations/?csat=9"
    view.refresh_from_db()
    assert view.querystring == f"{LOW}&zone=UTC"


@pytest.mark.parametrize("path", ["update/", "delete/", "edit/"])
def test_changes_nothing_by_a_link(client: Client, analyst: User, path: str) -> None:
    view = saved(analyst)
    client.get(f"/views/{view.pk}/{path}?csat=1")
    view.refresh_from_db()
    assert view.querystring == f"{LOW}&zone=UTC"


def test_shows_operators_every_view_in_the_administration(administrator: User, analyst: User, client_for) -> None:
    view = saved(analyst)
    client = client_for(administrator)
    for path in ("savedview/", f"savedview/{view.pk}/change/", "columnchoice/"):
        assert client.get(f"/admin/dashboard/{path}").status_code == 200


@pytest.mark.parametrize("path", ["/views/", "/views/new/", "/views/start/", "/views/low-ratings/count.json"])
def test_sends_a_stranger_to_sign_in(db: None, path: str) -> None:
    assert Client().get(path).url == f"/login/?next={path}"


def test_says_in_which_zone_a_view_with_days_is_counted(client: Client, analyst: User) -> None:
    saved(analyst, "Dated", "started_from=2026-11-01&zone=Asia/Tokyo")
    saved(analyst, "Undated", "csat=1&zone=Asia/Tokyo")
    text = client.get("/views/").content.decode()
    assert text.count("Times in Asia/Tokyo") == 1
    assert "Times in Asia/Tokyo" in client.get("/views/new/?period=7d&zone=Asia/Tokyo").content.decode()
    assert "Times in" not in client.get("/views/new/?csat=1&zone=Asia/Tokyo").content.decode()
