"""Where a person starts: the overview, or any view."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from dashboard.models import Preference
from tests import factories
from tests.dashboard.test_saved_views import LOW, saved, text_of


@pytest.fixture
def client(analyst: User, client_for) -> Client:
    return client_for(analyst)


def brand(text: str) -> str:
    return text.split('class="brand" href="')[1].split('"')[0]


def test_starts_on_the_overview(client: Client) -> None:
    assert brand(text_of(client, "/conversations/")) == "/"
    assert client.get("/views/start/").url == "/"


def test_starts_on_a_view_that_was_made_the_start_page(client: Client, analyst: User) -> None:
    view = saved(analyst)
    assert client.post("/views/start/", {"view": str(view.pk)}).url == "/views/"
    text = text_of(client, "/views/")
    assert "Your start page." in text and brand(text) == "/views/start/"
    assert client.get("/views/start/").url == f"/conversations/?{LOW}&zone=UTC&view={view.pk}"


def test_starts_there_after_signing_in(analyst: User) -> None:
    Preference.objects.create(user=analyst, start_view="low-ratings")
    client = Client()
    answer = client.post("/login/", {"username": analyst.username, "password": factories.PASSWORD})
    assert answer.url == "/views/start/"
    assert client.get(answer.url).url.endswith("view=low-ratings")
    to_me = Client().post("/login/", {"username": analyst.username, "password": factories.PASSWORD, "next": "/me/"})
    assert to_me.url == "/me/"


def test_goes_back_to_the_overview(client: Client, analyst: User) -> None:
    Preference.objects.create(user=analyst, start_view="low-ratings", theme="dark")
    assert "Start on the overview again" in text_of(client, "/views/")
    client.post("/views/start/", {"view": ""})
    preference = Preference.objects.get(user=analyst)
    assert (preference.start_view, preference.theme) == ("", "dark")


@pytest.mark.parametrize("key", ["999", "none-such", "\0", "9" * 40])
def test_takes_no_view_that_there_is_not(client: Client, key: str) -> None:
    assert client.post("/views/start/", {"view": key}).status_code == 404
    assert not Preference.objects.exists()


def test_takes_no_view_of_somebody_else(client: Client, administrator: User) -> None:
    assert client.post("/views/start/", {"view": str(saved(administrator).pk)}).status_code == 404


def test_starts_on_the_overview_once_the_view_is_gone_or_shared_no_more(
    client: Client, analyst: User, administrator: User
) -> None:
    view = saved(administrator, is_shared=True)
    Preference.objects.create(user=analyst, start_view=str(view.pk))
    assert client.get("/views/start/").url.endswith(f"view={view.pk}")
    view.is_shared = False
    view.save()
    assert client.get("/views/start/").url == "/"
    view.delete()
    assert client.get("/views/start/").url == "/"


CHOSEN = {"theme": "dark", "row_height": "roomy", "opens_at": "fall"}


def test_is_chosen_on_the_page_of_preferences_too(client: Client, analyst: User, administrator: User) -> None:
    view = saved(analyst)
    saved(administrator, "Secret")
    text = text_of(client, "/me/")
    assert f'<option value="{view.pk}">Rated 1 or 2</option>' in text and "Secret" not in text
    client.post("/me/", {**CHOSEN, "start_view": str(view.pk)})
    assert Preference.objects.get(user=analyst).start_view == str(view.pk)
    assert f'<option value="{view.pk}" selected>' in text_of(client, "/me/")


def test_refuses_an_unknown_one_there(client: Client) -> None:
    answer = client.post("/me/", {**CHOSEN, "start_view": "999"})
    assert answer.status_code == 400 and 'role="alert"' in answer.content.decode()
