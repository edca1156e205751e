"""What a person chooses for themselves."""

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dashboard.models import Preference
from interactions.models import Conversation, Scope
from tests import factories

CHOSEN = {"zone": "Europe/Paris", "theme": "dark", "row_height": "roomy", "opens_at": "fall", "single_keys": "on"}


def test_saves_every_choice(analyst: User, client_for) -> None:
    text = client_for(analyst).post("/me/", CHOSEN, follow=True).content.decode()
    saved = Preference.objects.get(user=analyst)
    assert (saved.theme, saved.row_height, saved.opens_at, saved.single_keys) == ("dark", "roomy", "fall", True)
    assert Scope.objects.get(user=analyst).zone == "Europe/Paris"
    assert "Saved." in text and 'data-theme="dark" data-rows="roomy" data-keys="on"' in text


def test_switches_single_keys_off(analyst: User, client_for) -> None:
    client = client_for(analyst)
    client.post("/me/", {name: value for name, value in CHOSEN.items() if name != "single_keys"})
    assert 'data-keys="off"' in client.get("/me/").content.decode()


def test_shows_times_in_the_zone_from_then_on(analyst: User, client_for) -> None:
    client = client_for(analyst)
    client.post("/me/", CHOSEN)
    assert "Times in Europe/Paris" in client.get("/conversations/").content.decode()


@pytest.mark.parametrize(("name", "value"), [("zone", "Mars/Base"), ("theme", "pink"), ("row_height", "")])
def test_refuses_what_it_does_not_know_and_changes_nothing(analyst: User, client_for, name: str, value: str) -> None:
    answer = client_for(analyst).post("/me/", {**CHOSEN, name: value})
    assert answer.status_code == 400 and 'role="alert"' in answer.content.decode()
    assert not Preference.objects.exists() and Scope.objects.get(user=analyst).zone == ""


def test_leaves_the_rest_of_the_scope_alone(supervisor: User, client_for) -> None:
    client_for(supervisor).post("/me/", CHOSEN)
    scope = Scope.objects.get(user=supervisor)
    assert [group.name for group in scope.groups.all()] == ["Delivery team"]
    assert not scope.all_groups and not scope.unassigned_too


def test_shows_a_person_without_a_scope_nothing_more_afterwards(client_for, db: None) -> None:
    newcomer = factories.user("stranger")
    factories.conversation()
    client_for(newcomer).post("/me/", CHOSEN)
    assert Scope.objects.get(user=newcomer).zone == "Europe/Paris"
    assert not Conversation.objects.visible_to(newcomer).exists()


def test_makes_no_scope_where_no_zone_is_chosen(client_for, db: None) -> None:
    newcomer = factories.user("stranger")
    client_for(newcomer).post("/me/", {**CHOSEN, "zone": ""})
    assert not Scope.objects.filter(user=newcomer).exists()


@pytest.mark.parametrize("address", ["/?period=28d&zone=UTC", "/conversations/"])
def test_reads_once_a_page_what_a_person_may_see(client_for, supervisor, address):
    factories.conversation(agents=[factories.agent(group=supervisor.scope.groups.get())])
    client = client_for(supervisor)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    of_scope = [query["sql"] for query in queries if '"interactions_scope"."all_groups"' in query["sql"]]
    assert len(of_scope) == 1
